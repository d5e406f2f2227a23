/** Answers how a feed is to be asked and read: at once for nearly all, from the settings of those that have some. */
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import type { FeedInHand } from '#storage/feed-in-hand.repository.js';
import { FeedSettingsRepository, openFeedSecrets } from '#storage/feed-settings.repository.js';
import { gathered } from '../fetching/gathered.js';
import { type FeedManner, feedManner, ORDINARY } from './feed-manner.js';
import { SettingsError } from './settings-error.js';
import { SubscriberCount } from './subscriber-count.js';

@Injectable()
export class SettingsDesk {
  private readonly stored;

  constructor(
    settings: FeedSettingsRepository,
    private readonly subscribers: SubscriberCount,
    @Inject(CONFIG) private readonly config: Pick<Config, 'secretKey'>,
  ) {
    this.stored = gathered((feedIds: readonly string[]) => settings.loadBatch(feedIds), { atOnce: 1 });
  }

  /** The hub's own, with how many it reads for. */
  get userAgent(): string {
    return this.subscribers.userAgent;
  }

  /** @throws {SettingsError} when the secrets cannot be opened. */
  async mannerOf(feed: Pick<FeedInHand, 'id' | 'url' | 'hasSettings'>): Promise<FeedManner> {
    if (!feed.hasSettings) return ORDINARY;
    const stored = await this.stored.load(feed.id);
    if (stored === null) return ORDINARY;
    return feedManner(feed.url, stored, this.secretsOf(feed.id, stored.secretsSealed));
  }

  private secretsOf(feedId: string, sealed: Buffer | null) {
    if (sealed === null) return {};
    try {
      return openFeedSecrets(sealed, this.config.secretKey, feedId);
    } catch (error) {
      throw new SettingsError((error as Error).message);
    }
  }
}
