/** Feeds as operators see them: one URL of a partner. When a feed is polled is the claim repository's affair. */
import { Injectable } from '@nestjs/common';
import type { Transaction } from 'kysely';
import { Database } from './database.js';
import { createPartner } from './partner.repository.js';
import type { Schema } from './schema.js';
import { uuidV7 } from './uuid.js';

export interface NewFeed {
  /** http or https; stored as the URL standard writes it, without fragment. */
  url: string;
  /** Without one, the feed gets a partner of its own, named by its host until the first fetch knows its title. */
  partnerId?: string;
  /** Poll rhythm set by the operator; absent: the feed's own, or the hub's. */
  intervalSeconds?: number | null;
  /** Items published longer than this before now are backlog: they make stories, but no story.published webhook. */
  newsWindowSeconds: number;
  /** As the operator calls it, instead of its own. */
  title?: string;
  isDemo?: boolean;
  /** Not to be fetched until it is resumed. */
  paused?: boolean;
  /** Further rows of the feed, written with it: it must not be fetched before they are there. */
  alongside?: (trx: Transaction<Schema>, feedId: string) => Promise<unknown>;
}

/** `created` false: the URL is here already, as `feedId`. */
export interface AddedFeed {
  created: boolean;
  feedId: string;
  partnerId: string;
}

/** Rolls back the partner that was made for a feed which somebody else added at the same moment. */
class AlreadyHere extends Error {}

@Injectable()
export class FeedRepository {
  constructor(private readonly database: Database) {}

  /** Adds a feed, due at once. The URL must be valid. */
  async add(feed: NewFeed): Promise<AddedFeed> {
    const url = feedUrl(feed.url);
    const known = await this.findByUrl(url);
    if (known) return known;
    try {
      return await this.insert(url, feed);
    } catch (error) {
      const other = error instanceof AlreadyHere ? await this.findByUrl(url) : undefined;
      if (other) return other;
      throw error;
    }
  }

  private async findByUrl(url: string): Promise<AddedFeed | undefined> {
    const row = await this.database.db
      .selectFrom('feeds')
      .select(['id', 'partner_id'])
      .where('url', '=', url)
      .executeTakeFirst();
    return row && { created: false, feedId: row.id, partnerId: row.partner_id };
  }

  private async insert(url: string, feed: NewFeed): Promise<AddedFeed> {
    const { host, hostname, origin } = new URL(url);
    return this.database.transaction(async (trx) => {
      const partnerId =
        feed.partnerId ??
        (
          await createPartner(trx, {
            name: host,
            slugFrom: hostname.replace(/^www\./, ''),
            namedByOperator: false,
            siteUrl: origin,
            isDemo: feed.isDemo ?? false,
          })
        ).id;
      const row = await trx
        .insertInto('feeds')
        .values({
          id: uuidV7(),
          partner_id: partnerId,
          partner_reason: feed.partnerId === undefined ? `made from the host of its address, ${host}` : null,
          url,
          interval_seconds: feed.intervalSeconds ?? null,
          news_since: new Date(Date.now() - feed.newsWindowSeconds * 1000),
          ...(feed.title === undefined ? {} : { title: feed.title, titled_by_operator: true }),
          ...statusOf(feed.paused ?? false),
        })
        .onConflict((conflict) => conflict.column('url').doNothing())
        .returning('id')
        .executeTakeFirst();
      if (!row) throw new AlreadyHere();
      await feed.alongside?.(trx, row.id);
      return { created: true, feedId: row.id, partnerId };
    });
  }
}

/** Active or paused, as columns. */
export function statusOf(paused: boolean): { status: 'active' | 'paused'; status_reason: string | null } {
  return paused
    ? { status: 'paused', status_reason: 'paused by an operator' }
    : { status: 'active', status_reason: null };
}

/** A feed's URL as it is stored and compared. */
function feedUrl(url: string): string {
  const parsed = new URL(url.trim());
  parsed.hash = '';
  return parsed.href;
}
