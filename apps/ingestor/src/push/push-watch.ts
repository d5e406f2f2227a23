/** What polls tell about pushes: which hub a document names, and that something new was there which nobody pushed. */
import { Injectable, Logger } from '@nestjs/common';
import { FeedSubscriptionRepository } from '#storage/feed-subscription.repository.js';
import type { FetchedDocument, StoredDocument } from '#storage/fetched-document.repository.js';
import { FollowedHubRepository, type NamedHub } from '#storage/followed-hub.repository.js';
import { missed } from './subscription-state.js';

@Injectable()
export class PushWatch {
  private readonly logger = new Logger('Push');

  constructor(
    private readonly hubs: FollowedHubRepository,
    private readonly subscriptions: FeedSubscriptionRepository,
  ) {}

  /** Before a document is stored: after it, an unchanged document would never be read again, and its hub never found. */
  async beforeStore({ outcome, push }: FetchedDocument): Promise<void> {
    if (push && !same(push.known, push.named)) await this.hubs.follow(outcome.feedId, outcome.generation, push.named);
  }

  /** After it was stored. Does what it can: a poll that is not counted makes a broken hub be noticed later. */
  async afterStore({ outcome, push }: FetchedDocument, stored: StoredDocument): Promise<void> {
    if (!push?.known || stored.itemsNew === 0) return;
    try {
      const id = await this.subscriptions.idOfFeed(outcome.feedId);
      if (id === undefined) return;
      const changed = await this.subscriptions.change(id, (now, at) =>
        missed(now, outcome.startedAt, at, Math.random()),
      );
      if (changed?.after !== null && changed?.after !== 'forget' && changed?.after.state === 'broken')
        this.logger.warn({ msg: 'push is broken', feedId: outcome.feedId, hub: push.known.hub });
    } catch (error) {
      this.logger.warn({ msg: 'a missed push could not be counted', feedId: outcome.feedId, error: String(error) });
    }
  }
}

function same(a: NamedHub | null, b: NamedHub | null): boolean {
  return a?.hub === b?.hub && a?.topic === b?.topic;
}
