/** The history of fetches and the documents they brought, for those who want to know why. */
import { Injectable } from '@nestjs/common';
import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import { type Selectable, sql } from 'kysely';
import { Database } from './database.js';
import type { FetchesTable } from './schema.js';

export type FetchRow = Selectable<FetchesTable>;

/** A stored document, unpacked. */
export interface StoredDocument {
  id: string;
  contentType: string | null;
  url: string;
  receivedAt: Date;
  body: Buffer;
}

export interface FetchListQuery {
  limit: number;
  after?: string | undefined;
  feedId?: string | undefined;
  partnerId?: string | undefined;
  outcome?: FetchesTable['outcome'] | undefined;
  kind?: FetchesTable['kind'] | undefined;
  errorClass?: string | undefined;
  /** When they were written into the log. */
  since?: Date | undefined;
  until?: Date | undefined;
}

const unpack = promisify(gunzip);

@Injectable()
export class FetchLogRepository {
  constructor(private readonly database: Database) {}

  /** Newest first; one row more than `limit` when there is more. */
  async list(asked: FetchListQuery): Promise<FetchRow[]> {
    const { limit, after, feedId, partnerId, outcome, kind, errorClass, since, until } = asked;
    let query = this.database.db.selectFrom('fetches').selectAll().orderBy('id', 'desc');
    if (after !== undefined) query = query.where('id', '<', after);
    if (feedId !== undefined) query = query.where('feed_id', '=', feedId);
    if (partnerId !== undefined)
      query = query.where('feed_id', 'in', (eb) =>
        eb.selectFrom('feeds').select('id').where('partner_id', '=', partnerId),
      );
    if (outcome !== undefined) query = query.where('outcome', '=', outcome);
    if (kind !== undefined) query = query.where('kind', '=', kind);
    if (errorClass !== undefined) query = query.where('error_class', '=', errorClass);
    // The id carries its time: whole weeks outside the span are not looked into. Ids know no moment before 1970.
    if (since !== undefined)
      query = query.where('id', '>=', sql<string>`uuid_v7_floor(greatest(${since}::timestamptz, 'epoch'))`);
    if (until !== undefined)
      query = query.where('id', '<', sql<string>`uuid_v7_floor(greatest(${until}::timestamptz, 'epoch'))`);
    return query.limit(limit + 1).execute();
  }

  async get(id: string): Promise<FetchRow | undefined> {
    return this.database.db.selectFrom('fetches').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** Undefined when it was never stored, was not kept since its feed brought too much, or its time of keeping is over. */
  async document(id: string): Promise<StoredDocument | undefined> {
    const row = await this.database.db.selectFrom('documents').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined || row.body_gzip.length === 0) return undefined;
    const body = await unpack(row.body_gzip);
    return { id: row.id, contentType: row.content_type, url: row.url, receivedAt: row.received_at, body };
  }
}
