/** Who works on which reparse run, and which stored document comes next: the ingestor's side of a run. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';

/** A run in hand: whoever holds the token may write. */
export interface LeasedRun {
  id: string;
  token: string;
  /** How often the step at its cursor was begun and not ended: a document that kills its reader is passed over. */
  tries: number;
  /** Nobody has counted its documents yet. */
  isUncounted: boolean;
}

/** The document to read next, with what its reading needs of its feed. */
export interface NextDocument {
  id: string;
  feedId: string;
  /** The feed's address, and whether it has settings of its own. */
  feedUrl: string;
  hasSettings: boolean;
  newsSince: Date;
  /** A hub may have pushed it: the log of fetches does not, or no longer, say that it was polled. */
  mayBePushed: boolean;
  /** False: newer than the run's `until`, read only to learn which items it holds. */
  inSelection: boolean;
}

interface Cursor {
  feedId: string | null;
  documentId: string | null;
  newestId: string | null;
  onlyFeed: string | null;
  onlyPartner: string | null;
  /** UUIDs between which the selection's documents lie. */
  from: string;
  to: string;
}

/** Longer than a document takes: some seconds behind other documents, 7 at most of parsing, the writing. */
const LEASE = sql`interval '30 seconds'`;
/** With so many batches before the processor a run waits: what partners publish now comes first. */
const MOST_BATCHES = 500;
/** Of a document `d`. A fetch has its id before its document has, and begins when the document is received. */
const MAY_BE_PUSHED = sql`NOT EXISTS (SELECT FROM fetches l
  WHERE l.feed_id = d.feed_id AND l.id >= uuid_v7_floor(d.received_at - interval '1 hour') AND l.id < d.id
    AND l.document_id = d.id AND l.kind IN ('poll', 'refresh'))`;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

@Injectable()
export class ReparseQueueRepository {
  constructor(private readonly database: Database) {}

  /** The open run that nobody has worked on for longest, or null. Runs whose worker died come back with their lease's end. */
  async claim(token: string): Promise<LeasedRun | null> {
    // A CTE is run once: a subquery in FROM may be run for each row it is joined with, and lock another run each time.
    const { rows } = await sql<LeasedRun>`
      WITH free AS MATERIALIZED (
        SELECT id FROM reparse_runs
         WHERE status IN ('waiting', 'running') AND (lease_until IS NULL OR lease_until < now())
           AND (SELECT count(*) FROM (SELECT 1 FROM item_batches LIMIT ${MOST_BATCHES}) b) < ${MOST_BATCHES}
         ORDER BY worked_at NULLS FIRST, id LIMIT 1 FOR UPDATE SKIP LOCKED)
      UPDATE reparse_runs r SET status = 'running', started_at = coalesce(started_at, now()), worked_at = now(),
          lease_token = ${token}, lease_until = now() + ${LEASE},
          tries = CASE WHEN lease_token IS NULL THEN tries ELSE tries + 1 END
        FROM free WHERE r.id = free.id
      RETURNING r.id, r.lease_token AS token, r.tries, r.documents_total IS NULL AS "isUncounted"`.execute(
      this.database.db,
    );
    return rows[0] ?? null;
  }

  /** Gives a run back for whoever comes next. `failed`: the step at its cursor was begun and could not be ended. */
  async release({ id, token }: LeasedRun, { failed }: { failed: boolean }): Promise<void> {
    await sql`UPDATE reparse_runs SET lease_token = NULL, lease_until = NULL, tries = tries + ${failed ? 1 : 0}
      WHERE id = ${id} AND lease_token = ${token}`.execute(this.database.db);
  }

  /** Notes how many documents there are to read, for the progress. */
  async count({ id, token }: LeasedRun): Promise<void> {
    await sql`UPDATE reparse_runs r SET documents_total = (
        SELECT count(*) FROM documents d
         WHERE d.id >= coalesce(uuid_v7_floor(r.since), ${FIRST_ID}::uuid) AND d.id < coalesce(uuid_v7_floor(r.until), ${LAST_ID}::uuid)
           AND (r.feed_id IS NULL OR d.feed_id = r.feed_id)
           AND (r.partner_id IS NULL OR d.feed_id IN (SELECT f.id FROM feeds f WHERE f.partner_id = r.partner_id)))
      WHERE id = ${id} AND lease_token = ${token}`.execute(this.database.db);
  }

