/** The one way to PostgreSQL: a bounded pool under Kysely, with the type conversions that the rows' interfaces promise. */
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Kysely, PostgresDialect, type RawBuilder, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { readIntArray } from './int-array.js';
import { prepared, PreparingClient } from './prepared-statements.js';
import type { Schema } from './schema.js';

/** int8 as a JavaScript number: our sequences and generations stay far below 2^53. */
const INT8_OID = 20;
pg.types.setTypeParser(INT8_OID, Number);
const INT4_ARRAY_OID: number = 1007;
const readAnyIntArray = pg.types.getTypeParser(INT4_ARRAY_OID) as (text: string) => unknown;
pg.types.setTypeParser(INT4_ARRAY_OID, (text) => readIntArray(text) ?? readAnyIntArray(text));

export interface DatabaseOptions {
  connectionString: string;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  maxConnections: number;
}

/** A statement that takes longer than this is an error of ours; migrations run on a connection of their own without it. */
const STATEMENT_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 5_000;
/**
 * PostgreSQL weighs a prepared statement's plan for any values against those that it made for the first few: once the tables have
 * grown, the former look cheap for ever, and each execution is planned anew. A new connection weighs anew.
 */
const CONNECTION_LIFE_SECONDS = 300;

@Injectable()
export class Database implements OnApplicationShutdown {
  readonly db: Kysely<Schema>;
  private readonly pool: pg.Pool;

  constructor(options: DatabaseOptions) {
    this.pool = new pg.Pool({
      Client: PreparingClient,
      connectionString: options.connectionString,
      application_name: options.applicationName,
      max: options.maxConnections,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: 30_000,
      maxLifetimeSeconds: CONNECTION_LIFE_SECONDS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      // A client whose process was killed must not hold its locks for ever.
      idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
      // Our statements are short: compiling them takes longer than running them.
      options: '-c timezone=UTC -c jit=off',
    });
    // An idle connection that the server cut: the pool replaces it, and a query that needs it fails on its own.
    this.pool.on('error', () => undefined);
    // One that was cut while a transaction held it: its statements fail on their own, but an 'error' event that nobody
    // listens to would end the process.
    this.pool.on('connect', (client) => client.on('error', () => undefined));
    this.db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: this.pool }) });
  }

  /** Runs `work` in one transaction. Nothing outside Postgres may be awaited inside it. */
  transaction<T>(work: (trx: Transaction<Schema>) => Promise<T>): Promise<T> {
    return this.db.transaction().execute(work);
  }

  /** Runs a hot statement in a transaction of its own; see `prepared`. */
  prepared<Row>(statement: RawBuilder<Row>): Promise<{ rows: Row[]; count: number }> {
    return prepared(statement).execute(this.db);
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
