/** Carries events outwards: which channels hold their stories, and which endpoints get them. One transaction a batch, the same result however often it runs. */
import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { EndpointFilter, StoryFilter } from '#contracts/channel-filter.js';
import type { EventType } from '#contracts/events.js';
import { Database } from './database.js';
import { enterFanOutLane } from './fan-out-lane.js';
import { IS_NAMED } from './partner-naming.js';
import { prepared } from './prepared-statements.js';
import type { Schema } from './schema.js';
import { cancelWithdrawn, TAKEN_BACK, WITHDRAWN } from './silenced-events.js';
import { rulingsSql, STORY_MEDIA_SQL } from './story-filter-sql.js';
import { isTakedown, type ToldBefore, toldBefore } from './told-before.js';
import { uuidV7 } from './uuid.js';

/** `body` is null where nobody is told: quiet events, or no endpoint at all. */
export interface FanOutEvent {
  id: string;
  type: EventType;
  seq: number;
  storyId: string | null;
  correlationId: string;
  createdAt: Date;
  body: Record<string, unknown> | null;
  /** The endpoint that it is about, and whose that is; null for events about stories. */
  endpointId: string | null;
  partnerId: string | null;
  /** Its story was withdrawn since: its deliveries are made, and cancelled at once. */
  takenBack: boolean;
  /** Its story is part of another one by now. */
  isMerged: boolean;
}

/** `takedown` says that the story of the event `eventId` was merged; it is the later one, and was fanned out before. */
export interface OvertakingEvent {
  eventId: string;
  takedown: FanOutEvent;
}

/** A story as it is now, whatever its event said; `channels` are the ids of those that hold it, `routes` the slugs of those that rules send it to. */
export interface FanOutStory {
  id: string;
  published: boolean;
  sortAt: Date;
  language: string | null;
  partners: string[];
  tags: string[];
  channels: string[];
  routes: string[];
  /** Ids of the channels whose lists of words it has. */
  worded: string[];
  media: string[];
  /** Since it was published. */
  ageHours: number;
}

/** `formerSlugs`: those that it had before; rules and endpoints may still name it by them. */
export interface FanOutChannel {
  id: string;
  slug: string;
  formerSlugs: string[];
  filter: StoryFilter;
}

export interface FanOutEndpoint {
  id: string;
  eventTypes: EventType[];
  filter: EndpointFilter;
  sinceSeq: number;
  partnerId: string | null;
}

/** What the decision is made from. `stories` is empty while there are no channels. */
export interface FanOutFacts extends ToldBefore {
  events: FanOutEvent[];
  stories: FanOutStory[];
  channels: FanOutChannel[];
  endpoints: FanOutEndpoint[];
  overtaking: OvertakingEvent[];
}

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

async function loadFacts(trx: Transaction<Schema>, eventIds: string[]): Promise<FanOutFacts> {
  const { channels, endpoints } = await loadReceiving(trx);
  const { rows: events } = await prepared(sql<FanOutEvent>`
    SELECT ${eventColumns(endpoints.length > 0)} FROM events e WHERE id = ANY(${eventIds}::uuid[]) AND seq IS NOT NULL AND fanned_out_at IS NULL
    ORDER BY seq`).execute(trx);
  const storyIds = [...new Set(events.flatMap((event) => event.storyId ?? []))];
  const stories = channels.length === 0 || storyIds.length === 0 ? [] : await loadStories(trx, storyIds);
  const overtaking = await loadOvertaking(trx, events, endpoints);
  return { events, stories, channels, endpoints, overtaking, ...(await toldBefore(trx, events, endpoints)) };
}

/** Of events `e`. */
function eventColumns(isTold: boolean): RawBuilder<unknown> {
  return sql`e.id, e.type, e.seq, e.story_id AS "storyId", e.correlation_id AS "correlationId", e.created_at AS "createdAt",
    CASE WHEN e.quiet_reason IS NULL AND ${isTold} THEN e.body END AS body,
    e.endpoint_id AS "endpointId", (SELECT partner_id FROM endpoints p WHERE p.id = e.endpoint_id) AS "partnerId",
    ${TAKEN_BACK} AS "takenBack",
    EXISTS (SELECT FROM stories s WHERE s.id = e.story_id AND s.status = 'merged') AS "isMerged"`;
}

