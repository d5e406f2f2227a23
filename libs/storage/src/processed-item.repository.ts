/** Items as the processor reads them and marks them done. */
import { Injectable } from '@nestjs/common';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { ParsedItem } from '#contracts/parsed-feed.js';
import { Database } from './database.js';
import type { PartnerRights } from '#domain/story-rights.js';
import type { FeedsTable, ItemsTable, Schema } from './schema.js';

/** A version of an item that waits to be processed, with what is known of its feed and partner. */
export interface UnprocessedItem {
  id: string;
  version: number;
  fetchId: string;
  correlationId: string;
  parsed: ParsedItem;
  publishedAt: Date | null;
  receivedAt: Date;
  quietReason: string | null;
  /** An operator released this version: no rule drops or holds it. */
  isReleased: boolean;
  /** Rules decided something of an earlier version, or of this one before. */
  isRuled: boolean;
  /** The newest version was judged and let in: else it is held, dropped, failed or waits, and nothing of it may be shown. */
  isAccepted: boolean;
  /** Its partner took it back: whatever is new in it is of no interest. */
  isWithdrawn: boolean;
  feed: ItemFeed;
  partner: ItemPartner;
}

export interface ItemFeed {
  id: string;
  url: string;
  siteUrl: string | null;
  language: string | null;
  status: FeedsTable['status']['__select__'];
}

export interface ItemPartner {
  id: string;
  slug: string;
  name: string;
  siteUrl: string | null;
  priority: number;
  rights: PartnerRights;
  isDemo: boolean;
}

/** Why a version of a withdrawn item is dropped. */
export const ITEM_TAKEN_BACK = 'its partner withdrew it';

/** What processing made of an item's version. */
export interface ProcessedItem {
  id: string;
  version: number;
  state: ItemsTable['state']['__select__'];
  reason: string | null;
}

/** That the newest version of items `i` is part of what its story says. */
export const IS_ACCEPTED = sql`(i.processed_version >= i.version AND i.refused_by IS NULL)`;

/** An `UnprocessedItem` of items `i`, feeds `f` and partners `p`. */
export const ITEM_COLUMNS = sql`
  i.id, i.version, i.fetch_id AS "fetchId", i.correlation_id AS "correlationId", i.parsed,
  i.published_at AS "publishedAt", i.received_at AS "receivedAt", i.quiet_reason AS "quietReason",
  i.withdrawn_at IS NOT NULL AS "isWithdrawn", i.released_version = i.version AS "isReleased", ${IS_ACCEPTED} AS "isAccepted",
  EXISTS (SELECT FROM rule_outcomes o WHERE o.item_id = i.id) AS "isRuled",
  json_build_object('id', f.id, 'url', f.url, 'formerUrl', f.former_url, 'siteUrl', f.site_url, 'language', f.language, 'status', f.status) AS feed,
  json_build_object('id', p.id, 'slug', p.slug, 'name', p.name, 'siteUrl', p.site_url,
    'priority', p.priority, 'rights', p.rights, 'isDemo', p.is_demo) AS partner`;

/** Items `i` that the processor may judge again: what a feed's rules or an operator dropped stays dropped. */
export const NOT_DROPPED_FOR_GOOD = sql`coalesce(i.refused_by NOT IN ('feed-rules', 'operator'), true)`;

@Injectable()
export class ProcessedItemRepository {
  constructor(private readonly database: Database) {}

  /**
   * The oldest items that these fetches brought or changed and that nobody has processed yet. Limited before they are
   * joined: a long backlog must not be put together whole for each batch of it.
   */
  async loadUnprocessed(fetchIds: readonly string[], limit: number): Promise<UnprocessedItem[]> {
    const { rows } = await sql<UnprocessedItem>`
      SELECT ${ITEM_COLUMNS}
        FROM (SELECT * FROM items
               WHERE fetch_id = ANY(${fetchIds}) AND processed_version < version ORDER BY id LIMIT ${limit}) i
        JOIN feeds f ON f.id = i.feed_id JOIN partners p ON p.id = i.partner_id
       ORDER BY i.id`.execute(this.database.db);
    return rows;
  }

