/** Hosts' budgets for whoever sends requests besides the polls, or hears that a host wants none. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type HostLimits, shareHost } from '#domain/host-budget.js';
import { MAX_BACKOFF_SECONDS } from '#domain/next-fetch.js';
import { isPrivateHost } from '#domain/private-host.js';
import { Database } from './database.js';
import { lockHosts, saveHosts } from './host-slots.js';

@Injectable()
export class HostSlotRepository {
  constructor(private readonly database: Database) {}

  /**
   * Takes one request from the budget of `host` (`example.com` or `example.com:8080`). 0 when it may be sent now; else the
   * seconds after which to ask again, and nothing is taken. `limits` of hosts without their own.
   */
  async take(host: string, limits: HostLimits): Promise<number> {
    return this.database.transaction(async (trx) => {
      const own = await trx.selectFrom('host_budgets').selectAll().where('host', '=', host).executeTakeFirst();
      const requestsPerMinute = own?.requests_per_minute ?? (isPrivateHost(host) ? 0 : limits.requestsPerMinute);
      const { states, now } = await lockHosts(trx, [
        { host, limits: { requestsPerMinute, connections: 1 }, asking: 1 },
      ]);
      const state = states.get(host);
      if (state === undefined) return 0;
      const demand = { due: [{ id: host, promised: false }], inHand: 0 };
      const verdict = shareHost(now, { requestsPerMinute, connections: 1 }, state, demand, Math.random);
      const wait = verdict.later[0]?.waitSeconds;
      const spent = wait === undefined ? verdict : { ...verdict, freeAt: state.freeAt };
      await saveHosts(trx, states, new Map([[host, spent]]));
      return wait ?? 0;
    });
  }

  /**
   * The host asks for no requests at all for a while (Retry-After). Of two such wishes the longer one counts; more than three days
   * are granted to none, as to no feed: a slip of one answer would end all feeds of the host for good.
   */
  async close(host: string, wishedSeconds: number): Promise<void> {
    const seconds = Math.min(wishedSeconds, MAX_BACKOFF_SECONDS);
    await sql`
      INSERT INTO host_slots AS s (host, free_at, closed_until) VALUES (${host}, now(), now() + make_interval(secs => ${seconds}))
      ON CONFLICT (host) DO UPDATE SET closed_until = greatest(s.closed_until, excluded.closed_until)`.execute(
      this.database.db,
    );
  }
}
