/** The processor's units of work: what each fetch left to process, and who was told of it last. */
import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import { Database } from './database.js';
import type { Schema } from './schema.js';

/** A batch that was claimed: its job is named by fetch and generation. */
export interface ClaimedBatch {
  fetchId: string;
  generation: number;
  correlationId: string;
}

@Injectable()
export class ItemBatchRepository {
  constructor(private readonly database: Database) {}

  /**
   * Removes those of the batches that have nothing left, and answers those that have; these count as handed out anew, so
   * that no sweeper takes a long batch for a lost one. A batch that somebody touched while this waited for it stays: what was left in
   * it since is not seen here (`leaveAgain`).
   */
  async finish(fetchIds: readonly string[]): Promise<string[]> {
    const { rows } = await sql<{ id: string }>`
      WITH seen AS MATERIALIZED (SELECT fetch_id, enqueued_at FROM item_batches WHERE fetch_id = ANY(${fetchIds})),
      held AS MATERIALIZED (
        SELECT fetch_id, enqueued_at FROM item_batches WHERE fetch_id = ANY(${fetchIds}) ORDER BY fetch_id FOR UPDATE),
      waiting AS MATERIALIZED (
        SELECT DISTINCT fetch_id FROM items WHERE fetch_id = ANY(${fetchIds}) AND processed_version < version),
      kept AS (
        UPDATE item_batches SET enqueued_at = now(), last_error = NULL
         WHERE fetch_id IN (SELECT fetch_id FROM held) AND fetch_id IN (SELECT fetch_id FROM waiting)),
      done AS (
        DELETE FROM item_batches
         WHERE fetch_id IN (SELECT held.fetch_id FROM held JOIN seen USING (fetch_id, enqueued_at))
           AND fetch_id NOT IN (SELECT fetch_id FROM waiting))
      SELECT fetch_id AS id FROM waiting`.execute(this.database.db);
    return rows.map((row) => row.id);
  }

  /** For the operator, who sees why a batch is still there. */
  async noteError(fetchIds: readonly string[], error: string): Promise<void> {
    await sql`UPDATE item_batches SET last_error = ${error} WHERE fetch_id = ANY(${fetchIds})`.execute(
      this.database.db,
    );
  }

  /** Takes up to `limit` batches that nobody has touched for `patienceMs`; each one's older job becomes a spare. */
  async claimStale(patienceMs: number, limit: number): Promise<ClaimedBatch[]> {
    const { rows } = await sql<ClaimedBatch>`
      UPDATE item_batches b SET generation = b.generation + 1, enqueued_at = now()
        FROM (SELECT fetch_id FROM item_batches WHERE enqueued_at <= now() - ${patienceMs} * interval '1 millisecond'
               ORDER BY enqueued_at LIMIT ${limit} FOR UPDATE SKIP LOCKED) AS stale
       WHERE b.fetch_id = stale.fetch_id
      RETURNING b.fetch_id AS "fetchId", b.generation, b.correlation_id AS "correlationId"`.execute(this.database.db);
    return rows;
  }
}

/** Leaves items of a fetch to be processed again: as a batch that nobody has touched for long, so the sweeper's next look takes it. */
export async function leaveAgain(
  trx: Transaction<Schema>,
  { fetchId, correlationId }: { fetchId: string; correlationId: string },
): Promise<void> {
  await sql`
    INSERT INTO item_batches (fetch_id, correlation_id, enqueued_at)
      VALUES (${fetchId}, ${correlationId}, now() - interval '1 minute')
    ON CONFLICT (fetch_id) DO UPDATE SET enqueued_at = now() - interval '1 minute'`.execute(trx);
}
