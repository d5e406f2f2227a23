/** Makes next weeks' partitions before they are needed and drops those past retention, so that tables never grow for ever. */
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';

/** Weeks a table's rows are kept. Documents are the largest; deliveries and attempts answer partners' questions. */
const RETENTION_WEEKS = { fetches: 3, documents: 5, deliveries: 5, attempts: 5, imports: 3, import_lines: 3 } as const;
const PARTITIONS_AHEAD_WEEKS = 4;
const RUN_EVERY_MS = 6 * 3_600_000;
/** Any constant: one process at a time keeps partitions. */
const KEEPER_LOCK = 7_301_001;

@Injectable()
export class PartitionKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(PartitionKeeper.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: Database) {}

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
      const dropped: string[] = [];
      for (const [table, weeks] of Object.entries(RETENTION_WEEKS)) {
        const until = new Date(now.getTime() + PARTITIONS_AHEAD_WEEKS * 7 * 86_400_000);
        await sql`SELECT ensure_week_partitions(${table}, ${now}, ${until})`.execute(trx);
        const oldest = weekName(new Date(now.getTime() - (weeks + 1) * 7 * 86_400_000));
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
}

/** `YYYYMMDD` in UTC: how partitions end their names. */
function weekName(at: Date): string {
  return at.toISOString().slice(0, 10).replaceAll('-', '');
}
