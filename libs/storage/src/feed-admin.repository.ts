/** Feeds as operators see and steer them: their health, their rhythm, their end. */
import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import { Database } from './database.js';
import type { OpenFeedSettings } from '#contracts/feed-settings.js';
import { unlessAskedFor } from './feed-hand.js';
import { type FeedPush, PUSH_OF_FEED } from './feed-push.js';
import type { PartnerRights } from '#domain/story-rights.js';
import { type NewFeed, statusOf } from './feed.repository.js';
import type { FeedsTable } from './schema.js';

/** A feed with its partner and whether it is being fetched at this moment. */
export type FeedAdminRow = Omit<
  Selectable<FeedsTable>,
  | 'body_hash'
  | 'titled_by_operator'
  | 'has_settings'
  | 'fetch_generation'
  | 'enqueued_at'
  | 'push_hub'
  | 'push_topic'
  | 'push_wanted'
  | 'kept_on'
  | 'kept_bytes'
> & { partner_slug: string; partner_name: string; is_demo: boolean; is_fetching: boolean; push: FeedPush } & {
  settings: OpenFeedSettings | null;
  partner_rights: PartnerRights;
};

/** `failing`: only feeds whose last fetch failed. */
export interface FeedListQuery {
  limit: number;
  after?: string | undefined;
  partnerId?: string | undefined;
  status?: FeedsTable['status']['__select__'] | undefined;
  failing?: boolean | undefined;
}

/** Absent fields stay as they are; `title: null` and `intervalSeconds: null` give the feed back its own. */
export interface FeedPatch {
  url?: string | undefined;
  title?: string | null | undefined;
  intervalSeconds?: number | null | undefined;
  paused?: boolean | undefined;
  partnerId?: string | undefined;
  /** Further changes of the feed, made with these: it must not be fetched with only a part of them. */
  alongside?: NewFeed['alongside'];
}

const COLUMNS = [
  'feeds.id',
  'feeds.partner_id',
  'feeds.url',
  'feeds.status',
  'feeds.status_reason',
  'feeds.title',
  'feeds.site_url',
  'feeds.format',
  'feeds.language',
  'feeds.discovered_from',
  'feeds.interval_seconds',
  'feeds.news_since',
  'feeds.etag',
  'feeds.last_modified',
  'feeds.next_fetch_at',
  'feeds.next_fetch_reason',
  'feeds.last_fetched_at',
  'feeds.last_success_at',
  'feeds.last_fetch_id',
  'feeds.consecutive_failures',
  'feeds.last_error_class',
  'feeds.last_error',
  'feeds.schedule_hints',
  'feeds.item_spacing_seconds',
  'feeds.newest_item_at',
  'feeds.answer_facts',
  'feeds.push_until',
  'feeds.host',
  'feeds.has_host_slot',
  'feeds.moved_to',
  'feeds.moved_since',
  'feeds.moved_fetches',
  'feeds.moved_note',
  'feeds.former_url',
  'feeds.created_at',
  'feeds.updated_at',
  'feeds.partner_reason',
  'feed_settings.settings',
  'partners.slug as partner_slug',
  'partners.name as partner_name',
  'partners.is_demo',
  'partners.rights as partner_rights',
] as const;

/** The validators of another document are worthless, and a fetch that is under way must not bring them back. */
const AS_IF_NEVER_FETCHED = {
  etag: null,
  last_modified: null,
  body_hash: null,
  enqueued_at: null,
  moved_to: null,
  moved_since: null,
  moved_fetches: 0,
  moved_note: null,
};

@Injectable()
export class FeedAdminRepository {
  constructor(private readonly database: Database) {}

  /** Newest first; one row more than `limit` when there is more. */
  async list({ limit, after, partnerId, status, failing }: FeedListQuery): Promise<FeedAdminRow[]> {
    let query = this.withPartners().orderBy('feeds.id', 'desc');
    if (after !== undefined) query = query.where('feeds.id', '<', after);
    if (partnerId !== undefined) query = query.where('feeds.partner_id', '=', partnerId);
    if (status !== undefined) query = query.where('feeds.status', '=', status);
    if (failing !== undefined) query = query.where('feeds.last_error_class', failing ? 'is not' : 'is', null);
    return query.limit(limit + 1).execute();
  }

  async get(id: string): Promise<FeedAdminRow | undefined> {
    return this.withPartners().where('feeds.id', '=', id).executeTakeFirst();
  }

  /** Feeds in use, those that fail first and the longest failing of them first. */
  async byHealth(limit: number): Promise<FeedAdminRow[]> {
    return this.withPartners()
      .where('feeds.status', '!=', 'retired')
      .orderBy((eb) => eb.case().when('feeds.last_error_class', 'is', null).then(1).else(0).end())
      .orderBy('feeds.consecutive_failures', 'desc')
      .orderBy('feeds.last_fetched_at', (order) => order.desc().nullsLast())
      .limit(limit)
      .execute();
  }

