/** The limits that operators set for single hosts, beside what the hub has to do there. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { HostLimits } from '#domain/host-budget.js';
import { Database } from './database.js';

/** A host with its feeds. Limits are null where the hub's own apply. */
export interface HostRow {
  host: string;
  requests_per_minute: number | null;
  connections: number | null;
  feeds: number;
  /** Feeds that wait for a moment of their own in the budget. */
  deferred: number;
  closed_until: Date | null;
}

@Injectable()
export class HostBudgetRepository {
  constructor(private readonly database: Database) {}

  /** Hosts with feeds or limits of their own, by name; one row more than `limit` when there is more. */
  async list({
    limit,
    after,
    limited,
  }: {
    limit: number;
    after?: string | undefined;
    limited: boolean;
  }): Promise<HostRow[]> {
    return this.select(
      sql`WHERE h.host > ${after ?? ''} AND (NOT ${limited}::boolean OR b.host IS NOT NULL)`,
      limit + 1,
    );
  }

  async get(host: string): Promise<HostRow | undefined> {
    return (await this.select(sql`WHERE h.host = ${host}`, 1))[0];
  }

  /** Sets a host's limits. Feeds that wait by the old ones are due now: the next claim puts them where they belong. */
  async put(host: string, limits: HostLimits): Promise<void> {
    await this.database.transaction(async (trx) => {
      await sql`
        INSERT INTO host_budgets (host, requests_per_minute, connections)
          VALUES (${host}, ${limits.requestsPerMinute}, ${limits.connections})
        ON CONFLICT (host) DO UPDATE SET requests_per_minute = excluded.requests_per_minute,
          connections = excluded.connections, updated_at = now()`.execute(trx);
      await forgetSlots(host).execute(trx);
    });
  }

  /** Gives a host the hub's own limits back. False when it had none of its own. */
  async remove(host: string): Promise<boolean> {
    return this.database.transaction(async (trx) => {
      const removed = await sql`DELETE FROM host_budgets WHERE host = ${host} RETURNING host`.execute(trx);
      await forgetSlots(host).execute(trx);
      return removed.rows.length > 0;
    });
  }

  private async select(where: ReturnType<typeof sql>, limit: number): Promise<HostRow[]> {
    const { rows } = await sql<HostRow>`
      WITH counted AS (
        SELECT host, count(*) AS feeds, count(*) FILTER (WHERE has_host_slot) AS deferred
          FROM feeds WHERE status <> 'retired' GROUP BY host),
      h AS (SELECT host FROM counted UNION SELECT host FROM host_budgets)
      SELECT h.host, b.requests_per_minute, b.connections, coalesce(c.feeds, 0) AS feeds,
          coalesce(c.deferred, 0) AS deferred, CASE WHEN s.closed_until > now() THEN s.closed_until END AS closed_until
        FROM h LEFT JOIN counted c USING (host) LEFT JOIN host_budgets b USING (host) LEFT JOIN host_slots s USING (host)
        ${where} ORDER BY h.host LIMIT ${limit}`.execute(this.database.db);
    return rows;
  }
}

/** The host's whole past is forgotten with its old limits, but for its own wish to be left alone. */
const forgetSlots = (host: string) => sql`
  WITH waiting AS (
    SELECT id FROM feeds WHERE host = ${host} AND has_host_slot ORDER BY id FOR UPDATE),
  released AS (
    UPDATE feeds SET next_fetch_at = now(), has_host_slot = false FROM waiting WHERE feeds.id = waiting.id)
  UPDATE host_slots SET free_at = now() WHERE host = ${host}`;
