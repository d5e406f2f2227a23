/** What is known when events are carried outwards: the events, their stories, and whoever may be told of them. Read in one transaction. */
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { EndpointFilter, StoryFilter } from '#contracts/channel-filter.js';
import type { EventType } from '#contracts/events.js';
import { IS_NAMED } from './partner-naming.js';
import { prepared } from './prepared-statements.js';
import type { Schema } from './schema.js';
import { TAKEN_BACK } from './silenced-events.js';
import { rulingsSql, STORY_MEDIA_SQL } from './story-filter-sql.js';
import { isTakedown, type ToldBefore, toldBefore } from './told-before.js';

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

/** Of those of the events that have not been fanned out yet. */
export async function loadFacts(trx: Transaction<Schema>, eventIds: string[]): Promise<FanOutFacts> {
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

export const CHANNELS = sql<FanOutChannel>`
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

export async function loadStories(trx: Transaction<Schema>, ids: string[]): Promise<FanOutStory[]> {
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