  /**
   * False when there is no such feed; 'url-taken': another one has the new URL since a moment ago. A new URL forgets the old
   * one's validators and is fetched at once.
   */
  async update(id: string, patch: FeedPatch): Promise<boolean | 'url-taken'> {
    try {
      return await this.database.transaction(async (trx) => {
        const result = await trx.updateTable('feeds').set(columnsOf(patch)).where('id', '=', id).executeTakeFirst();
        if (result.numUpdatedRows === 0n) return false;
        await patch.alongside?.(trx, id);
        return true;
      });
    } catch (error) {
      if ((error as { constraint?: string }).constraint === 'feeds_url_key') return 'url-taken';
      throw error;
    }
  }

  /** Ends a feed for good; its stories and its history stay. False when there is no such feed. */
  async retire(id: string): Promise<boolean> {
    const result = await this.database.db
      .updateTable('feeds')
      .set({ status: 'retired', status_reason: 'removed by an operator', updated_at: sql`now()` })
      .where('id', '=', id)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  /**
   * Brings a retired feed back as if it were new, changed by `patch`: due at once unless that pauses it, its backlog silent
   * again. False when it is not retired; then nothing is changed.
   */
  async revive(id: string, newsSince: Date, patch: Omit<FeedPatch, 'url'> = {}): Promise<boolean> {
    return this.database.transaction(async (trx) => {
      const result = await trx
        .updateTable('feeds')
        .set({
          ...columnsOf(patch),
          ...statusOf(patch.paused ?? false),
          news_since: newsSince,
          ...AS_IF_NEVER_FETCHED,
          consecutive_failures: 0,
          last_error_class: null,
          last_error: null,
          next_fetch_at: sql`now()`,
          next_fetch_reason: 'added again',
        })
        .where('id', '=', id)
        .where('status', '=', 'retired')
        .executeTakeFirst();
      if (result.numUpdatedRows === 0n) return false;
      await patch.alongside?.(trx, id);
      return true;
    });
  }

  /** Removed by an operator. */
  async isRetired(id: string): Promise<boolean> {
    const row = await this.database.db.selectFrom('feeds').select('status').where('id', '=', id).executeTakeFirst();
    return row?.status === 'retired';
  }

  /** The id of the feed with this URL, if there is one. */
  async idByUrl(url: string): Promise<string | undefined> {
    const row = await this.database.db.selectFrom('feeds').select('id').where('url', '=', url).executeTakeFirst();
    return row?.id;
  }

  /** Makes a feed due now; with `REFRESH_REASON` the scheduler takes a paused one too, even if nobody can be told. */
  async makeDue(id: string, reason: string): Promise<void> {
    await this.database.db
      .updateTable('feeds')
      .set({ next_fetch_at: sql`least(next_fetch_at, now())`, next_fetch_reason: reason })
      .where('id', '=', id)
      .execute();
  }

  private withPartners() {
    return this.database.db
      .selectFrom('feeds')
      .innerJoin('partners', 'partners.id', 'feeds.partner_id')
      .leftJoin('feed_settings', 'feed_settings.feed_id', 'feeds.id')
      .select(COLUMNS)
      .select(PUSH_OF_FEED)
      .select(sql<boolean>`feeds.enqueued_at IS NOT NULL`.as('is_fetching'));
  }
}

/** What makes an operator expect a fetch: a new address, a new rhythm, the end of a pause. */
function columnsOf({ url, title, intervalSeconds, paused, partnerId }: FeedPatch) {
  return {
    updated_at: sql<Date>`now()`,
    ...(url === undefined ? {} : { url, ...AS_IF_NEVER_FETCHED }),
    ...(title === undefined ? {} : { title, titled_by_operator: title !== null }),
    ...(partnerId === undefined ? {} : { partner_id: partnerId, partner_reason: null }),
    ...(intervalSeconds === undefined ? {} : { interval_seconds: intervalSeconds }),
    ...(paused === undefined ? {} : statusOf(paused)),
    ...dueNow({ url, intervalSeconds, paused }),
  };
}

function dueNow({ url, intervalSeconds, paused }: FeedPatch) {
  const reason =
    url !== undefined
      ? 'the address was changed by an operator'
      : paused === false
        ? 'resumed by an operator'
        : intervalSeconds !== undefined
          ? 'the interval was changed by an operator'
          : undefined;
  return reason === undefined ? {} : { next_fetch_at: sql<Date>`now()`, next_fetch_reason: unlessAskedFor(reason) };
}
