/** Makes next weeks' partitions before they are needed and drops those past retention, so that tables never grow for ever. */
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { sql } from 'kysely';
import { CONFIG, type Config } from '#config/config.js';
import { Database } from './database.js';

const KEEP_IMPORTS_DAYS = 21;
const WEEK_MS = 7 * 86_400_000;
const PARTITIONS_AHEAD_WEEKS = 4;
const RUN_EVERY_MS = 6 * 3_600_000;
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
      // A hub that was off for a month may have rows to move into the weeks that it missed.
      await sql`SET LOCAL statement_timeout = '5min'`.execute(trx);
      const dropped: string[] = [];
      for (const [table, days] of Object.entries(this.daysKept())) {
        const until = new Date(now.getTime() + PARTITIONS_AHEAD_WEEKS * WEEK_MS);
        await sql`SELECT ensure_week_partitions(${table}, ${now}, ${until})`.execute(trx);
        // A week goes when its last day is past keeping, so the week of now never does.
        const oldest = weekName(new Date(now.getTime() - days * 86_400_000 - WEEK_MS));
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

/** `YYYYMMDD` in UTC: how partitions end their names. */
function weekName(at: Date): string {
  return at.toISOString().slice(0, 10).replaceAll('-', '');
}
