/** Which of an endpoint's deliveries a replay is about, as SQL over deliveries `d` and events `e`. */
import { type RawBuilder, sql } from 'kysely';
import type { EventType } from '#contracts/events.js';

export interface ReplaySelection {
  /** By when events happened: from `since` to before `until`. */
  since: Date;
  until: Date;
  onlyFailed: boolean;
  types: EventType[] | null;
  /** To another address: there even what is on its way to the endpoint was never sent. */
  isElsewhere: boolean;
}

/** Deliveries are made after their event, by another machine's clock perhaps. */
const CLOCKS_APART = sql`interval '1 hour'`;

/** An id that no delivery of the span comes before. Ids know no moment before 1970: from there on is everything. */
export function firstCursor(since: Date): RawBuilder<string> {
  return sql<string>`uuid_v7_floor(greatest(${since}::timestamptz - ${CLOCKS_APART}, 'epoch'))`;
}

/** The span, by the time that events' ids carry: whole partitions are passed over. */
export function inSpan({ since, until }: ReplaySelection): RawBuilder<boolean> {
  return sql<boolean>`d.event_id >= uuid_v7_floor(greatest(${since}::timestamptz, 'epoch'))
    AND d.event_id < uuid_v7_floor(greatest(${until}::timestamptz, 'epoch'))`;
}

/** Ended without success, or failed at least once and waits for the next attempt. */
const HAS_FAILED = sql<boolean>`(d.status IN ('failed', 'cancelled')
  OR d.status = 'pending' AND d.attempts > 0 AND d.next_attempt_at > now())`;

/** Asked for, whatever may be done with it. */
export function isAskedFor({ onlyFailed }: ReplaySelection): RawBuilder<boolean> {
  return onlyFailed ? HAS_FAILED : sql<boolean>`true`;
}

/** Not on its way there anyway. */
export function canBeMadeDue({ isElsewhere }: ReplaySelection): RawBuilder<boolean> {
  if (isElsewhere) return sql<boolean>`true`;
  return sql<boolean>`(d.status IN ('delivered', 'failed', 'cancelled')
    OR d.status = 'pending' AND d.attempts > 0 AND d.next_attempt_at > now())`;
}

export function isOfTypes({ types }: ReplaySelection): RawBuilder<boolean> {
  return types === null ? sql<boolean>`true` : sql<boolean>`e.type = ANY(${types}::text[])`;
}

/** The reason of a delivery that a replay made due, until its attempt has another. */
export function sentAgainBy(replayId: string): string {
  return `sent again by replay ${replayId}`;
}
