/** Which partner a feed that was added alone belongs to, once its first document has shown its home page. */
import { Injectable } from '@nestjs/common';
import { homeKey, speaksFor } from '#domain/home-key.js';
import type { FeedInHand } from '#storage/feed-in-hand.repository.js';
import { type FeedHome, PartnerHomeRepository, type SettledPartner } from '#storage/partner-home.repository.js';
import { gathered } from '../fetching/gathered.js';

@Injectable()
export class PartnerFinder {
  private readonly settled;

  constructor(homes: PartnerHomeRepository) {
    this.settled = gathered((asked: readonly FeedHome[]) => homes.settleBatch(asked), { atOnce: 1 });
  }

  /**
   * The feed's partner from now on. `joined`: the partner has other feeds, and is not named after this one. Only a home page
   * that the feed's own address speaks for counts: a stranger's feed must not become a part of anybody's house.
   */
  async partnerOf(
    feed: Pick<FeedInHand, 'id' | 'url' | 'partnerId' | 'isFirst'>,
    homeUrl: string | undefined,
  ): Promise<SettledPartner> {
    const asBefore = { partnerId: feed.partnerId, joined: false };
    if (!feed.isFirst || homeUrl === undefined || !speaksFor(feed.url, homeUrl)) return asBefore;
    const key = homeKey(homeUrl);
    if (key === null) return asBefore;
    return (await this.settled.load({ feedId: feed.id, homeKey: key })) ?? asBefore;
  }
}
