/** A fetched document with its items, its log line and its feed's new state, stored in one statement. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { ParsedItem, ParseProblem, ScheduleHints } from '#contracts/parsed-feed.js';
import { isOlderItem } from '#domain/older-item.js';
import type { ObservedRhythm } from '#domain/poll-interval.js';
import { Database } from './database.js';
import type { FetchOutcome } from './fetch.repository.js';
import type { NamedHub } from './followed-hub.repository.js';
import type { BlockedItems } from './schema.js';
import { uuidV7 } from './uuid.js';

/** An item as the document has it; text that PostgreSQL can store. */
export interface FetchedItem {
  identityKey: string;
  identityRule: 'guid' | 'url' | 'content';
  /** Hex; tells whether an item that is known has changed. */
  contentHash: string;
  parsed: ParsedItem;
  publishedAt: string | null;
  /** Kept from the item's first version on. */
  quietReason: string | null;
  /** Why the feed's rules refuse it: it is kept for the record, and no story is made of it. */
  blockedReason?: string | null;
}

/** An item that its feed has taken back. `when`: ISO 8601, as its tombstone says, if it does. */
export interface DeletedItem {
  identityKey: string;
  when: string | null;
}

export interface FetchedDocument {
  outcome: FetchOutcome;
  partnerId: string;
  document: { contentType: string | null; url: string; bodyHash: Buffer; bodyGzip: Buffer };
  feed: {
    title: string | null;
    siteUrl: string | null;
    format: string;
    language: string | null;
    scheduleHints: ScheduleHints;
    /** How often items come, and when the last one came; null when their dates do not tell. */
    observed: ObservedRhythm | null;
  };
  /** Gives an auto-created partner the feed's title. */
  isFirst: boolean;
  /** One for each identity key. */
  items: FetchedItem[];
  problems: ParseProblem[];
  /** Items that the feed has taken back: asked of the processor, once until the feed has the item again. */
  deleted?: DeletedItem[];
  /** Set where rules refused items. */
  blocked?: BlockedItems[];
  /** Who pushes the feed's changes: as known before, and as this document says. Not stored with it. */
  push?: { known: NamedHub | null; named: NamedHub | null };
}

/** What a document brought. `hasWork`: an item batch waits for the processor. */
export interface StoredDocument {
  itemsNew: number;
  itemsChanged: number;
  hasWork: boolean;
}

/** Refused by the feed's rules, and part of no story: what is published stays, whatever a rule says later. */
const STAYS_OUT = sql`excluded.state = 'dropped' AND items.state <> 'in-story'
  AND NOT EXISTS (SELECT FROM story_items si WHERE si.item_id = items.id)`;

/** What an item that changed has to go through now, as assignments: nothing, if it stays out. */
export const STATE_OF_CHANGED = sql`state = CASE WHEN ${STAYS_OUT} THEN 'dropped' ELSE 'received' END,
  state_reason = CASE WHEN ${STAYS_OUT} THEN excluded.state_reason END,
  refused_by = CASE WHEN ${STAYS_OUT} THEN excluded.refused_by END,
  processed_version = CASE WHEN ${STAYS_OUT} THEN items.version + 1 ELSE items.processed_version END`;

/**
 * Of a feed's documents, packed, in a day (of UTC): what is beyond is read as ever, and not kept to be read again, or one feed would fill the
 * disk. Polled ones that are so small do not count: there are only so many polls.
 */
const KEPT_A_DAY = 64 * 1024 * 1024;
const ALWAYS_KEPT = 64 * 1024;

/** As the item's feed says them. */
interface KnownDates {
  updated: string | null;
  published: string | null;
}

interface KnownItem {
  hash: string;
  /** Or about to be: its feed took it back, and the processor has not come to it yet. */
  isWithdrawn: boolean;
}

@Injectable()
export class FetchedDocumentRepository {
  constructor(private readonly database: Database) {}

