/** Runs that process stored items again, as operators ask for them, watch and stop them. */
import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import { Database } from './database.js';
import type { ReprocessingRunsTable } from './schema.js';
import { uuidV7 } from './uuid.js';

export type ReprocessingRunRow = Omit<
  Selectable<ReprocessingRunsTable>,
  'lease_token' | 'lease_until' | 'tries' | 'cursor_item_id'
>;

/** Items received from `from` (absent: the first) to before `to`. */
export interface ReprocessingSelection {
  from?: Date | undefined;
  to: Date;
  dryRun: boolean;
  /** Who asked, for the record. */
  requestedBy: string;
}

export interface ReprocessingListQuery {
  limit: number;
  after?: string | undefined;
  status?: ReprocessingRunsTable['status']['__select__'] | undefined;
}

/** Runs that are over and kept for reading. */
const KEPT_RUNS = 200;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const COLUMNS = [
  'id',
  'status',
  'since',
  'until',
  'dry_run',
  'requested_by',
  'items_total',
  'items',
  'items_changed',
  'changes',
  'errors',
  'last_error',
  'examples',
  'worked_at',
  'created_at',
  'started_at',
  'finished_at',
] as const;

@Injectable()
export class ReprocessingAdminRepository {
  constructor(private readonly database: Database) {}

  /** The new run's id, or that of the open run of the same kind (dry or not), which goes on unchanged. */
  async create({ from, to, dryRun, requestedBy }: ReprocessingSelection): Promise<{ id: string; isNew: boolean }> {
    return this.database.transaction(async (trx) => {
      const id = uuidV7();
      const added = await trx
        .insertInto('reprocessing_runs')
        .values({
          id,
          since: from ?? null,
          until: to,
          dry_run: dryRun,
          requested_by: requestedBy,
          cursor_item_id: sql`coalesce(uuid_v7_floor(${from ?? null}::timestamptz), ${FIRST_ID}::uuid)`,
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (added.numInsertedOrUpdatedRows === 0n) {
        const open = await trx
          .selectFrom('reprocessing_runs')
          .select('id')
          .where('status', 'in', ['waiting', 'running'])
          .where('dry_run', '=', dryRun)
          .executeTakeFirstOrThrow();
        return { id: open.id, isNew: false };
      }
      await sql`DELETE FROM reprocessing_runs WHERE status IN ('done', 'stopped') AND id < (
        SELECT id FROM reprocessing_runs WHERE status IN ('done', 'stopped') ORDER BY id DESC OFFSET ${KEPT_RUNS} LIMIT 1)`.execute(
        trx,
      );
      return { id, isNew: true };
    });
  }

  /** Newest first; one row more than `limit` when there is more. */
  async list({ limit, after, status }: ReprocessingListQuery): Promise<ReprocessingRunRow[]> {
    let query = this.database.db.selectFrom('reprocessing_runs').select(COLUMNS).orderBy('id', 'desc');
    if (after !== undefined) query = query.where('id', '<', after);
    if (status !== undefined) query = query.where('status', '=', status);
    return query.limit(limit + 1).execute();
  }

  async get(id: string): Promise<ReprocessingRunRow | undefined> {
    return this.database.db.selectFrom('reprocessing_runs').select(COLUMNS).where('id', '=', id).executeTakeFirst();
  }

  /** Ends a run after the items that are under way at most; what it has written stays. False when there is no such run. */
  async stop(id: string): Promise<boolean> {
    const { rows } = await sql`
      UPDATE reprocessing_runs SET
          status = CASE WHEN status = 'done' THEN status ELSE 'stopped' END, finished_at = coalesce(finished_at, now()),
          lease_token = NULL, lease_until = NULL
        WHERE id = ${id} RETURNING id`.execute(this.database.db);
    return rows.length > 0;
  }
}
