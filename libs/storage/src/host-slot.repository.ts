/** How far hosts' budgets are spent, for whoever sends them requests besides the polls, or hears that they want none. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { PRIVATE_HOST } from '#domain/private-host.js';
import { Database } from './database.js';
import { BURST, type HostLimits, INTERVAL_SECONDS, TAKE_SLOTS } from './host-limits.js';

@Injectable()
export class HostSlotRepository {
  constructor(private readonly database: Database) {}

  /**
   * Takes one request from the budget of `host` (`example.com` or `example.com:8080`). 0 when it may be sent now; else the
   * seconds after which to ask again, and nothing is taken.
   */
  async take(host: string, limits: HostLimits): Promise<number> {
    const { rows } = await sql<{ room: number; granted: number; wait: number }>`
      WITH asking AS (
        SELECT ${host}::text AS host, ${BURST} AS burst, ${INTERVAL_SECONDS} AS interval_seconds, 1 AS asked
          FROM (SELECT coalesce((SELECT requests_per_minute FROM host_budgets WHERE host = ${host}),
            CASE WHEN ${host}::text ~ ${PRIVATE_HOST} THEN 0 ELSE ${limits.requestsPerMinute}::integer END) AS rpm) budget
         WHERE rpm > 0)
      ${TAKE_SLOTS}
      RETURNING room, granted, extract(epoch FROM free_at - now())::double precision - burst * interval_seconds AS wait`.execute(
      this.database.db,
    );
    const [asked] = rows;
    if (asked === undefined || asked.room > 0) return 0;
    await sql`UPDATE host_slots SET free_at = free_at - make_interval(secs => interval_seconds * ${asked.granted})
      WHERE host = ${host}`.execute(this.database.db);
    return Math.max(1, asked.wait);
  }

  /** The host asks for no requests at all for a while (Retry-After). Of two such wishes the longer one counts. */
  async close(host: string, seconds: number): Promise<void> {
    await sql`
      INSERT INTO host_slots AS s (host, free_at, closed_until, interval_seconds, burst)
        VALUES (${host}, now(), now() + make_interval(secs => ${seconds}), 60, 1)
      ON CONFLICT (host) DO UPDATE SET closed_until = greatest(s.closed_until, excluded.closed_until)`.execute(
      this.database.db,
    );
  }
}
