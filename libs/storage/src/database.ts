/** The one way to PostgreSQL: a bounded pool under Kysely, with the type conversions that the rows' interfaces promise. */
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import type { Schema } from './schema.js';

/** int8 as a JavaScript number: our sequences and generations stay far below 2^53. */
const INT8_OID = 20;
pg.types.setTypeParser(INT8_OID, Number);

export interface DatabaseOptions {
  connectionString: string;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  maxConnections: number;
}

/** A statement that takes longer than this is an error of ours; migrations run on a connection of their own without it. */
const STATEMENT_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 5_000;

@Injectable()
export class Database implements OnApplicationShutdown {
  readonly db: Kysely<Schema>;
  private readonly pool: pg.Pool;

  constructor(options: DatabaseOptions) {
    this.pool = new pg.Pool({
      connectionString: options.connectionString,
      application_name: options.applicationName,
      max: options.maxConnections,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: 30_000,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      // A client whose process was killed must not hold its locks for ever.
      idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
      options: '-c timezone=UTC',
    });
    // An idle connection that the server cut: the pool replaces it, and a query that needs it fails on its own.
    this.pool.on('error', () => undefined);
    this.db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: this.pool }) });
  }

  /** Runs `work` in one transaction. Nothing outside Postgres may be awaited inside it. */
  transaction<T>(work: (trx: Transaction<Schema>) => Promise<T>): Promise<T> {
    return this.db.transaction().execute(work);
  }

  /** Throws when Postgres does not answer. */
  async ping(): Promise<void> {
    await sql`SELECT 1`.execute(this.db);
  }

  /** Connections in use, idle, and callers waiting for one. */
  poolState(): { total: number; idle: number; waiting: number } {
    return { total: this.pool.totalCount, idle: this.pool.idleCount, waiting: this.pool.waitingCount };
  }

  async close(): Promise<void> {
    if (!this.pool.ended) await this.db.destroy();
  }

  /** Last of all: workers that still run have been drained before. */
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }
}
