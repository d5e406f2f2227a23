/** Who works on which reprocessing run, which items come next, and what they changed: the processor's side of a run. */
import { Injectable } from '@nestjs/common';
import { type Kysely, sql, type Transaction } from 'kysely';
import { Database } from './database.js';
import { ITEM_COLUMNS, NOT_DROPPED_FOR_GOOD, type UnprocessedItem } from './processed-item.repository.js';
import type { ReprocessingExample, Schema } from './schema.js';

/** A run in hand: whoever holds the token may write. */
export interface LeasedReprocessing {
  id: string;
  token: string;
  dryRun: boolean;
  /** How often the step at its cursor was begun and not ended: items that kill their processor are passed over. */
  tries: number;
  /** Nobody has counted its items yet. */
  isUncounted: boolean;
}

/** An item with the state that it was left in. */
export interface StoredItem extends UnprocessedItem {
  state: string;
  stateReason: string | null;
  /** False: its newest version waits for the intake anyway. */
  isProcessed: boolean;
  /** Its feed's rules or an operator dropped it. */
  isDroppedForGood: boolean;
}

/** Adds to what a run has counted. `changes` by field. */
export interface ReprocessingCounts {
  itemsChanged: number;
  changes: Record<string, number>;
  examples: ReprocessingExample[];
}

/** Longer than a step takes: cleaning with its deadlines, the wait for the lanes, the writing. */
const LEASE = sql`interval '30 seconds'`;
/** With so many batches before the processor a run waits: what partners publish now comes first. */
const MOST_BATCHES = 500;
const MOST_EXAMPLES = 100;

@Injectable()
export class ReprocessingQueueRepository {
  constructor(private readonly database: Database) {}

  /** The open run that nobody has worked on for longest, or null. Runs whose worker died come back with their lease's end. */
  async claim(token: string): Promise<LeasedReprocessing | null> {
    const { rows } = await sql<LeasedReprocessing>`
      WITH free AS MATERIALIZED (
        SELECT id FROM reprocessing_runs
         WHERE status IN ('waiting', 'running') AND (lease_until IS NULL OR lease_until < now())
           AND (SELECT count(*) FROM (SELECT 1 FROM item_batches LIMIT ${MOST_BATCHES}) b) < ${MOST_BATCHES}
         ORDER BY worked_at NULLS FIRST, id LIMIT 1 FOR UPDATE SKIP LOCKED)
      UPDATE reprocessing_runs r SET status = 'running', started_at = coalesce(started_at, now()), worked_at = now(),
          lease_token = ${token}, lease_until = now() + ${LEASE},
          tries = CASE WHEN lease_token IS NULL THEN tries ELSE tries + 1 END
        FROM free WHERE r.id = free.id
      RETURNING r.id, r.lease_token AS token, r.dry_run AS "dryRun", r.tries, r.items_total IS NULL AS "isUncounted"`.execute(
      this.database.db,
    );
    return rows[0] ?? null;
  }

  /** Gives a run back for whoever comes next. `failed`: the step at its cursor was begun and could not be ended. */
  async release({ id, token }: LeasedReprocessing, { failed }: { failed: boolean }): Promise<void> {
    await sql`UPDATE reprocessing_runs SET lease_token = NULL, lease_until = NULL, tries = tries + ${failed ? 1 : 0}
      WHERE id = ${id} AND lease_token = ${token}`.execute(this.database.db);
  }

  /** Notes how many items there are, for the progress. */
  async count({ id, token }: LeasedReprocessing): Promise<void> {
    await sql`UPDATE reprocessing_runs r SET items_total = (
        SELECT count(*) FROM items i WHERE i.id > r.cursor_item_id AND i.id < uuid_v7_floor(r.until))
      WHERE id = ${id} AND lease_token = ${token}`.execute(this.database.db);
  }

  /** Keeps the lease and reads the items after the cursor, the oldest first; none: the run is at its end. `lost`: it was stopped, or another worker has it. */
  async next({ id, token }: LeasedReprocessing, limit: number): Promise<StoredItem[] | 'lost'> {
    const { rows: mine } = await sql<{ cursor: string; until: Date }>`
      UPDATE reprocessing_runs SET lease_until = now() + ${LEASE}
       WHERE id = ${id} AND lease_token = ${token} AND status = 'running'
      RETURNING cursor_item_id AS cursor, until`.execute(this.database.db);
    const [run] = mine;
    if (run === undefined) return 'lost';
    const { rows } = await sql<StoredItem>`
      SELECT ${ITEM_COLUMNS}, i.state, i.state_reason AS "stateReason", i.processed_version >= i.version AS "isProcessed",
             NOT ${NOT_DROPPED_FOR_GOOD} AS "isDroppedForGood"
        FROM (SELECT * FROM items WHERE id > ${run.cursor}::uuid AND id < uuid_v7_floor(${run.until}::timestamptz)
               ORDER BY id LIMIT ${limit}) i
        JOIN feeds f ON f.id = i.feed_id JOIN partners p ON p.id = i.partner_id
       ORDER BY i.id`.execute(this.database.db);
    return rows;
  }

  /** Counts in the transaction that makes the changes. False: the run is no longer ours; the caller must take everything back. */
  async add(
    { id, token }: LeasedReprocessing,
    { itemsChanged, changes, examples }: ReprocessingCounts,
    executor: Transaction<Schema> | Kysely<Schema> = this.database.db,
  ): Promise<boolean> {
    const { rows } = await sql`
      UPDATE reprocessing_runs r SET items_changed = items_changed + ${itemsChanged},
          changes = (SELECT coalesce(jsonb_object_agg(field, n), '{}') FROM (
            SELECT field, sum(n::int) AS n FROM (
              SELECT * FROM jsonb_each_text(r.changes) UNION ALL
              SELECT * FROM jsonb_each_text(${JSON.stringify(changes)}::jsonb)) AS counted(field, n) GROUP BY field) AS summed),
          examples = (SELECT coalesce(jsonb_agg(e ORDER BY at), '[]') FROM (
            SELECT e, at FROM jsonb_array_elements(r.examples || ${JSON.stringify(examples)}::jsonb) WITH ORDINALITY AS x(e, at)
             ORDER BY at LIMIT ${MOST_EXAMPLES}) AS shown)
        WHERE id = ${id} AND lease_token = ${token} AND status = 'running' RETURNING id`.execute(executor);
    return rows.length > 0;
  }

  /** The step is done: the next one begins behind this item. */
  async advance(
    { id, token }: LeasedReprocessing,
    { cursor, items, errors, lastError }: { cursor: string; items: number; errors: number; lastError: string | null },
  ): Promise<void> {
    await sql`
      UPDATE reprocessing_runs SET cursor_item_id = ${cursor}, items = items + ${items}, errors = errors + ${errors},
             last_error = coalesce(${lastError}::text, last_error), tries = 0
       WHERE id = ${id} AND lease_token = ${token}`.execute(this.database.db);
  }

  /** The run has seen everything. */
  async finish({ id, token }: LeasedReprocessing): Promise<void> {
    await sql`
      UPDATE reprocessing_runs SET status = 'done', finished_at = now(), items_total = items, lease_token = NULL, lease_until = NULL
       WHERE id = ${id} AND lease_token = ${token} AND status = 'running'`.execute(this.database.db);
  }
}