  /**
   * Two round trips: what is known, then everything at once, if the feed still has this fetch's claim. Only a claim's
   * fetch writes a feed's items, so what is known does not change in between.
   * Null when the claim was outdated or fulfilled: another fetch of the feed has the word, and nothing was written.
   */
  async store(fetched: FetchedDocument): Promise<StoredDocument | null> {
    const { feedId, kind } = fetched.outcome;
    const deleted = fetched.deleted ?? [];
    const alive = aliveItems(
      fetched.items,
      deleted.map((item) => item.identityKey),
    );
    const known = await this.known(
      feedId,
      alive.map((item) => item.identityKey),
    );
    const unlike = alive.filter((item) => known.get(item.identityKey)?.hash !== item.contentHash);
    const different = kind === 'push' ? await this.withoutOlder(feedId, unlike) : unlike;
    const taken = different.filter((item) => !item.blockedReason);
    const itemsChanged = taken.filter((item) => known.has(item.identityKey)).length;
    // A known item that is refused now may be part of a story, and stays so: then it has a version to process.
    const hasWork = different.some((item) => !item.blockedReason || known.has(item.identityKey));
    const stored = { itemsNew: taken.length - itemsChanged, itemsChanged, hasWork };
    const older = unlike.length - different.length;
    const problems = older === 0 ? fetched.problems : [...fetched.problems, olderItems(older)];
    // A push may be an old one, sent again: only the feed itself says that an item is back. One that its rules refuse now is not.
    const allowed = kind === 'push' ? [] : alive.filter((item) => !item.blockedReason);
    const back = allowed.filter(({ identityKey }) => known.get(identityKey)?.isWithdrawn === true);
    const tombstones = kind === 'push' ? await this.withoutOutdated(feedId, deleted) : deleted;
    const document = { ...fetched, problems, deleted: tombstones };
    return (await this.write(document, different, back, stored)) ? stored : null;
  }

  /**
   * A hub may send again what it could not deliver before, after what came since; and whoever once read a push can repeat it.
   * So an item that is older than the one that is known says nothing new. A poll has the last word, whatever its dates.
   */
  private async withoutOlder(feedId: string, items: readonly FetchedItem[]): Promise<FetchedItem[]> {
    const known = await this.knownDates(feedId, items);
    const now = new Date();
    return items.filter(({ identityKey, parsed }) => !isOlderItem(parsed, known.get(identityKey) ?? {}, now));
  }

  /** So does a tombstone of before the item's last change: it speaks of what was until then. One without a date counts. */
  private async withoutOutdated(feedId: string, deleted: readonly DeletedItem[]): Promise<DeletedItem[]> {
    const known = await this.knownDates(
      feedId,
      deleted.filter(({ when }) => when !== null),
    );
    const now = Date.now();
    return deleted.filter(({ identityKey, when }) => {
      const dates = known.get(identityKey);
      const changedAt = Date.parse(dates?.updated ?? dates?.published ?? '');
      return !(changedAt > Date.parse(when ?? '') && changedAt <= now);
    });
  }

  private async knownDates(
    feedId: string,
    items: readonly { identityKey: string }[],
  ): Promise<Map<string, KnownDates>> {
    if (items.length === 0) return new Map();
    const keys = items.map((item) => item.identityKey);
    const { rows } = await this.database.prepared(sql<KnownDates & { key: string }>`
      SELECT identity_key AS key, parsed->>'updated' AS updated, parsed->>'published' AS published FROM items
       WHERE feed_id = ${feedId} AND identity_key = ANY(${keys}::text[])`);
    return new Map(rows.map((row) => [row.key, row]));
  }

  /** Content hashes (hex) by identity key of those items that the feed has. */
  async knownHashes(feedId: string, keys: readonly string[]): Promise<Map<string, string>> {
    return new Map([...(await this.known(feedId, keys))].map(([key, { hash }]) => [key, hash]));
  }

  private async known(feedId: string, keys: readonly string[]): Promise<Map<string, KnownItem>> {
    const { rows } = await this.database.prepared(sql<KnownItem & { key: string }>`
      SELECT identity_key AS key, encode(content_hash, 'hex') AS hash, withdrawn_at IS NOT NULL OR id IN (
          SELECT item_id FROM story_actions WHERE status = 'waiting' AND kind = 'withdraw-item' AND actor = 'feed') AS "isWithdrawn"
        FROM items
       WHERE feed_id = ${feedId} AND identity_key = ANY(${[...keys]}::text[])`);
    return new Map(rows.map((row) => [row.key, row]));
  }

