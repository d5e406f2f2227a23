/**
 * Applies a channel's filter to the stories that were there before it, in steps of bounded size: the newest first, each in a transaction of its own in
 * the fan-out lane, with its place kept beside the channel. A process may die between any two.
 */
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { StoryFilter } from '#contracts/channel-filter.js';
import type { Schema } from './schema.js';
import { belongsSql } from './story-filter-sql.js';

/** Stories that one step looks at: some ten milliseconds in the lane. */
const STORIES_OF_A_STEP = 1_000;

export interface FillStep {
  looked: number;
  joined: number;
  left: number;
  /** False: older stories are left to look at. */
  done: boolean;
}

/** From the newest story on. What the channel holds stays until its place is reached. The caller is in the lane. */
export async function beginFilling(trx: Transaction<Schema>, channelId: string): Promise<void> {
  await sql`UPDATE channels SET filling_at = 'infinity', filling_id = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
    WHERE id = ${channelId}`.execute(trx);
}

/** The next step, in the lane. `most` for tests. */
export async function fillStep(
  trx: Transaction<Schema>,
  channelId: string,
  most = STORIES_OF_A_STEP,
): Promise<FillStep> {
  const { rows: open } = await sql<{ filter: StoryFilter; slugs: string[]; at: string; id: string; first: boolean }>`
    SELECT filter, slug || ARRAY(SELECT slug FROM channel_slugs f WHERE f.channel_id = c.id) AS slugs,
           filling_at::text AS at, filling_id AS id, filling_at = 'infinity' AS first
      FROM channels c WHERE id = ${channelId} AND filling_at IS NOT NULL FOR UPDATE`.execute(trx);
  const [place] = open;
  if (place === undefined) return { looked: 0, joined: 0, left: 0, done: true };
  const belongs = belongsSql(place.filter, place.slugs);
  const { rows } = await stepSql(channelId, place, belongs, most).execute(trx);
  const step = rows[0];
  const done = step === undefined || step.looked < most;
  const changed = step !== undefined && step.joined + step.left > 0;
  // Readers' caches move at the start, where the feeds are, and at the end: not for every step of a long archive.
  await sql`
    UPDATE channels SET version = version + ${(place.first && changed) || done ? 1 : 0},
           filling_at = ${done ? null : step.at}::timestamptz, filling_id = ${done ? null : step.id}::uuid
     WHERE id = ${channelId}`.execute(trx);
  return { looked: step?.looked ?? 0, joined: step?.joined ?? 0, left: step?.left ?? 0, done };
}

interface StepRow {
  looked: number;
  joined: number;
  left: number;
  at: string;
  id: string;
}

function stepSql(
  channelId: string,
  place: { at: string; id: string },
  belongs: RawBuilder<boolean>,
  most: number,
): RawBuilder<StepRow> {
  return sql<StepRow>`
    WITH span AS MATERIALIZED (
      SELECT s.id, s.sort_at, ${belongs} AS belongs FROM stories s
       WHERE s.status = 'published' AND (s.sort_at, s.id) < (${place.at}::timestamptz, ${place.id}::uuid)
       ORDER BY s.sort_at DESC, s.id DESC LIMIT ${most}),
    gone AS (
      DELETE FROM channel_stories cs USING span
       WHERE cs.channel_id = ${channelId} AND cs.story_id = span.id AND NOT span.belongs RETURNING 1),
    come AS (
      INSERT INTO channel_stories (channel_id, story_id, sort_at)
        SELECT ${channelId}::uuid, id, sort_at FROM span WHERE belongs ORDER BY id
      ON CONFLICT DO NOTHING RETURNING 1),
    oldest AS (SELECT id, sort_at::text AS at FROM span ORDER BY span.sort_at, span.id LIMIT 1)
    SELECT (SELECT count(*) FROM span) AS looked, (SELECT count(*) FROM come) AS joined,
           (SELECT count(*) FROM gone) AS left, at, id FROM oldest`;
}
