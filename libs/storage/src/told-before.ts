/** Who has a story that is taken back, and must drop it: by what was sent, or where that is not kept any more, by what was said. */
import { sql, type Transaction } from 'kysely';
import type { EventType } from '#contracts/events.js';
import { deliveriesKeptSince } from './delivery-retention.js';
import { prepared } from './prepared-statements.js';
import type { Schema } from './schema.js';
import { TELLS_TEXT } from './silenced-events.js';

/** Endpoints that ask for the event's type and have deliveries of earlier events of its story. */
export interface StoryReceivers {
  eventId: string;
  endpointIds: string[];
}

/** What an earlier event said of a story that is taken back, where its deliveries are not kept any more: its facts, without its text. */
export interface FormerTelling {
  /** The event that takes the story back. */
  eventId: string;
  type: EventType;
  seq: number;
  body: Record<string, unknown>;
}

/** Of events that take a story back: `receivers` were told of it before, `tellings` were said of it before that is known. */
export interface ToldBefore {
  receivers: StoryReceivers[];
  tellings: FormerTelling[];
}

/** Events of one story that are asked who heard of them. */
const MOST_TELLINGS = 20;

/** Whoever has the story must drop it. */
export function isTakedown(type: EventType): boolean {
  return type === 'story.withdrawn' || type === 'story.merged';
}

/** Nothing where no event takes a story back, or no endpoint asks for such. */
export async function toldBefore(
  trx: Transaction<Schema>,
  events: readonly { id: string; type: EventType; body: unknown }[],
  endpoints: readonly { id: string; eventTypes: readonly EventType[] }[],
): Promise<ToldBefore> {
  const takedowns = events.flatMap(({ id, type, body }) => (isTakedown(type) && body !== null ? [id] : []));
  const asking = endpoints.flatMap(({ id, eventTypes }) => (eventTypes.some(isTakedown) ? [id] : []));
  if (takedowns.length === 0 || asking.length === 0) return { receivers: [], tellings: [] };
  return { receivers: await loadReceivers(trx, takedowns, asking), tellings: await loadTellings(trx, takedowns) };
}

/**
 * One whose deliveries were all cancelled as they were made knows nothing of the story. What was cancelled later may have been read before
 * any attempt: an endpoint's events tell them as soon as its deliveries are there. Events are found by their story and deliveries by
 * their event, each by key in its week: OFFSET keeps the planner from reading through the deliveries instead.
 */
async function loadReceivers(
  trx: Transaction<Schema>,
  takedowns: readonly string[],
  asking: readonly string[],
): Promise<StoryReceivers[]> {
  const { rows } = await prepared(sql<StoryReceivers>`
    SELECT w.id AS "eventId", array_agg(DISTINCT told.endpoint_id::text) AS "endpointIds"
      FROM unnest((SELECT ${takedowns}::uuid[])) AS t(id) JOIN events w ON w.id = t.id
      JOIN events e ON e.story_id = w.story_id AND e.story_version < w.story_version
      CROSS JOIN LATERAL (
        SELECT d.endpoint_id FROM deliveries d
         WHERE d.event_id = e.id AND (d.status <> 'cancelled' OR d.finished_at > d.created_at OR d.attempts > 0 OR EXISTS (
           SELECT FROM attempts a WHERE a.event_id = d.event_id AND a.endpoint_id = d.endpoint_id))
        OFFSET 0) told
      JOIN unnest((SELECT ${asking}::uuid[])) AS asking(id) ON asking.id = told.endpoint_id
     WHERE ${TELLS_TEXT} GROUP BY w.id`).execute(trx);
  return rows;
}

/** The newest of each story. An event that was quiet from the beginning told nobody; one that rights silenced later did. */
async function loadTellings(trx: Transaction<Schema>, takedowns: readonly string[]): Promise<FormerTelling[]> {
  const keptSince = await deliveriesKeptSince(trx);
  if (keptSince === null) return [];
  const { rows } = await prepared(sql<FormerTelling>`
    SELECT w.id AS "eventId", told.type, told.seq, jsonb_build_object('story', jsonb_build_object(
        'tags', told.body #> '{story,tags}', 'partners', told.body #> '{story,partners}',
        'language', told.body #> '{story,language}')) AS body
      FROM unnest((SELECT ${takedowns}::uuid[])) AS t(id) JOIN events w ON w.id = t.id
      CROSS JOIN LATERAL (
        SELECT e.type, e.seq, e.body FROM events e
         WHERE e.story_id = w.story_id AND e.story_version < w.story_version AND ${TELLS_TEXT} AND e.seq IS NOT NULL
           AND coalesce(e.quiet_reason LIKE 'rights: %', true) AND e.id < uuid_v7_floor(${keptSince}::timestamptz)
         ORDER BY e.story_version DESC LIMIT ${MOST_TELLINGS}) told
     WHERE jsonb_typeof(told.body #> '{story,tags}') = 'array' AND jsonb_typeof(told.body #> '{story,partners}') = 'array'`).execute(
    trx,
  );
  return rows;
}
