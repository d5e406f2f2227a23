/** Makes next weeks' partitions before they are needed and drops those past retention, so that tables never grow for ever. */
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Kysely, sql, type Transaction } from 'kysely';
import { CONFIG, type Config } from '#config/config.js';
import { Database } from './database.js';
import type { Schema } from './schema.js';

const KEEP_IMPORTS_DAYS = 21;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const PARTITIONS_AHEAD_WEEKS = 4;
const RUN_EVERY_MS = 6 * 3_600_000;
/** Rows of bygone weeks that are deleted from a default partition in one run. */
const DELETED_AT_ONCE = 50_000;
/** Any constant: one process at a time keeps partitions. */
const KEEPER_LOCK = 7_301_001;

@Injectable()
export class PartitionKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(PartitionKeeper.name);
  private timer: NodeJS.Timeout | undefined;
  private isOver = false;

  constructor(
    private readonly database: Database,
    @Inject(CONFIG)
    private readonly config: Pick<
      Config,
      'keepDocumentsDays' | 'keepFetchesDays' | 'keepDeliveriesDays' | 'identityWindowDays'
    >,
  ) {}

  onApplicationBootstrap(): void {
    const run = (): void => {
      this.keep(new Date()).catch((error: unknown) => {
        // The next step found the pool closed: whoever starts next goes on.
        if (this.isOver) return;
        this.logger.warn({ msg: 'partitions could not be kept; tried again in six hours', error: String(error) });
      });
    };
    run();
    this.timer = setInterval(run, RUN_EVERY_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    this.isOver = true;
    clearInterval(this.timer);
  }

  /**
   * Makes the partitions around `now` and drops those that ended before a table's retention. Returns the dropped names. What cannot
   * be had of one table keeps no other from it; thrown is what was wrong with each.
   */
  async keep(now: Date): Promise<string[]> {
    const dropped: string[] = [];
    const failures: string[] = [];
    for (const [table, days] of Object.entries(this.daysKept()))
      try {
        dropped.push(...(await this.keepTable(table, new Date(now.getTime() - days * DAY_MS), now)));
      } catch (error) {
        failures.push(`${table}: ${String(error)}`);
      }
    if (failures.length > 0) throw new Error(failures.join('; '));
    return dropped;
  }

  /** What is needed from now on first: a week with more rows than can be moved in time must not be in its way. */
  private async keepTable(table: string, keptSince: Date, now: Date): Promise<string[]> {
    for (let ahead = 0; ahead <= PARTITIONS_AHEAD_WEEKS; ahead += 1)
      await this.ensureWeek(table, new Date(now.getTime() + ahead * WEEK_MS));
    const dropped = await this.alone((trx) => dropWeeks(trx, table, keptSince));
    await this.alone((trx) => deleteRest(trx, table, keptSince));
    for (const week of await this.lateWeeks(table, keptSince, now)) await this.ensureWeek(table, week);
    return dropped;
  }

  private async ensureWeek(table: string, at: Date): Promise<void> {
    const next = new Date(at.getTime() + 1);
    await this.alone((trx) => sql`SELECT ensure_week_partitions(${table}, ${at}, ${next})`.execute(trx));
  }

  /**
   * Weeks without a partition that have rows, the newest first: they came while nobody had made it. Those without rows get none:
   * from the oldest week on all deliveries count as kept.
   */
  private async lateWeeks(table: string, keptSince: Date, now: Date): Promise<Date[]> {
    const key = sql.ref(await partitionKey(this.database.db, table));
    const { rows } = await sql<{ week: Date }>`
      SELECT week AT TIME ZONE 'UTC' AS week
        FROM generate_series(date_trunc('week', ${keptSince}::timestamptz AT TIME ZONE 'UTC'),
               ${now}::timestamptz AT TIME ZONE 'UTC', interval '7 days') AS week
       WHERE to_regclass(${table}::text || to_char(week, '_YYYYMMDD')) IS NULL
         AND EXISTS (SELECT FROM ${sql.table(`${table}_rest`)} WHERE ${key} >= uuid_v7_floor(week AT TIME ZONE 'UTC')
                       AND ${key} < uuid_v7_floor((week + interval '7 days') AT TIME ZONE 'UTC'))
       ORDER BY 1 DESC`.execute(this.database.db);
    return rows.map(({ week }) => week);
  }

  /**
   * A step a transaction: whoever holds one table for itself asks for no other, and what is done stays done. One week's rows may have to
   * be moved. Whoever waits for the keeper while it waits for others must not do so for long: it comes again, and there are weeks in stock.
   */
  private alone<T>(step: (trx: Transaction<Schema>) => Promise<T>): Promise<T> {
    return this.database.transaction(async (trx) => {
      await sql`SELECT pg_advisory_xact_lock(${KEEPER_LOCK})`.execute(trx);
      await sql`SET LOCAL statement_timeout = '5min'`.execute(trx);
      await sql`SET LOCAL lock_timeout = '5s'`.execute(trx);
      return step(trx);
    });
  }

  /** Days that a table's rows are kept, at least. */
  private daysKept(): Record<string, number> {
    return {
      fetches: this.config.keepFetchesDays,
      documents: this.config.keepDocumentsDays,
      item_fingerprints: this.config.identityWindowDays,
      item_sketches: this.config.identityWindowDays,
      deliveries: this.config.keepDeliveriesDays,
      attempts: this.config.keepDeliveriesDays,
      imports: KEEP_IMPORTS_DAYS,
      import_lines: KEEP_IMPORTS_DAYS,
    };
  }
}

/** A week goes when its last day is past keeping, so the week of now never does. */
async function dropWeeks(trx: Transaction<Schema>, table: string, keptSince: Date): Promise<string[]> {
  const oldest = weekName(new Date(keptSince.getTime() - WEEK_MS));
  const children = await sql<{ name: string }>`
    SELECT c.relname AS name FROM pg_inherits i
      JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
     WHERE p.relname = ${table} AND p.relnamespace = current_schema()::regnamespace
       AND c.relname ~ '_[0-9]{8}$'`.execute(trx);
  const over = children.rows.map(({ name }) => name).filter((name) => name.slice(-8) < oldest);
  for (const name of over) await sql`DROP TABLE ${sql.table(name)}`.execute(trx);
  return over;
}

/** Rows that came while their week had no partition, and are older than what is kept: no partition's end takes them away. */
async function deleteRest(trx: Transaction<Schema>, table: string, keptSince: Date): Promise<void> {
  const rest = sql.table(`${table}_rest`);
  const key = sql.ref(await partitionKey(trx, table));
  await sql`
    DELETE FROM ${rest} WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM ${rest} WHERE ${key} < uuid_v7_floor(date_trunc('week', ${keptSince}::timestamptz AT TIME ZONE 'UTC') AT TIME ZONE 'UTC')
       LIMIT ${DELETED_AT_ONCE}))`.execute(trx);
}

/** The column that says which week a row belongs to. */
async function partitionKey(db: Kysely<Schema>, table: string): Promise<string> {
  const { rows } = await sql<{ key: string }>`
    SELECT substring(pg_get_partkeydef(${table}::regclass) FROM '\\((.+)\\)') AS key`.execute(db);
  return rows[0]?.key ?? 'id';
}

/** `YYYYMMDD` in UTC: how partitions end their names. */
function weekName(at: Date): string {
  return at.toISOString().slice(0, 10).replaceAll('-', '');
}
