/** Stores what a document's new reading changes, and how far its run has come: one transaction a document. */
import { Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import { sql, type Transaction } from 'kysely';
import type { ParsedItem, ParseProblem } from '#contracts/parsed-feed.js';
import { isOlderItem } from '#domain/older-item.js';
import { rereadVerdict } from '#domain/reread-verdict.js';
import { Database } from './database.js';
import { aliveItems, STATE_OF_CHANGED, type FetchedItem } from './fetched-document.repository.js';
import { asStored, examplesOf, type ItemChange } from './reparse-examples.js';
import type { LeasedRun, NextDocument } from './reparse-queue.repository.js';
import type { BlockedItems, ReparseExample, Schema } from './schema.js';
import { uuidV7 } from './uuid.js';

/** A stored document, read again. */
export interface DocumentReading {
  document: NextDocument;
  /** Begins the log line of a document that changes something, and the processor's batch. */
  fetchId: string;
  correlationId: string;
  durationMs: number;
  bytes: number;
  /** One for each identity key; empty where the document could not be read. */
  items: FetchedItem[];
  /** Identity keys of items that the document takes back. */
  deleted: string[];
  /** False where items hold more than their document, such as the text of their pages: then only what a poll compares counts. */
  comparesWhole: boolean;
  problems: ParseProblem[];
  /** Why the document could not be read, in words. */
  error: string | null;
}

/** `lost`: the run was stopped or belongs to another. `overtaken`: a poll brought a newer document, which comes first. */
export type StoredReading = 'lost' | 'overtaken' | { itemsNew: number; itemsChanged: number; hasWork: boolean };

interface Fact {
  key: string;
  id: string | null;
  documentId: string | null;
  documentIsGone: boolean;
  differs: boolean;
  parsed: ParsedItem | null;
  heldBy: string | null;
}

interface RunState {
  dryRun: boolean;
  feedId: string | null;
  newestId: string | null;
  examples: number;
}

@Injectable()
export class ReparseStoreRepository {
  constructor(private readonly database: Database) {}

  /**
   * Locks the run, then the feed (as every poll's outcome does), then writes items in the order of their keys. Items, log
   * line, batch, the run's counts and its cursor are committed together, so a step has happened wholly or not at all.
   */
  async store(run: LeasedRun, reading: DocumentReading): Promise<StoredReading> {
    return this.database.transaction(async (trx) => {
      const { rows } = await sql<RunState>`
        SELECT dry_run AS "dryRun", cursor_feed_id AS "feedId", newest_document_id AS "newestId",
            jsonb_array_length(examples) AS examples
          FROM reparse_runs WHERE id = ${run.id} AND lease_token = ${run.token} AND status = 'running' FOR UPDATE`.execute(
        trx,
      );
      const state = rows[0];
      if (state === undefined) return 'lost';
      const { feedId, id: documentId } = reading.document;
      const isFirst = state.feedId !== feedId;
      const newest = isFirst || state.newestId === null || documentId > state.newestId ? documentId : state.newestId;
      const isLate = !isFirst && newest === documentId;
      const newer = await sql`
        WITH locked AS MATERIALIZED (SELECT id FROM feeds WHERE id = ${feedId} FOR UPDATE)
        SELECT 1 FROM locked JOIN LATERAL (
          SELECT 1 FROM documents WHERE feed_id = locked.id AND id > ${newest}::uuid LIMIT 1) d ON true`.execute(trx);
      if (newer.rows.length > 0 && !isLate) return 'overtaken';
      if (isFirst) await trx.deleteFrom('reparse_held').where('run_id', '=', run.id).execute();
      const facts = await this.facts(trx, run.id, reading);
      const items = withoutOlder(reading, aliveItems(reading.items, reading.deleted), facts);
      const changes = changesOf({ ...reading, items }, facts);
      if (changes.length > 0 && !state.dryRun) await this.write(trx, reading, changes);
      await this.hold(trx, run.id, { ...reading, items });
      const { itemsNew, itemsChanged, hasWork } = summary(changes);
      await this.advance(
        trx,
        run,
        reading,
        { newest, isLate, itemsNew, itemsChanged },
        examplesOf(reading.document, changes, state.examples),
      );
      return { itemsNew, itemsChanged, hasWork: hasWork && !state.dryRun };
    });
  }

  /** What is known of the reading's items. What was stored comes along only where it may have to be compared. */
  private async facts(
    trx: Transaction<Schema>,
    runId: string,
    { document, items }: DocumentReading,
  ): Promise<Map<string, Fact>> {
    const asked = JSON.stringify(
      items.map(({ identityKey, contentHash }) => ({ key: identityKey, hash: contentHash })),
    );
    // Named apart from their rows: a guess of a hundred rows would let the planner read the whole table.
    const keys = items.map(({ identityKey }) => identityKey);
    const { rows } = await sql<Fact>`
      WITH asked AS (SELECT * FROM jsonb_to_recordset(${asked}::jsonb) AS a(key text, hash text)),
      known AS (
        SELECT i.*, NOT EXISTS (SELECT 1 FROM documents d WHERE d.id = i.document_id) AS gone
          FROM items i WHERE i.feed_id = ${document.feedId} AND i.identity_key = ANY(${keys}::text[])),
      held AS (
        SELECT identity_key, document_id FROM reparse_held WHERE run_id = ${runId} AND identity_key = ANY(${keys}::text[]))
      SELECT a.key, k.id, k.document_id AS "documentId", coalesce(k.gone, false) AS "documentIsGone",
          coalesce(k.content_hash <> decode(a.hash, 'hex'), false) AS differs,
          CASE WHEN k.gone OR k.document_id = ${document.id}::uuid OR k.content_hash <> decode(a.hash, 'hex') THEN k.parsed END AS parsed,
          h.document_id AS "heldBy"
        FROM asked a LEFT JOIN known k ON k.identity_key = a.key LEFT JOIN held h ON h.identity_key = a.key`.execute(
      trx,
    );
    return new Map(rows.map((row) => [row.key, row]));
  }

  private async write(
    trx: Transaction<Schema>,
    reading: DocumentReading,
    changes: readonly ItemChange[],
  ): Promise<void> {
    const { document, fetchId, correlationId } = reading;
    // Feeds put their newest items first: numbered from the end, newer items sort after older ones.
    const numbered = changes.toReversed().map(({ item }) => ({ ...item, id: uuidV7() }));
    const rows = JSON.stringify(numbered.sort((a, b) => (a.identityKey < b.identityKey ? -1 : 1)));
    await sql`
      INSERT INTO items (id, feed_id, partner_id, identity_key, identity_rule, content_hash, parsed, published_at,
          quiet_reason, first_fetch_id, fetch_id, document_id, correlation_id, state, state_reason, refused_by, processed_version)
        SELECT r.id, f.id, f.partner_id, r."identityKey", r."identityRule", decode(r."contentHash", 'hex'), r.parsed,
            r."publishedAt", r."quietReason", ${fetchId}::uuid, ${fetchId}::uuid, ${document.id}::uuid, ${correlationId}::text,
            CASE WHEN r."blockedReason" IS NULL THEN 'received' ELSE 'dropped' END, r."blockedReason",
            CASE WHEN r."blockedReason" IS NOT NULL THEN 'feed-rules' END,
            CASE WHEN r."blockedReason" IS NULL THEN 0 ELSE 1 END
          FROM feeds f, jsonb_to_recordset(${rows}::jsonb) AS r(id uuid, "identityKey" text, "identityRule" text,
            "contentHash" text, parsed jsonb, "publishedAt" timestamptz, "quietReason" text, "blockedReason" text)
         WHERE f.id = ${document.feedId}
      ON CONFLICT (feed_id, identity_key) DO UPDATE SET
          version = items.version + 1, content_hash = excluded.content_hash, parsed = excluded.parsed,
          published_at = excluded.published_at, changed_at = now(), fetch_id = excluded.fetch_id,
          document_id = excluded.document_id, correlation_id = excluded.correlation_id,
          ${STATE_OF_CHANGED}`.execute(trx);
    const { itemsNew, itemsChanged, hasWork } = summary(changes);
    if (hasWork)
      await trx.insertInto('item_batches').values({ fetch_id: fetchId, correlation_id: correlationId }).execute();
    await sql`
      INSERT INTO fetches (id, feed_id, kind, correlation_id, started_at, duration_ms, outcome, bytes, document_id,
          items_seen, items_new, items_changed, items_blocked, blocked, problems)
        VALUES (${fetchId}, ${document.feedId}, 'reparse', ${correlationId},
          now() - ${reading.durationMs} * interval '1 millisecond', ${reading.durationMs}, 'changed', ${reading.bytes},
          ${document.id}, ${reading.items.length}, ${itemsNew}, ${itemsChanged}, ${blockedOf(reading.items).length},
          ${JSON.stringify(reasonsOf(reading.items))}::jsonb,
          ${JSON.stringify(reading.problems)}::jsonb)`.execute(trx);
  }

  /** What a poll takes back is held too: no older document brings it. A pushed tombstone may be an old one. */
  private async hold(
    trx: Transaction<Schema>,
    runId: string,
    { items, deleted, document }: DocumentReading,
  ): Promise<void> {
    const taken = document.mayBePushed ? [] : deleted;
    const keys = [...new Set([...items.map(({ identityKey }) => identityKey), ...taken])].sort();
    if (keys.length === 0) return;
    await sql`
      INSERT INTO reparse_held (run_id, identity_key, document_id)
        SELECT ${runId}::uuid, key, ${document.id}::uuid FROM unnest(${keys}::text[]) AS key
      ON CONFLICT (run_id, identity_key) DO UPDATE SET document_id = excluded.document_id
        WHERE reparse_held.document_id < excluded.document_id`.execute(trx);
  }

  private async advance(
    trx: Transaction<Schema>,
    run: LeasedRun,
    { document, items, error }: DocumentReading,
    {
      newest,
      isLate,
      itemsNew,
      itemsChanged,
    }: { newest: string; isLate: boolean; itemsNew: number; itemsChanged: number },
    shown: ReparseExample[],
  ): Promise<void> {
    // A document that is only looked into is neither progress nor trouble of the selection's.
    const counts = document.inSelection;
    await sql`
      UPDATE reparse_runs SET
          cursor_feed_id = ${document.feedId}, newest_document_id = ${newest}, tries = 0,
          cursor_document_id = CASE WHEN ${isLate} THEN cursor_document_id ELSE ${document.id}::uuid END,
          documents = documents + ${counts ? 1 : 0}, items_seen = items_seen + ${counts ? items.length : 0},
          items_new = items_new + ${itemsNew}, items_changed = items_changed + ${itemsChanged},
          items_blocked = items_blocked + ${counts ? blockedOf(items).length : 0},
          errors = errors + ${counts && error !== null ? 1 : 0},
          last_error = CASE WHEN ${counts} THEN coalesce(${error === null ? null : `document ${document.id}: ${error}`}::text, last_error) ELSE last_error END,
          examples = examples || ${JSON.stringify(shown)}::jsonb
        WHERE id = ${run.id}`.execute(trx);
  }
}

/**
 * A hub may have pushed an old document again: what it has older than what is known is passed over, as when it came, and does
 * not keep older documents from being heard. What an item's own document says of its dates now is no other form of it.
 */
function withoutOlder(
  { document }: DocumentReading,
  items: FetchedItem[],
  facts: ReadonlyMap<string, Fact>,
): FetchedItem[] {
  if (!document.mayBePushed) return items;
  const now = new Date();
  return items.filter(({ identityKey, parsed }) => {
    const known = facts.get(identityKey);
    return known?.documentId === document.id || !isOlderItem(parsed, known?.parsed ?? {}, now);
  });
}

function changesOf(
  { items, document, comparesWhole }: DocumentReading,
  facts: ReadonlyMap<string, Fact>,
): ItemChange[] {
  return items.flatMap((item): ItemChange[] => {
    const fact = facts.get(item.identityKey);
    const kind = rereadVerdict({
      documentId: document.id,
      inSelection: document.inSelection,
      heldBy: fact?.heldBy ?? null,
      stored:
        fact === undefined || fact.id === null
          ? null
          : {
              ...fact,
              differsAtAll:
                comparesWhole && fact.parsed !== null && !isDeepStrictEqual(fact.parsed, asStored(item.parsed)),
            },
    });
    return kind === null ? [] : [{ item, kind, before: fact?.parsed ?? null }];
  });
}

/** Items that are refused count as blocked only. One of them that is known may be in a story, and has a version to process. */
function summary(changes: readonly ItemChange[]): { itemsNew: number; itemsChanged: number; hasWork: boolean } {
  const taken = changes.filter(({ item }) => !item.blockedReason);
  const itemsNew = taken.filter(({ kind }) => kind === 'new').length;
  const hasWork = taken.length > 0 || changes.some(({ kind }) => kind === 'changed');
  return { itemsNew, itemsChanged: taken.length - itemsNew, hasWork };
}

function blockedOf(items: readonly FetchedItem[]): string[] {
  return items.flatMap(({ blockedReason }) => blockedReason ?? []);
}

function reasonsOf(items: readonly FetchedItem[]): BlockedItems[] {
  const reasons = blockedOf(items);
  return [...new Set(reasons)].map((reason) => ({ reason, items: reasons.filter((other) => other === reason).length }));
}
