/** What a fetch means beyond its own outcome: for the feed's address, for its host, and for our opinion of our own network. */
import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import type { FeedInHand } from '#storage/feed-in-hand.repository.js';
import { FeedMoveRepository } from '#storage/feed-move.repository.js';
import { HostSlotRepository } from '#storage/host-slot.repository.js';
import type { FetchResult } from './feed-fetcher.js';
import { OwnNetwork } from './own-network.js';

@Injectable()
export class FetchSequel {
  private readonly logger = new Logger('Fetch');

  constructor(
    private readonly network: OwnNetwork,
    private readonly moves: FeedMoveRepository,
    private readonly hosts: HostSlotRepository,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * After an outcome was stored. Never throws: what is lost here is noticed again with the next fetch. An ordinary fetch
   * costs nothing.
   */
  async follow(feed: FeedInHand, result: FetchResult): Promise<void> {
    const outcome = 'quiet' in result ? result.quiet : result.document.outcome;
    const failure = 'quiet' in result ? result.quiet.failure : null;
    try {
      if (failure !== null) await this.afterFailure(feed, outcome.fetchId, failure.errorClass, outcome.answerFacts);
      else await this.afterAnswer(feed, outcome.fetchId, result.movedTo ?? null);
    } catch (error) {
      this.logger.warn({ msg: 'what follows from a fetch could not be stored', feedId: feed.id, error: String(error) });
    }
  }

  private async afterFailure(
    feed: FeedInHand,
    fetchId: string,
    errorClass: string,
    facts: { retryAfterSeconds?: number } | null,
  ): Promise<void> {
    await this.network.stored(feed, fetchId, errorClass);
    if (facts?.retryAfterSeconds !== undefined && this.config.retryAfterScope === 'host')
      await this.hosts.close(new URL(feed.url).host, facts.retryAfterSeconds);
  }

  private async afterAnswer(feed: FeedInHand, fetchId: string, movedTo: string | null): Promise<void> {
    if (movedTo === null && feed.movedTo === null) return;
    const proof = { fetches: this.config.redirectConfirmFetches, hours: this.config.redirectConfirmHours };
    const verdict = await this.moves.note({ feedId: feed.id, fetchId, movedTo }, proof);
    if (verdict.kind === 'moved')
      this.logger.log({ msg: 'a feed has moved for good', feedId: feed.id, from: verdict.from, to: verdict.to });
  }
}
