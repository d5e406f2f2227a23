/** Keeps every feed's subscription as its feed wants it: asks hubs, asks again, renews, leaves; on a timer of the process. */
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CONFIG, type Config, isLoopback } from '#config/config.js';
import { parseUrl } from '#domain/parse-url.js';
import { RepeatedWork } from '#service/repeated-work.js';
import { FeedSubscriptionRepository, type SubscriptionOfFeed } from '#storage/feed-subscription.repository.js';
import { HubClient } from './hub-client.js';
import { PushMetrics } from './push-metrics.js';
import { afterRequest, takeTurn, type Turn } from './subscription-state.js';

const TICK_MS = 1_000;
/** How often all subscriptions are held against their feeds. */
const RECONCILE_EVERY_TICKS = 20;
/** Requests to hubs at once in this process. */
const CONCURRENT_REQUESTS = 20;

@Injectable()
export class SubscriptionKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Push');
  private readonly repeated = new RepeatedWork(() => this.tick(), this.logger, 'subscriptions wait');
  private readonly running = new Set<Promise<void>>();
  private readonly stop = new AbortController();
  private ticks = 0;

  constructor(
    private readonly subscriptions: FeedSubscriptionRepository,
    private readonly hubs: HubClient,
    private readonly metrics: PushMetrics,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    this.repeated.start(TICK_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.repeated.stop();
    await Promise.allSettled(this.running);
  }

  private async tick(): Promise<void> {
    // The first time rather than at the start: a store that is away then must not keep it from being done at all.
    if (this.ticks === 0) await this.subscriptions.rebase(this.config.callbackUrl);
    if (this.ticks % RECONCILE_EVERY_TICKS === 0) await this.subscriptions.reconcile();
    this.ticks++;
    const room = CONCURRENT_REQUESTS - this.running.size;
    if (room <= 0 || this.stop.signal.aborted) return;
    for (const claim of await this.subscriptions.claimDue(room)) {
      const turn = this.serve(claim)
        .catch((error: unknown) =>
          this.logger.warn({ msg: 'a subscription waits', id: claim.id, error: String(error) }),
        )
        .finally(() => this.running.delete(turn));
      this.running.add(turn);
    }
  }

  /** One turn: what is asked for is noted before the hub is asked, because it may verify before it answers. */
  private async serve({ id, generation }: { id: string; generation: number }): Promise<void> {
    let ask: Turn['ask'] = null;
    const noted = await this.subscriptions.change(
      id,
      (now, at) => {
        const turn = takeTurn(now, this.callbackFor(now), at, Math.random());
        ask = turn.ask;
        return turn.next;
      },
      generation,
    );
    const asked = noted?.after;
    if (!noted || ask === null || !asked || asked === 'forget' || asked.callback === null) return;
    const { hub, topic, feedId } = noted.before;
    const answer = await this.hubs.ask({ id, hub, topic, mode: ask, callbackBase: asked.callback }, this.stop.signal);
    // A request that ends with the process says nothing of the hub; it is made again.
    if (this.stop.signal.aborted) return;
    this.metrics.requests.inc({ mode: ask, outcome: answer.kind });
    const outcome = answer.kind === 'accepted' ? {} : { reason: answer.reason };
    this.logger.log({ msg: `hub asked to ${String(ask)}: ${answer.kind}`, feedId, hub, topic, ...outcome });
    await this.subscriptions.change(id, (now, at) => afterRequest(now, answer, at, Math.random()), generation);
  }

  private callbackFor({ hub }: SubscriptionOfFeed): { base: string } | { missing: string } {
    const base = this.config.callbackUrl;
    if (base === '') return { missing: 'hubs cannot call this machine: CALLBACK_URL is not set' };
    const local = isLoopback(new URL(base).hostname) && !isLoopback(parseUrl(hub)?.hostname ?? '');
    if (local) return { missing: `the hub cannot call ${base}: set CALLBACK_URL to an address that it can reach` };
    return { base };
  }
}
