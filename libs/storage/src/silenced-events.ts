/** Events whose text may not be passed on any more: nobody further is told of them, and what rights took back is not sent from where it waits. */
import { type RawBuilder, sql, type Transaction } from 'kysely';
import { enterFanOutLane } from './fan-out-lane.js';
import type { Schema } from './schema.js';

/** Events of the story up to this version; `reason` in words, beginning with `rights: `. */
export interface SilencedVersions {
  storyId: string;
  versionSilenced: number | null;
  reason: string;
}

/** Why deliveries of a withdrawn story's events end. */
export const WITHDRAWN = 'taken back: the story was withdrawn';

/** Of a delivery `d`: it was silenced, its story withdrawn, or its replay stopped, while somebody sent it. That attempt was its last one. */
export const SILENCED_WHILE_SENT = sql<boolean>`coalesce(d.status_reason ~ '^(rights: |taken back: |replay \\S+ was stopped)', false)`;

/** Of an event `e`: it says what the story said. */
export const TELLS_TEXT = sql<boolean>`e.type IN ('story.published', 'story.updated', 'story.merged')`;

/** Of an event `e`: its text was taken back since, by rights or with its story. Only that it happened is still told to anybody. */
export const TAKEN_BACK = sql<boolean>`(coalesce(e.quiet_reason LIKE 'rights: %', false)
  OR e.type <> 'story.withdrawn' AND EXISTS (SELECT FROM stories s WHERE s.id = e.story_id AND s.status = 'withdrawn'))`;

/** Of an event `e`: endpoints may be told of it, for the first time or again. */
export const MAY_BE_TOLD = sql<boolean>`(e.quiet_reason IS NULL AND NOT ${TAKEN_BACK})`;

/**
 * The caller has locked the stories and written what changed; this is the last it does. In the fan-out lane: whoever fans
 * out is before, and its deliveries are seen here, or after, and sees that the events are quiet. What was handed out and not
 * taken up is cancelled with what waits; what somebody sends this moment is marked, so that it is not tried again. Events
 * that were sent long ago become quiet too: no delivery of theirs is sent again. Bodies stay as they are.
 */
export async function silenceEvents(trx: Transaction<Schema>, outcomes: readonly SilencedVersions[]): Promise<void> {
  const silenced = outcomes.filter(({ versionSilenced }) => versionSilenced !== null);
  if (silenced.length === 0) return;
  await enterFanOutLane(trx);
  const told = sql`
    SELECT e.id, r.reason FROM json_to_recordset(${JSON.stringify(silenced)}::json) AS r("storyId" uuid, "versionSilenced" int, reason text)
      JOIN events e ON e.story_id = r."storyId" AND e.story_version <= r."versionSilenced"
     WHERE ${TELLS_TEXT}`;
  await sql`
    WITH told AS (${told}), loud AS (
      SELECT e.id, told.reason FROM told JOIN events e ON e.id = told.id
       WHERE e.quiet_reason IS NULL ORDER BY e.id FOR NO KEY UPDATE OF e)
    UPDATE events e SET quiet_reason = l.reason FROM loud l WHERE e.id = l.id`.execute(trx);
  await cancelOpen(trx, told);
}

/**
 * What waits of the stories that these events (`story.withdrawn`) take back is not sent any more: who has not heard of such a story by now hears
 * that it is gone. In the fan-out lane, after the deliveries of the batch are written.
 */
export async function cancelWithdrawn(trx: Transaction<Schema>, withdrawalIds: readonly string[]): Promise<void> {
  if (withdrawalIds.length === 0) return;
  await cancelOpen(
    trx,
    sql`SELECT e.id, ${WITHDRAWN}::text AS reason
          FROM events w JOIN events e ON e.story_id = w.story_id AND e.story_version < w.story_version
         WHERE w.id = ANY(${withdrawalIds}::uuid[]) AND ${TELLS_TEXT}`,
  );
}

/** `told`: events with the reason why their open deliveries end. */
async function cancelOpen(trx: Transaction<Schema>, told: RawBuilder<unknown>): Promise<void> {
  await sql`
    WITH told AS MATERIALIZED (${told}), open AS MATERIALIZED (
      SELECT d.event_id, d.endpoint_id, told.reason,
             d.status = 'delivering' AND coalesce(d.lease_until >= now(), false) AS "isSent"
        FROM told JOIN deliveries d ON d.event_id = told.id
       WHERE d.status IN ('pending', 'delivering') ORDER BY d.event_id, d.endpoint_id FOR NO KEY UPDATE OF d)
    UPDATE deliveries d SET status_reason = o.reason,
           status = CASE WHEN o."isSent" THEN d.status ELSE 'cancelled' END,
           finished_at = CASE WHEN o."isSent" THEN d.finished_at ELSE now() END,
           enqueued_at = CASE WHEN o."isSent" THEN d.enqueued_at END,
           lease_token = CASE WHEN o."isSent" THEN d.lease_token END,
           lease_until = CASE WHEN o."isSent" THEN d.lease_until END
      FROM open o WHERE d.event_id = o.event_id AND d.endpoint_id = o.endpoint_id`.execute(trx);
}
