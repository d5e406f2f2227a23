/** Imports of feed lists: how far each is, how it ended, and what became of each line. */
import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import { Database } from './database.js';
import type { ImportLinesTable, ImportsTable } from './schema.js';
import { uuidV7 } from './uuid.js';

export type ImportRow = Selectable<ImportsTable>;
export type ImportLineRow = Selectable<ImportLinesTable>;

/** A batch takes well under a second: an import that is silent for so long has lost its process. */
const SILENT_SECONDS = 30;
const LOST = 'The process that imported it ended. Import the same list again: what is here already is left alone.';

@Injectable()
export class ImportRepository {
  constructor(private readonly database: Database) {}

  async start(bytesTotal: number): Promise<string> {
    const id = uuidV7();
    await this.database.db.insertInto('imports').values({ id, status: 'running', bytes_total: bytesTotal }).execute();
    return id;
  }

  /** Ends a running import; one that has ended stays as it is. */
  async end(id: string, status: 'done' | 'failed' | 'interrupted', error: string | null): Promise<void> {
    await this.database.db
      .updateTable('imports')
      .set({ status, error, finished_at: sql`now()`, progress_at: sql`now()` })
      .where('id', '=', id)
      .where('status', '=', 'running')
      .execute();
  }

  async get(id: string): Promise<ImportRow | undefined> {
    return this.shown().where('id', '=', id).executeTakeFirst();
  }

  /** Newest first; one row more than `limit` when there is more. */
  async list({ limit, after }: { limit: number; after?: string | undefined }): Promise<ImportRow[]> {
    const query = this.shown().orderBy('id', 'desc');
    return (after === undefined ? query : query.where('id', '<', after)).limit(limit + 1).execute();
  }

  /** In the order of the list, from behind position `after`; one row more than `limit` when there is more. */
  async lines(
    id: string,
    { limit, after = 0, outcome }: { limit: number; after?: number; outcome?: ImportLineRow['outcome'] | undefined },
  ): Promise<ImportLineRow[]> {
    const query = this.database.db
      .selectFrom('import_lines')
      .selectAll()
      .where('import_id', '=', id)
      .where('position', '>', after)
      .orderBy('position');
    return (outcome === undefined ? query : query.where('outcome', '=', outcome)).limit(limit + 1).execute();
  }

  /** An import without a sign of life is shown as interrupted: nobody is left to write it. */
  private shown() {
    const lost = sql<boolean>`status = 'running' AND progress_at < now() - make_interval(secs => ${SILENT_SECONDS})`;
    return this.database.db
      .selectFrom('imports')
      .selectAll()
      .select(sql<ImportRow['status']>`CASE WHEN ${lost} THEN 'interrupted' ELSE status END`.as('status'))
      .select(sql<string | null>`CASE WHEN ${lost} THEN ${LOST} ELSE error END`.as('error'));
  }
}