  /**
   * Keeps the lease and names the next document: feed by feed, the newest first; of the feed under way before all others
   * one that a poll has just brought. `lost`: the run was stopped, or another worker has it. Null: there is nothing left.
   */
  async next(run: LeasedRun): Promise<NextDocument | 'lost' | null> {
    const { rows } = await sql<Cursor>`
      UPDATE reparse_runs SET lease_until = now() + ${LEASE}
       WHERE id = ${run.id} AND lease_token = ${run.token} AND status = 'running'
      RETURNING cursor_feed_id AS "feedId", cursor_document_id AS "documentId", newest_document_id AS "newestId",
        feed_id AS "onlyFeed", partner_id AS "onlyPartner",
        coalesce(uuid_v7_floor(since), ${FIRST_ID}::uuid) AS "from", coalesce(uuid_v7_floor(until), ${LAST_ID}::uuid) AS "to"`.execute(
      this.database.db,
    );
    const cursor = rows[0];
    if (cursor === undefined) return 'lost';
    return (await this.nextOfFeed(cursor)) ?? (await this.firstOfNextFeed(cursor));
  }

  private async nextOfFeed({ feedId, documentId, newestId, from, to }: Cursor): Promise<NextDocument | null> {
    if (feedId === null) return null;
    const { rows } = await sql<NextDocument>`
      WITH d AS (
        (SELECT id, feed_id, received_at, 0 AS turn FROM documents WHERE feed_id = ${feedId} AND id > ${newestId}::uuid ORDER BY id LIMIT 1)
        UNION ALL
        (SELECT id, feed_id, received_at, 1 FROM documents
          WHERE feed_id = ${feedId} AND id < ${documentId}::uuid AND id >= ${from}::uuid ORDER BY id DESC LIMIT 1))
      SELECT d.id, f.id AS "feedId", f.url AS "feedUrl", f.has_settings AS "hasSettings", f.news_since AS "newsSince",
          ${MAY_BE_PUSHED} AS "mayBePushed", d.id < ${to}::uuid AS "inSelection"
        FROM d JOIN feeds f ON f.id = d.feed_id ORDER BY d.turn LIMIT 1`.execute(this.database.db);
    return rows[0] ?? null;
  }

  private async firstOfNextFeed({ feedId, onlyFeed, onlyPartner, from, to }: Cursor): Promise<NextDocument | null> {
    if (onlyFeed !== null && feedId !== null) return null;
    const { rows } = await sql<NextDocument>`
      SELECT d.id, f.id AS "feedId", f.url AS "feedUrl", f.has_settings AS "hasSettings", f.news_since AS "newsSince",
          ${MAY_BE_PUSHED} AS "mayBePushed", d.id < ${to}::uuid AS "inSelection"
        FROM feeds f CROSS JOIN LATERAL (
          SELECT id, feed_id, received_at FROM documents WHERE feed_id = f.id AND id >= ${from}::uuid ORDER BY id DESC LIMIT 1) d
       WHERE f.id > ${feedId ?? FIRST_ID}::uuid
         AND (${onlyFeed}::uuid IS NULL OR f.id = ${onlyFeed}::uuid)
         AND (${onlyPartner}::uuid IS NULL OR f.partner_id = ${onlyPartner}::uuid)
         AND EXISTS (SELECT 1 FROM documents WHERE feed_id = f.id AND id >= ${from}::uuid AND id < ${to}::uuid)
       ORDER BY f.id LIMIT 1`.execute(this.database.db);
    return rows[0] ?? null;
  }

  /** The run has read everything. */
  async finish({ id, token }: LeasedRun): Promise<void> {
    await this.database.transaction(async (trx) => {
      const done = await sql`
        UPDATE reparse_runs SET status = 'done', finished_at = now(), lease_token = NULL, lease_until = NULL,
            documents_total = documents
          WHERE id = ${id} AND lease_token = ${token} AND status = 'running' RETURNING id`.execute(trx);
      if (done.rows.length > 0) await trx.deleteFrom('reparse_held').where('run_id', '=', id).execute();
    });
  }
}