/**
 * Batches may come in another order than their events: whoever hears of a story only now was none of those who heard that it was
 * merged. Of a withdrawn one nobody hears any more.
 */
async function loadOvertaking(
  trx: Transaction<Schema>,
  events: readonly FanOutEvent[],
  endpoints: readonly FanOutEndpoint[],
): Promise<OvertakingEvent[]> {
  const late = events.flatMap(({ id, type, body, isMerged }) =>
    isMerged && body !== null && !isTakedown(type) ? [id] : [],
  );
  if (late.length === 0 || !endpoints.some(({ eventTypes }) => eventTypes.includes('story.merged'))) return [];
  const { rows } = await prepared(sql<FanOutEvent & { eventId: string }>`
    SELECT late.id AS "eventId", ${eventColumns(true)} FROM events late
      JOIN events e ON e.story_id = late.story_id AND e.story_version > late.story_version
     WHERE late.id = ANY(${late}::uuid[]) AND e.type = 'story.merged' AND e.fanned_out_at IS NOT NULL
       AND e.quiet_reason IS NULL ORDER BY late.seq, e.seq`).execute(trx);
  return rows.map(({ eventId, ...takedown }) => ({ eventId, takedown }));
}

const CHANNELS = sql<FanOutChannel>`
  SELECT id, slug, filter, ARRAY(SELECT f.slug FROM channel_slugs f WHERE f.channel_id = c.id) AS "formerSlugs" FROM channels c`;

/** Paused endpoints collect what they will get; disabled ones get nothing. */
async function loadReceiving(trx: Transaction<Schema>): Promise<Pick<FanOutFacts, 'channels' | 'endpoints'>> {
  const { rows } = await prepared(sql<Pick<FanOutFacts, 'channels' | 'endpoints'>>`
    SELECT coalesce((SELECT json_agg(c) FROM (${CHANNELS}) c), '[]') AS channels,
      coalesce((SELECT json_agg(p) FROM (
        SELECT id, event_types AS "eventTypes", filter, since_seq AS "sinceSeq", partner_id AS "partnerId"
          FROM endpoints WHERE status <> 'disabled') p), '[]') AS endpoints`).execute(trx);
  const [receiving] = rows;
  if (receiving === undefined) throw new Error('a row was expected');
  return receiving;
}

async function loadStories(trx: Transaction<Schema>, ids: string[]): Promise<FanOutStory[]> {
  const { rows } = await prepared(sql<FanOutStory>`
    SELECT s.id, s.status = 'published' AS published, s.sort_at AS "sortAt", s.language,
      ARRAY(SELECT p.slug FROM story_partners sp JOIN partners p ON p.id = sp.partner_id
        WHERE sp.story_id = s.id AND ${IS_NAMED}) AS partners,
      ARRAY(SELECT t.scheme || '/' || t.slug FROM story_tags st JOIN tags t ON t.id = st.tag_id WHERE st.story_id = s.id)
        AS tags,
      ARRAY(SELECT cs.channel_id::text FROM channel_stories cs WHERE cs.story_id = s.id) AS channels,
      ARRAY(SELECT DISTINCT unnest(o.routes) FROM ${rulingsSql(sql`s.id`)}) AS routes,
      ARRAY(SELECT c.id::text FROM channels c WHERE c.words IS NOT NULL AND s.search @@ c.words) AS worded,
      ${STORY_MEDIA_SQL} AS media, (extract(epoch FROM now() - s.sort_at) / 3600)::float8 AS "ageHours"
    FROM stories s WHERE s.id = ANY(${ids}::uuid[])`).execute(trx);
  return rows;
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
