/** Makes next weeks' partitions before they are needed and drops those past retention, so that tables never grow for ever. */
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
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
        this.logger.warn({ msg: 'partitions could not be kept; tried again in six hours', error: String(error) });
      });
    };
    run();
    this.timer = setInterval(run, RUN_EVERY_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Makes the partitions around `now` and drops those that ended before a table's retention. Returns the dropped names. */
  async keep(now: Date): Promise<string[]> {
    return this.database.transaction(async (trx) => {
      await sql`SELECT pg_advisory_xact_lock(${KEEPER_LOCK})`.execute(trx);
      // A hub that was off for a month may have rows to move into the weeks that it missed. Whoever waits for the keeper while it
      // waits for others must not do so for long: it comes again, and there are weeks in stock.
      await sql`SET LOCAL statement_timeout = '5min'`.execute(trx);
      await sql`SET LOCAL lock_timeout = '5s'`.execute(trx);
      const dropped: string[] = [];
      for (const [table, days] of Object.entries(this.daysKept())) {
        const until = new Date(now.getTime() + PARTITIONS_AHEAD_WEEKS * WEEK_MS);
        const keptSince = new Date(now.getTime() - days * DAY_MS);
        const isLate = await hasRest(trx, table);
        await sql`SELECT ensure_week_partitions(${table}, ${isLate ? keptSince : now}, ${until})`.execute(trx);
        if (isLate) await deleteRest(trx, table, keptSince);
        // A week goes when its last day is past keeping, so the week of now never does.
        const oldest = weekName(new Date(keptSince.getTime() - WEEK_MS));
        const children = await sql<{ name: string }>`
          SELECT c.relname AS name FROM pg_inherits i
            JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
           WHERE p.relname = ${table} AND p.relnamespace = current_schema()::regnamespace
             AND c.relname ~ '_[0-9]{8}$'`.execute(trx);
        for (const { name } of children.rows.filter((child) => child.name.slice(-8) < oldest)) {
          await sql`DROP TABLE ${sql.table(name)}`.execute(trx);
          dropped.push(name);
        }
      }
      return dropped;
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

/** Whether rows came while their week had no partition. */
async function hasRest(trx: Transaction<Schema>, table: string): Promise<boolean> {
  const { rows } = await sql`SELECT FROM ${sql.table(`${table}_rest`)} LIMIT 1`.execute(trx);
  return rows.length > 0;
}

/** What is left there once the weeks that are kept have theirs is older, and no partition's end takes it away. */
async function deleteRest(trx: Transaction<Schema>, table: string, keptSince: Date): Promise<void> {
  const rest = sql.table(`${table}_rest`);
  const { rows } = await sql<{ key: string }>`
    SELECT substring(pg_get_partkeydef(${table}::regclass) FROM '\\((.+)\\)') AS key`.execute(trx);
  for (const { key } of rows)
    await sql`
      DELETE FROM ${rest} WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM ${rest} WHERE ${sql.ref(key)} < uuid_v7_floor(${keptSince}) LIMIT ${DELETED_AT_ONCE}))`.execute(
      trx,
    );
}

/** `YYYYMMDD` in UTC: how partitions end their names. */
function weekName(at: Date): string {
  return at.toISOString().slice(0, 10).replaceAll('-', '');
}