  /**
   * Locks items, in the order in which the ingestor locks them, and answers those whose given version is still the
   * newest and unprocessed: with the story they are in, if any. `again`: those that are processed, and that neither their feed's rules nor
   * an operator dropped.
   */
  async lockUnprocessed(
    trx: Transaction<Schema>,
    items: readonly { id: string; version: number }[],
    again = false,
  ): Promise<Map<string, string | null>> {
    const { rows } = await sql<{ id: string; storyId: string | null }>`
      SELECT i.id, (SELECT si.story_id FROM story_items si WHERE si.item_id = i.id) AS "storyId"
        FROM items i
        JOIN unnest(${items.map(({ id }) => id)}::uuid[], ${items.map(({ version }) => version)}::int[]) AS v(id, version)
          ON v.id = i.id
       WHERE i.version = v.version AND i.withdrawn_at IS NULL AND CASE WHEN ${again}::boolean
           THEN i.processed_version >= i.version AND ${NOT_DROPPED_FOR_GOOD} ELSE i.processed_version < i.version END
       ORDER BY i.feed_id, i.identity_key COLLATE "C"
         FOR NO KEY UPDATE OF i`.execute(trx);
    return new Map(rows.map((row) => [row.id, row.storyId]));
  }

  /** Locks items, in the same order, and answers the ids of those that are as they were read: that version, processed, in that state. */
  async lockUnchanged(
    trx: Transaction<Schema>,
    items: readonly { id: string; version: number; state: string; stateReason: string | null }[],
  ): Promise<Set<string>> {
    const asRead = items.map(({ id, version, state, stateReason: reason }) => ({ id, version, state, reason }));
    const { rows } = await sql<{ id: string }>`
      SELECT i.id
        FROM items i
        JOIN json_to_recordset(${JSON.stringify(asRead)}::json) AS r(id uuid, version int, state text, reason text) ON r.id = i.id
       WHERE i.version = r.version AND i.processed_version >= i.version AND i.withdrawn_at IS NULL
         AND i.state = r.state AND i.state_reason IS NOT DISTINCT FROM r.reason AND ${NOT_DROPPED_FOR_GOOD}
       ORDER BY i.feed_id, i.identity_key COLLATE "C"
         FOR NO KEY UPDATE OF i`.execute(trx);
    return new Set(rows.map(({ id }) => id));
  }

  /**
   * Only where that version has not been processed yet (or with `again` is the newest), and no newer one: the same result
   * however often it runs. An item that was put back since is not dropped for having been withdrawn; one that is withdrawn still keeps the
   * reason that was given.
   */
  async markProcessed(
    items: readonly ProcessedItem[],
    executor: Kysely<Schema> | Transaction<Schema> = this.database.db,
    again = false,
  ): Promise<void> {
    if (items.length === 0) return;
    await sql`
      UPDATE items i SET processed_version = r.version, processed_at = now(),
             state = CASE WHEN i.version = r.version THEN r.state ELSE i.state END,
             state_reason = CASE WHEN i.version <> r.version THEN i.state_reason
               WHEN r.reason = ${ITEM_TAKEN_BACK}::text THEN coalesce(i.withdrawn_reason, r.reason) ELSE r.reason END,
             refused_by = CASE WHEN i.version <> r.version THEN i.refused_by WHEN r.state <> 'in-story' THEN 'processing' END
        FROM json_to_recordset(${JSON.stringify(items)}::json) AS r(id uuid, version int, state text, reason text)
       WHERE i.id = r.id AND (i.processed_version < r.version OR (${again}::boolean AND i.version = r.version))
         AND (i.withdrawn_at IS NOT NULL OR r.reason IS DISTINCT FROM ${ITEM_TAKEN_BACK}::text)`.execute(executor);
  }
}
