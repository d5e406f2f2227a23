/** Takes back what was held against feeds before an outage of our own network was recognised. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';

/** A failure as it was stored. */
export interface CountedFailure {
  feedId: string;
  fetchId: string;
}

@Injectable()
export class OwnOutageRepository {
  constructor(private readonly database: Database) {}

  /**
   * Uncounts failures that are still their feeds' last fetch: health as before, the class `errorClass`, polled again
   * within `withinSeconds`. Doing it twice changes nothing. Answers how many feeds it cleared.
   */
  async forgive(failures: readonly CountedFailure[], errorClass: string, withinSeconds: number): Promise<number> {
    const { rows } = await sql<{ id: string }>`
      WITH asked AS (
        SELECT * FROM unnest(${failures.map((one) => one.feedId)}::uuid[], ${failures.map((one) => one.fetchId)}::uuid[])
          AS a(feed_id, fetch_id)),
      held AS (
        SELECT f.id, f.last_fetch_id FROM feeds f JOIN asked a ON a.feed_id = f.id AND a.fetch_id = f.last_fetch_id
         WHERE f.last_error_class <> ${errorClass} ORDER BY f.id FOR UPDATE OF f),
      said AS (
        UPDATE fetches SET error_class = ${errorClass} FROM held WHERE fetches.id = held.last_fetch_id)
      UPDATE feeds f SET
          consecutive_failures = greatest(0, f.consecutive_failures - 1), last_error_class = ${errorClass},
          last_error = f.last_error || ': an outage of our own network', answer_facts = '{"scope": "ours"}',
          next_fetch_at = least(f.next_fetch_at, now() + make_interval(secs => random() * ${withinSeconds})),
          next_fetch_reason = 'trouble on our side: within ' || ${withinSeconds}::int || ' s'
        FROM held WHERE f.id = held.id
      RETURNING f.id`.execute(this.database.db);
    return rows.length;
  }
}
