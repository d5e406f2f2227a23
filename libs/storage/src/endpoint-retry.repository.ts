/** Retries that a partner asks for take turns: each stores an attempt with what was answered, and nothing else bounds a loop of them. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';

/** How often one of an endpoint's deliveries can be sent again in the long run, and how many at once before that. */
export const RETRY_EVERY_SECONDS = 5;
export const RETRIES_AT_ONCE = 20;

@Injectable()
export class EndpointRetryRepository {
  constructor(private readonly database: Database) {}

  /** Takes a turn of the endpoint's. Answers the seconds until there is one, at least 1; 0: it was taken. */
  async take(endpointId: string): Promise<number> {
    // `retries_until`: when all turns that were taken are paid back, one in RETRY_EVERY_SECONDS.
    const { rows: taken } = await sql`
      UPDATE endpoints SET retries_until = greatest(retries_until, now()) + make_interval(secs => ${RETRY_EVERY_SECONDS})
      WHERE id = ${endpointId} AND (retries_until IS NULL OR retries_until <= now() + ${ahead})
      RETURNING id`.execute(this.database.db);
    if (taken.length > 0) return 0;
    const { rows } = await sql<{ wait: number }>`
      SELECT greatest(1, ceil(extract(epoch FROM retries_until - now() - ${ahead})))::int AS wait
      FROM endpoints WHERE id = ${endpointId}`.execute(this.database.db);
    return rows[0]?.wait ?? 0;
  }
}

const ahead = sql`make_interval(secs => ${RETRY_EVERY_SECONDS * (RETRIES_AT_ONCE - 1)})`;
