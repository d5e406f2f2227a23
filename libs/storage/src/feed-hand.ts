/** What all claims share: when a feed is in somebody's hands, and how one that a person asked for is known. */
import { sql } from 'kysely';

/** A feed handed to the queue. Jobs of older generations do nothing. */
export interface ClaimedFeed {
  id: string;
  generation: number;
}

/** Set as next_fetch_reason by a refresh; the fetch that follows is logged as one. The index of due feeds has these words too. */
export const REFRESH_REASON = 'asked for by an operator';
/**
 * Feeds that are fetched when they are due: the active ones, and a paused one that a person asked for, once. Literals, for
 * they are the condition of the index of due feeds (migration 0055).
 */
export const IS_FETCHED = sql`(status = 'active' OR (status = 'paused' AND next_fetch_reason = ${sql.lit(REFRESH_REASON)}))`;
/**
 * A claim older than this is taken as lost (a process was killed). It is renewed when its fetch begins, and then covers
 * the longest one: 15 s of network, the wait for a thread and 2 s of parsing, and the writing.
 */
const PATIENCE = sql`interval '40 seconds'`;
export const NOT_IN_HAND = sql`(enqueued_at IS NULL OR enqueued_at < now() - ${PATIENCE})`;

/** Another reason to fetch a feed now does not end a refresh that is still to be made: a paused feed has no other fetch. */
export const unlessAskedFor = (reason: string) =>
  sql<string>`CASE WHEN next_fetch_reason = ${REFRESH_REASON} THEN next_fetch_reason ELSE ${reason} END`;
