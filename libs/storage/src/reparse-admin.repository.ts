/** Runs that read stored documents again, as operators ask for them, watch and stop them. */
import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import { Database } from './database.js';
import type { ReparseRunsTable } from './schema.js';
import { uuidV7 } from './uuid.js';

export type ReparseRunRow = Selectable<ReparseRunsTable>;

/** Which documents: of one feed, of a partner's feeds, or with neither of all; received from `since` to before `until`. */
export interface ReparseSelection {
  feedId?: string | undefined;
  partnerId?: string | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
  dryRun: boolean;
  /** Who asked, for the record. */
  requestedBy: string;
}

export interface ReparseListQuery {
  limit: number;
  after?: string | undefined;
  status?: ReparseRunsTable['status']['__select__'] | undefined;
}

/** Runs that are over and kept for reading: each holds up to a hundred examples. */
const KEPT_RUNS = 200;
const OPEN = ['waiting', 'running'] as const;

@Injectable()
export class ReparseAdminRepository {
  constructor(private readonly database: Database) {}

  /** The new run's id, or that of the open run for the same feed, partner or all, which goes on unchanged. */
  async create(selection: ReparseSelection): Promise<{ id: string; isNew: boolean }> {
    const { feedId = null, partnerId = null, since = null, until = null, dryRun, requestedBy } = selection;
    return this.database.transaction(async (trx) => {
      const id = uuidV7();
      const added = await trx
        .insertInto('reparse_runs')
        .values({
          id,
          feed_id: feedId,
          partner_id: partnerId,
          since,
          until,
          dry_run: dryRun,
          requested_by: requestedBy,
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (added.numInsertedOrUpdatedRows === 0n) {
        const open = await trx
          .selectFrom('reparse_runs')
          .select('id')
          .where('status', 'in', OPEN)
          .where('dry_run', '=', dryRun)
          .where(sql<boolean>`feed_id IS NOT DISTINCT FROM ${feedId} AND partner_id IS NOT DISTINCT FROM ${partnerId}`)
          .executeTakeFirstOrThrow();
        return { id: open.id, isNew: false };
      }
      await sql`DELETE FROM reparse_runs WHERE status IN ('done', 'stopped') AND id < (
        SELECT id FROM reparse_runs WHERE status IN ('done', 'stopped') ORDER BY id DESC OFFSET ${KEPT_RUNS} LIMIT 1)`.execute(
        trx,
      );
      return { id, isNew: true };
    });
  }

  /** Newest first; one row more than `limit` when there is more. */
  async list({ limit, after, status }: ReparseListQuery): Promise<ReparseRunRow[]> {
    let query = this.database.db.selectFrom('reparse_runs').selectAll().orderBy('id', 'desc');
    if (after !== undefined) query = query.where('id', '<', after);
    if (status !== undefined) query = query.where('status', '=', status);
    return query.limit(limit + 1).execute();
  }

  async get(id: string): Promise<ReparseRunRow | undefined> {
    return this.database.db.selectFrom('reparse_runs').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** Ends a run after the document that is being read at most; what it has written stays. False when there is no such run. */
  async stop(id: string): Promise<boolean> {
    return this.database.transaction(async (trx) => {
      const run = await trx
        .selectFrom('reparse_runs')
        .select('status')
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      if (run === undefined) return false;
      if (run.status === 'done' || run.status === 'stopped') return true;
      await trx
        .updateTable('reparse_runs')
        .set({ status: 'stopped', finished_at: sql`now()`, lease_token: null, lease_until: null })
        .where('id', '=', id)
        .execute();
      await trx.deleteFrom('reparse_held').where('run_id', '=', id).execute();
      return true;
    });
  }
}