  private async write(
    fetched: FetchedDocument,
    different: FetchedItem[],
    back: FetchedItem[],
    stored: StoredDocument,
  ): Promise<boolean> {
    const { outcome, document, feed, partnerId } = fetched;
    const documentId = uuidV7();
    const factsText = outcome.answerFacts === null ? null : JSON.stringify(outcome.answerFacts);
    // Feeds put their newest items first: numbered from the end, newer items sort after older ones.
    const numbered = different.toReversed().map((item) => ({ ...item, id: uuidV7() }));
    const rows = JSON.stringify(numbered.sort((a, b) => (a.identityKey < b.identityKey ? -1 : 1)));
    const tombstones = keyed((fetched.deleted ?? []).map(({ identityKey }) => identityKey));
    const returned = keyed(back.map(({ identityKey }) => identityKey));
    // A push has new items only, and says nothing of the document that is polled: the feed's facts stay as they are.
    const isPush = outcome.kind === 'push';
    // What a feed last asked for an item that its tombstone may follow. An old push that comes again does not take back what came back since.
    const mayFollow = isPush ? ['nothing'] : ['nothing', 'restore-item'];
    const bytes = document.bodyGzip.length;
    const counts = bytes > ALWAYS_KEPT || isPush;
    const keptToday = sql`CASE WHEN f.kept_on = current_date THEN f.kept_bytes ELSE 0 END`;
    const isKept = sql`(NOT ${counts}::boolean OR held.kept + ${bytes}::bigint <= ${KEPT_A_DAY}::bigint)`;
    const counted = sql`kept_on = current_date,
      kept_bytes = held.kept + CASE WHEN ${counts}::boolean AND ${isKept} THEN ${bytes}::bigint ELSE 0 END`;
    const written = await this.database.prepared(sql<{ id: string }>`
      WITH held AS (
        SELECT id, ${keptToday} AS kept FROM feeds f
         WHERE id = ${outcome.feedId} AND fetch_generation = ${outcome.generation} AND enqueued_at IS NOT NULL FOR UPDATE),
      stored_document AS (
        INSERT INTO documents (id, feed_id, content_type, url, body_hash, body_gzip, received_at)
          SELECT ${documentId}::uuid, id, ${document.contentType}::text, ${document.url}::text,
              ${document.bodyHash}::bytea, CASE WHEN ${isKept} THEN ${document.bodyGzip}::bytea ELSE '' END,
              ${outcome.startedAt}::timestamptz FROM held),
      stored_items AS (
        INSERT INTO items (id, feed_id, partner_id, identity_key, identity_rule, content_hash, parsed, published_at,
            quiet_reason, first_fetch_id, fetch_id, document_id, correlation_id, state, state_reason, refused_by,
            processed_version)
          SELECT r.id, held.id, ${partnerId}::uuid, r."identityKey", r."identityRule", decode(r."contentHash", 'hex'),
              r.parsed, r."publishedAt", r."quietReason", ${outcome.fetchId}::uuid, ${outcome.fetchId}::uuid,
              ${documentId}::uuid, ${outcome.correlationId}::text,
              CASE WHEN r."blockedReason" IS NULL THEN 'received' ELSE 'dropped' END, r."blockedReason",
              CASE WHEN r."blockedReason" IS NOT NULL THEN 'feed-rules' END,
              CASE WHEN r."blockedReason" IS NULL THEN 0 ELSE 1 END
            FROM held, jsonb_to_recordset(${rows}::jsonb) AS r(id uuid, "identityKey" text, "identityRule" text,
              "contentHash" text, parsed jsonb, "publishedAt" timestamptz, "quietReason" text, "blockedReason" text)
        ON CONFLICT (feed_id, identity_key) DO UPDATE SET
            version = items.version + 1, content_hash = excluded.content_hash, parsed = excluded.parsed,
            published_at = excluded.published_at, changed_at = now(), fetch_id = excluded.fetch_id,
            document_id = excluded.document_id, correlation_id = excluded.correlation_id,
            ${STATE_OF_CHANGED}),
      taken_back AS (
        INSERT INTO story_actions (id, kind, story_id, item_id, actor, reason, request)
          SELECT r.id, 'withdraw-item', (SELECT si.story_id FROM story_items si WHERE si.item_id = i.id), i.id, 'feed',
              'its feed has a tombstone for it', '{}'
            FROM held, jsonb_to_recordset(${tombstones}::jsonb) AS r(id uuid, key text)
            JOIN items i ON i.identity_key = r.key AND i.feed_id = ${outcome.feedId}::uuid
            LEFT JOIN LATERAL (SELECT kind, status FROM story_actions a WHERE a.item_id = i.id AND a.actor = 'feed'
              ORDER BY a.id DESC LIMIT 1) last ON true
           WHERE (i.withdrawn_at IS NULL OR last.status = 'waiting')
             AND coalesce(last.kind, 'nothing') = ANY(${mayFollow}::text[])),
      given_back AS (
        INSERT INTO story_actions (id, kind, story_id, item_id, actor, reason, request)
          SELECT r.id, 'restore-item', (SELECT si.story_id FROM story_items si WHERE si.item_id = i.id), i.id, 'feed',
              'its feed has it again', '{}'
            FROM held, jsonb_to_recordset(${returned}::jsonb) AS r(id uuid, key text)
            JOIN items i ON i.identity_key = r.key AND i.feed_id = ${outcome.feedId}::uuid
            JOIN LATERAL (SELECT * FROM story_actions a WHERE a.item_id = i.id ORDER BY a.id DESC LIMIT 1) last ON true
           WHERE last.kind = 'withdraw-item' AND last.actor = 'feed'
             AND (last.status = 'waiting' OR (last.status = 'done' AND last.undone_by IS NULL AND i.withdrawn_at IS NOT NULL))),
      left_to_process AS (
        INSERT INTO item_batches (fetch_id, correlation_id)
          SELECT ${outcome.fetchId}::uuid, ${outcome.correlationId}::text FROM held WHERE ${stored.hasWork}::boolean),
      named AS (
        UPDATE partners p SET name = coalesce(${feed.title}::text, p.name),
            site_url = coalesce(${feed.siteUrl}::text, p.site_url), updated_at = now()
          FROM held WHERE p.id = ${partnerId}::uuid AND ${fetched.isFirst}::boolean AND NOT p.named_by_operator),
      moved AS (
        UPDATE feeds f SET
            enqueued_at = NULL,
            title = CASE WHEN titled_by_operator THEN title ELSE ${feed.title}::text END,
            site_url = ${feed.siteUrl}::text, format = ${feed.format}::text, language = ${feed.language}::text,
            schedule_hints = ${JSON.stringify(feed.scheduleHints)}::jsonb,
            etag = ${outcome.etag}::text, last_modified = ${outcome.lastModified}::text,
            body_hash = ${document.bodyHash}::bytea, answer_facts = ${factsText}::jsonb,
            -- A push often brings only what is new: too few dates to say anything.
            item_spacing_seconds = coalesce(${feed.observed?.spacingSeconds ?? null}::integer,
              CASE WHEN ${outcome.kind}::text = 'push' THEN f.item_spacing_seconds END),
            newest_item_at = coalesce(${feed.observed?.newestAt ?? null}::timestamptz,
              CASE WHEN ${outcome.kind}::text = 'push' THEN f.newest_item_at END),
            next_fetch_at = ${outcome.nextFetchAt}::timestamptz, next_fetch_reason = ${outcome.nextFetchReason}::text,
            last_fetched_at = ${outcome.startedAt}::timestamptz, last_success_at = ${outcome.startedAt}::timestamptz,
            last_fetch_id = ${outcome.fetchId}::uuid,
            consecutive_failures = 0, last_error_class = NULL, last_error = NULL, ${counted}
          FROM held WHERE f.id = held.id AND NOT ${isPush}::boolean),
      released AS (
        UPDATE feeds f SET enqueued_at = NULL, ${counted} FROM held WHERE f.id = held.id AND ${isPush}::boolean)
      INSERT INTO fetches (id, feed_id, kind, correlation_id, started_at, duration_ms, outcome, http_status, bytes,
          document_id, items_seen, items_new, items_changed, items_blocked, blocked, problems, next_fetch_at,
          next_fetch_reason)
        SELECT ${outcome.fetchId}::uuid, id, ${outcome.kind}::text, ${outcome.correlationId}::text,
            ${outcome.startedAt}::timestamptz, ${outcome.durationMs}::integer, 'changed', ${outcome.httpStatus}::integer,
            ${outcome.bytes}::integer, ${documentId}::uuid, ${fetched.items.length}::integer,
            ${stored.itemsNew}::integer, ${stored.itemsChanged}::integer,
            ${fetched.items.filter((item) => item.blockedReason).length}::integer,
            ${JSON.stringify(fetched.blocked ?? [])}::jsonb, ${JSON.stringify(fetched.problems)}::jsonb,
            ${outcome.nextFetchAt}::timestamptz, ${outcome.nextFetchReason}::text
          FROM held
      RETURNING id`);
    return written.count > 0;
  }
}

/** Without the items of a document that its tombstones take back: the reader names those that are newer than their entries. */
export function aliveItems(items: readonly FetchedItem[], deleted: readonly string[] = []): FetchedItem[] {
  const dead = new Set(deleted);
  return items.filter(({ identityKey }) => !dead.has(identityKey));
}

/** Keys as rows for a statement, each with the id of what is asked for its item. */
function keyed(keys: readonly string[]): string {
  return JSON.stringify(keys.map((key) => ({ id: uuidV7(), key })));
}

function olderItems(count: number): ParseProblem {
  return {
    code: 'older-items',
    message: `${count} pushed items are older than what is known of them; they change nothing`,
  };
}
