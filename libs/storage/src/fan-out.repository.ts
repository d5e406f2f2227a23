/** Carries events outwards: which channels hold their stories, and which endpoints get them. One transaction a batch, the same result however often it runs. */
import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import { Database } from './database.js';
import { CHANNELS, type FanOutEvent, type FanOutFacts, loadFacts, loadStories } from './fan-out-facts.js';
import { enterFanOutLane } from './fan-out-lane.js';
import { prepared } from './prepared-statements.js';
import type { Schema } from './schema.js';
import { cancelWithdrawn, WITHDRAWN } from './silenced-events.js';
import { uuidV7 } from './uuid.js';

/** `changed`: channels whose list now shows something else. */
export interface FanOutDecision {
  joins: { channelId: string; storyId: string; sortAt: Date }[];
  leaves: { channelId: string; storyId: string }[];
  changed: string[];
  deliveries: { event: FanOutEvent; endpointId: string; webhookId: string }[];
}

export type ChannelMoves = Pick<FanOutDecision, 'joins' | 'leaves' | 'changed'>;

@Injectable()
export class FanOutRepository {
  constructor(private readonly database: Database) {}

  /**
   * Decides and writes for those of `eventIds` that have not been fanned out yet. `decide` is pure. Answers what was
   * decided: no events when another job was first.
   */
  async fanOut(
    eventIds: string[],
    decide: (facts: FanOutFacts) => FanOutDecision,
  ): Promise<FanOutFacts & FanOutDecision> {
    return this.database.transaction(async (trx) => {
      await enterFanOutLane(trx);
      const facts = await loadFacts(trx, eventIds);
      const decision = decide(facts);
      if (facts.events.length > 0) await write(trx, facts, decision);
      return { ...facts, ...decision };
    });
  }

  /** Decides again for up to `limit` stories that changed without an event: another partner carries them now. Answers how many were looked at. */
  async recheck(
    limit: number,
    decide: (facts: Pick<FanOutFacts, 'stories' | 'channels'>) => ChannelMoves,
  ): Promise<number> {
    const { rows: waiting } = await sql`SELECT FROM channel_rechecks LIMIT 1`.execute(this.database.db);
    if (waiting.length === 0) return 0;
    return this.database.transaction(async (trx) => {
      await enterFanOutLane(trx);
      const { rows } = await sql<{ storyId: string }>`
        DELETE FROM channel_rechecks WHERE id IN (SELECT id FROM channel_rechecks ORDER BY id LIMIT ${limit})
        RETURNING story_id AS "storyId"`.execute(trx);
      const { rows: channels } = await prepared(CHANNELS).execute(trx);
      const storyIds = [...new Set(rows.map(({ storyId }) => storyId))];
      if (channels.length > 0 && storyIds.length > 0)
        await moveStories(trx, decide({ channels, stories: await loadStories(trx, storyIds) }));
      return rows.length;
    });
  }
}

async function write(trx: Transaction<Schema>, facts: FanOutFacts, decision: FanOutDecision): Promise<void> {
  await moveStories(trx, decision);
  await insertDeliveries(trx, facts.events, decision.deliveries);
  const withdrawalIds = facts.events.flatMap(({ id, type }) => (type === 'story.withdrawn' ? [id] : []));
  await cancelWithdrawn(trx, withdrawalIds);
}

async function moveStories(trx: Transaction<Schema>, { joins, leaves, changed }: ChannelMoves): Promise<void> {
  if (leaves.length > 0)
    await sql`
      WITH gone AS (DELETE FROM channel_stories cs USING unnest(${leaves.map((leave) => leave.channelId)}::uuid[],
        ${leaves.map((leave) => leave.storyId)}::uuid[]) AS l(channel_id, story_id)
      WHERE cs.channel_id = l.channel_id AND cs.story_id = l.story_id RETURNING cs.channel_id, cs.story_id)
      INSERT INTO channel_departures (channel_id, story_id) SELECT channel_id, story_id FROM gone ORDER BY 1, 2
      ON CONFLICT (channel_id, story_id) DO UPDATE SET left_at = now()`.execute(trx);
  if (joins.length > 0)
    await prepared(sql`
      INSERT INTO channel_stories (channel_id, story_id, sort_at)
      SELECT * FROM unnest(${joins.map((join) => join.channelId)}::uuid[], ${joins.map((join) => join.storyId)}::uuid[],
        ${joins.map((join) => join.sortAt)}::timestamptz[])
      ON CONFLICT DO NOTHING`).execute(trx);
  if (changed.length > 0)
    await prepared(sql`UPDATE channels SET version = version + 1 WHERE id = ANY(${changed}::uuid[])`).execute(trx);
}

/**
 * With them the events are done. Batches may come in another order than their events: what comes after its story's withdrawal
 * waits for nobody to cancel it.
 */
async function insertDeliveries(
  trx: Transaction<Schema>,
  events: readonly FanOutEvent[],
  rows: FanOutDecision['deliveries'],
): Promise<void> {
  const column = <T>(value: (row: FanOutDecision['deliveries'][number]) => T): T[] => rows.map(value);
  await prepared(sql`
    WITH done AS (
      UPDATE events SET fanned_out_at = now(), enqueued_at = NULL WHERE id = ANY(${events.map(({ id }) => id)}::uuid[]))
    INSERT INTO deliveries (event_id, endpoint_id, id, webhook_id, event_seq, correlation_id, status, status_reason,
      finished_at, next_attempt_at, created_at)
    SELECT r.event_id, r.endpoint_id, r.id, r.webhook_id, r.seq, r.correlation_id,
      CASE WHEN r.taken_back THEN 'cancelled' ELSE 'pending' END, CASE WHEN r.taken_back THEN ${WITHDRAWN}::text END,
      CASE WHEN r.taken_back THEN now() END, now(), now()
    FROM unnest(${column(({ event }) => event.id)}::uuid[], ${column(({ endpointId }) => endpointId)}::uuid[],
      ${column(() => uuidV7())}::uuid[], ${column((row) => row.webhookId)}::text[],
      ${column(({ event }) => event.seq)}::bigint[], ${column(({ event }) => event.correlationId)}::text[],
      ${column(({ event }) => event.takenBack)}::boolean[])
      AS r(event_id, endpoint_id, id, webhook_id, seq, correlation_id, taken_back)
    ORDER BY r.event_id, r.endpoint_id
    ON CONFLICT (event_id, endpoint_id) DO NOTHING`).execute(trx);
}
