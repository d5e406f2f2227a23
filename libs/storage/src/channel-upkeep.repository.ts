/** What keeps channels as their filters say while nothing happens: filters being applied, stories growing too old, partners joining. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type FillStep, fillStep } from './channel-filling.js';
import { Database } from './database.js';
import { enterFanOutLane } from './fan-out-lane.js';
import { rulingsSql } from './story-filter-sql.js';

/** Where rules alone decide, age does not. */
const LETS_AGE = sql`c.filter ? 'maxAgeHours' AND NOT c.filter ? 'onlyRouted'`;

@Injectable()
export class ChannelUpkeepRepository {
  constructor(private readonly database: Database) {}

  /** Ids of the channels whose filter is still being applied. */
  async filling(): Promise<string[]> {
    const { rows } = await sql<{ id: string }>`
      SELECT id FROM channels WHERE filling_at IS NOT NULL ORDER BY id`.execute(this.database.db);
    return rows.map(({ id }) => id);
  }

  /** The channel's next step. Whoever else works on it: each step is done once. */
  async fill(channelId: string, most?: number): Promise<FillStep> {
    return this.database.transaction(async (trx) => {
      await enterFanOutLane(trx);
      return fillStep(trx, channelId, most);
    });
  }

  /** Takes out up to `limit` stories that are older than their channels allow. Answers how many. */
  async expire(limit: number): Promise<number> {
    const { rows: aged } = await sql`
      SELECT FROM channels c WHERE ${LETS_AGE} AND EXISTS (SELECT FROM channel_stories cs
        WHERE cs.channel_id = c.id AND cs.sort_at <= now() - make_interval(hours => (c.filter->>'maxAgeHours')::int))
      LIMIT 1`.execute(this.database.db);
    if (aged.length === 0) return 0;
    return this.database.transaction(async (trx) => {
      await enterFanOutLane(trx);
      const { rows } = await sql<{ left: number }>`
        WITH old AS (
          SELECT cs.channel_id, cs.story_id FROM channels c JOIN channel_stories cs ON cs.channel_id = c.id
           WHERE ${LETS_AGE}
             AND cs.sort_at <= now() - make_interval(hours => (c.filter->>'maxAgeHours')::int)
             -- What a rule routes stays, whatever the filter says.
             AND NOT EXISTS (SELECT FROM ${rulingsSql(sql`cs.story_id`)} AND o.routes && (c.slug || ARRAY(
               SELECT slug FROM channel_slugs f WHERE f.channel_id = c.id)))
           ORDER BY cs.channel_id, cs.story_id LIMIT ${limit}),
        gone AS (
          DELETE FROM channel_stories cs USING old
           WHERE cs.channel_id = old.channel_id AND cs.story_id = old.story_id RETURNING cs.channel_id),
        moved AS (UPDATE channels SET version = version + 1 WHERE id IN (SELECT channel_id FROM gone))
        SELECT count(*) AS left FROM gone`.execute(trx);
      return rows[0]?.left ?? 0;
    });
  }
}
