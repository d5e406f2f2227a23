/** Takes what hubs push: whole, signed, one at a time for each feed, and answers after it is stored (WebSub, 7). */
import type { Readable } from 'node:stream';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { decodeBody } from '#http-client/body-decoder.js';
import type { ByteAccount } from '#http-client/byte-budget.js';
import { OutboundError } from '#http-client/outbound-error.js';
import { FeedSubscriptionRepository } from '#storage/feed-subscription.repository.js';
import { MAX_BYTES } from '../fetching/feed-fetcher.js';
import { Lanes } from './lanes.js';
import { BodyRefused, type BodyTrouble, PushBodies } from './push-bodies.js';
import { PushMetrics } from './push-metrics.js';
import { isSignedWith } from './push-signature.js';
import { PushStore, type PushResult } from './push-store.js';
import { subscriptionSecret } from './subscription-keys.js';
import { pushed } from './subscription-state.js';

/** The request of a hub. Header names in lower case. */
export interface Push {
  headers: { [name: string]: string | string[] | undefined };
  body: Readable;
}

const DEADLINE_MS = 15_000;
/** Pushes under way at once, of one subscription and of all. */
const PER_SUBSCRIPTION = 8;
const AT_ONCE = 64;
/** When all places are taken, a body that has been coming in for longer makes room: slow senders keep nobody out. */
const GRACE_MS = 1_000;
const MEMORY_BYTES = 64 * 1024 * 1024;
const STATUS_OF_TROUBLE: Record<BodyTrouble, number> = { 'too-large': 413, late: 408, busy: 503, cut: 400 };

@Injectable()
export class PushReceiver implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Push');
  private readonly bodies = new PushBodies(MEMORY_BYTES);
  private readonly lanes = new Lanes(PER_SUBSCRIPTION);
  private readonly arriving = new Map<string, number>();
  private readonly running = new Set<Promise<unknown>>();
  private stopped = false;

  constructor(
    private readonly store: PushStore,
    private readonly subscriptions: FeedSubscriptionRepository,
    private readonly metrics: PushMetrics,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** What has arrived is stored and answered. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    while (this.running.size > 0) await Promise.allSettled(this.running);
  }

  /**
   * The status to answer with. 2xx: stored, or not worth sending again (a wrong signature is ignored, as WebSub asks).
   * 410: not wanted any more. 503: send it again.
   */
  async receive(id: string, push: Push): Promise<number> {
    const arriving = this.arriving.get(id) ?? 0;
    if (this.stopped || arriving >= PER_SUBSCRIPTION) return this.count('busy', 503);
    if (this.running.size >= AT_ONCE && !this.bodies.giveWay(GRACE_MS)) return this.count('busy', 503);
    this.arriving.set(id, arriving + 1);
    const work = this.take(id, push);
    this.running.add(work);
    try {
      return await work;
    } catch (error) {
      if (error instanceof BodyRefused) return this.refused(id, error);
      this.logger.error({ msg: 'a push could not be stored', subscription: id, error: String(error) });
      return this.count('failed', 503);
    } finally {
      this.running.delete(work);
      const left = (this.arriving.get(id) ?? 1) - 1;
      if (left === 0) this.arriving.delete(id);
      else this.arriving.set(id, left);
    }
  }

  private take(id: string, push: Push): Promise<number> {
    const limits = { maxBytes: MAX_BYTES, deadlineMs: DEADLINE_MS };
    return this.bodies.withBody(push.body, limits, async (raw, memory) => {
      const secret = subscriptionSecret(id, this.config.secretKey);
      if (!isSignedWith(secret, one(push.headers['x-hub-signature']), raw)) {
        await this.subscriptions.noteError(id, 'a push without the right signature was ignored');
        return this.count('unsigned', 202);
      }
      const began = performance.now();
      const body = await decoded(raw, one(push.headers['content-encoding']), memory);
      const contentType = one(push.headers['content-type']) ?? null;
      const result = await (this.lanes.run(id, () => this.store.store(id, { body, contentType, memory })) ?? BUSY);
      this.metrics.seconds.observe((performance.now() - began) / 1_000);
      return this.answer(id, result);
    });
  }

  private async refused(id: string, { trouble, message }: BodyRefused): Promise<number> {
    if (trouble === 'too-large' || trouble === 'late') await this.subscriptions.noteError(id, message);
    return this.count(trouble, STATUS_OF_TROUBLE[trouble]);
  }

  private async answer(id: string, result: PushResult): Promise<number> {
    switch (result.kind) {
      case 'stored':
        this.metrics.items.inc({ kind: 'new' }, result.stored.itemsNew);
        this.metrics.items.inc({ kind: 'changed' }, result.stored.itemsChanged);
        this.remember(id);
        return this.count('stored', 204);
      case 'repeated':
        // A poll may have been faster than the hub, which works all the same.
        this.remember(id);
        return this.count('repeated', 204);
      case 'unreadable':
        await this.subscriptions.noteError(id, result.error);
        return this.count('unreadable', 202);
      case 'unknown':
        return this.count('unknown', 410);
      case 'busy':
        return this.count('busy', 503);
    }
  }

  /** That push works is noted beside the answer: the hub need not wait for it, and the next push would say it again. */
  private remember(id: string): void {
    const noted = this.subscriptions
      .change(id, (now, at) => pushed(now, at))
      .catch((error: unknown) =>
        this.logger.warn({ msg: 'a push was not noted', subscription: id, error: String(error) }),
      )
      .finally(() => this.running.delete(noted));
    this.running.add(noted);
  }

  private count(outcome: string, status: number): number {
    this.metrics.pushes.inc({ outcome });
    return status;
  }
}

const BUSY: Promise<PushResult> = Promise.resolve({ kind: 'busy' });

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}

/** Most hubs send content as it is. What cannot be decoded is passed on as it came, and found unreadable. */
async function decoded(raw: Buffer, encoding: string | undefined, memory: ByteAccount): Promise<Buffer> {
  if (encoding === undefined) return raw;
  const meter = (bytes: number): void => {
    if (!memory.take(bytes)) throw new BodyRefused('busy');
  };
  try {
    return (await decodeBody(raw, encoding, { maxBytes: MAX_BYTES, overflow: 'fail' }, meter)).body;
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    if (error.kind === 'too-large') throw new BodyRefused('too-large');
    return raw;
  }
}
