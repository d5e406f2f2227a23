/** A fetched document with its items, its log line and its feed's new state, stored in one transaction. */
import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import type { ParsedItem, ParseProblem, ScheduleHints } from '#contracts/parsed-feed.js';
import { Database } from './database.js';
import type { FetchOutcome } from './fetch.repository.js';
import type { Schema } from './schema.js';
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
  };
  /** Gives an auto-created partner the feed's title. */
  isFirst: boolean;
  /** One for each identity key. */
  items: FetchedItem[];
  problems: ParseProblem[];
}

/** What a document brought. `hasWork`: an item batch waits for the processor. */
export interface StoredDocument {
  itemsNew: number;
  itemsChanged: number;
  hasWork: boolean;
}

@Injectable()
export class FetchedDocumentRepository {
  constructor(private readonly database: Database) {}

  /** Null when the lease had been lost: another fetch of the feed is newer, and nothing was written. */
  async store(fetched: FetchedDocument): Promise<StoredDocument | null> {
    const { outcome } = fetched;
    return this.database.transaction(async (trx) => {
      const held = await trx
        .selectFrom('feeds')
        .select('id')
        .where('id', '=', outcome.feedId)
        .where('lease_token', '=', outcome.token)
        .forUpdate()
        .executeTakeFirst();
      if (!held) return null;

      const documentId = uuidV7();
      await trx
        .insertInto('documents')
        .values({
          id: documentId,
          feed_id: outcome.feedId,
          content_type: fetched.document.contentType,
          url: fetched.document.url,
          body_hash: fetched.document.bodyHash,
          body_gzip: fetched.document.bodyGzip,
          received_at: outcome.startedAt,
        })
        .execute();
      const { itemsNew, itemsChanged } = await upsertItems(trx, fetched, documentId);
      const hasWork = itemsNew + itemsChanged > 0;
      if (hasWork) {
        await trx
          .insertInto('item_batches')
          .values({ fetch_id: outcome.fetchId, correlation_id: outcome.correlationId })
          .execute();
      }
      await writeFeed(trx, fetched);
      await writeFetch(trx, fetched, documentId, itemsNew, itemsChanged);
      return { itemsNew, itemsChanged, hasWork };
    });
  }
}

/** Writes only what is new or changed; the feed's lock makes looking first safe. */
async function upsertItems(trx: Transaction<Schema>, fetched: FetchedDocument, documentId: string) {
  const { outcome, partnerId, items } = fetched;
  const known = await sql<{ key: string; hash: string }>`
    SELECT identity_key AS key, encode(content_hash, 'hex') AS hash FROM items
     WHERE feed_id = ${outcome.feedId} AND identity_key = ANY(${items.map((item) => item.identityKey)})`.execute(trx);
  const hashes = new Map(known.rows.map((row) => [row.key, row.hash]));
  const different = items.filter((item) => hashes.get(item.identityKey) !== item.contentHash);
  if (different.length > 0) {
    // Feeds put their newest items first: numbered from the end, newer items sort after older ones.
    const numbered = different.toReversed().map((item) => ({ ...item, id: uuidV7() }));
    const rows = JSON.stringify(numbered.sort((a, b) => (a.identityKey < b.identityKey ? -1 : 1)));
    await sql`
      INSERT INTO items (id, feed_id, partner_id, identity_key, identity_rule, content_hash, parsed, published_at,
          quiet_reason, first_fetch_id, fetch_id, document_id, correlation_id)
        SELECT r.id, ${outcome.feedId}, ${partnerId}, r."identityKey", r."identityRule", decode(r."contentHash", 'hex'),
            r.parsed, r."publishedAt", r."quietReason", ${outcome.fetchId}, ${outcome.fetchId}, ${documentId},
            ${outcome.correlationId}
          FROM jsonb_to_recordset(${rows}::jsonb) AS r(id uuid, "identityKey" text, "identityRule" text,
            "contentHash" text, parsed jsonb, "publishedAt" timestamptz, "quietReason" text)
      ON CONFLICT (feed_id, identity_key) DO UPDATE SET
          version = items.version + 1, content_hash = excluded.content_hash, parsed = excluded.parsed,
          published_at = excluded.published_at, changed_at = now(), fetch_id = excluded.fetch_id,
          document_id = excluded.document_id, correlation_id = excluded.correlation_id, state = 'received',
          state_reason = NULL`.execute(trx);
  }
  const itemsChanged = different.filter((item) => hashes.has(item.identityKey)).length;
  return { itemsNew: different.length - itemsChanged, itemsChanged };
}

async function writeFeed(trx: Transaction<Schema>, { outcome, feed, document, partnerId, isFirst }: FetchedDocument) {
  await trx
    .updateTable('feeds')
    .set({
      lease_token: null,
      lease_until: null,
      enqueued_at: null,
      title: sql<string | null>`CASE WHEN titled_by_operator THEN title ELSE ${feed.title} END`,
      site_url: feed.siteUrl,
      format: feed.format,
      language: feed.language,
      schedule_hints: JSON.stringify(feed.scheduleHints),
      etag: outcome.etag,
      last_modified: outcome.lastModified,
      body_hash: document.bodyHash,
      next_fetch_at: outcome.nextFetchAt,
      next_fetch_reason: outcome.nextFetchReason,
      last_fetched_at: outcome.startedAt,
      last_success_at: outcome.startedAt,
      last_fetch_id: outcome.fetchId,
      consecutive_failures: 0,
      last_error_class: null,
      last_error: null,
    })
    .where('id', '=', outcome.feedId)
    .execute();
  if (!isFirst || (feed.title === null && feed.siteUrl === null)) return;
  await trx
    .updateTable('partners')
    .set({
      ...(feed.title === null ? {} : { name: feed.title }),
      ...(feed.siteUrl === null ? {} : { site_url: feed.siteUrl }),
      updated_at: sql<Date>`now()`,
    })
    .where('id', '=', partnerId)
    .where('named_by_operator', '=', false)
    .execute();
}

async function writeFetch(
  trx: Transaction<Schema>,
  { outcome, items, problems }: FetchedDocument,
  documentId: string,
  itemsNew: number,
  itemsChanged: number,
) {
  await trx
    .insertInto('fetches')
    .values({
      id: outcome.fetchId,
      feed_id: outcome.feedId,
      kind: outcome.kind,
      correlation_id: outcome.correlationId,
      started_at: outcome.startedAt,
      duration_ms: outcome.durationMs,
      outcome: 'changed',
      http_status: outcome.httpStatus,
      bytes: outcome.bytes,
      document_id: documentId,
      items_seen: items.length,
      items_new: itemsNew,
      items_changed: itemsChanged,
      problems: JSON.stringify(problems),
      next_fetch_at: outcome.nextFetchAt,
      next_fetch_reason: outcome.nextFetchReason,
    })
    .execute();
}
