/** Events whose text may not be passed on any more: nobody further is told of them, and what rights took back is not sent from where it waits. */
import { type RawBuilder, sql, type Transaction } from 'kysely';
import { enterFanOutLane } from './fan-out-lane.js';
import type { Schema } from './schema.js';

/**
 * Events of the story up to this version; `reason` in words, beginning with `rights: `. `lesser`: copies in the story whose whole text may
 * not be passed on; those events that told one of these while it led, and every event of stories that went into it and showed one.
 */
export interface SilencedVersions {
  storyId: string;
  versionSilenced: number | null;
  reason: string;
  lesser?: readonly LesserCopy[];
}

/** A copy of which an excerpt may be shown at most, or nothing (`isHidden`). */
export interface LesserCopy {
  itemId: string;
  isHidden: boolean;
}

/** Why deliveries of a withdrawn story's events end. */
export const WITHDRAWN = 'taken back: the story was withdrawn';

/** Why deliveries end of what a former lead told, or a story that went into another one, of a partner that allows less by now. */
const LESS_ALLOWED = sql<string>`'rights: its partner allows less of it now'::text`;

/** Of an event `e`: that its story went into another one, told with the text. */
const HAS_MERGED_TEXT = sql<boolean>`e.type = 'story.merged' AND (e.body #>> '{story,summary}') || (e.body #>> '{story,content}') <> ''`;

/** Of an event `e`: its body with the story's text and picture taken out. */
const WITHOUT_TEXT = sql`jsonb_set(e.body, '{story}', (e.body -> 'story') || '{"summary": "", "content": "", "image": null}')`;

/** Of a delivery `d`: it was silenced, its story withdrawn, or its replay stopped, while somebody sent it. That attempt was its last one. */
export const SILENCED_WHILE_SENT = sql<boolean>`coalesce(d.status_reason ~ '^(rights: |taken back: |replay \\S+ was stopped)', false)`;

/** Of an event `e`: it says what the story said. */
export const TELLS_TEXT = sql<boolean>`e.type IN ('story.published', 'story.updated', 'story.merged')`;

/** Of an event `e`: it tells a text. That a story went into another one must be told still: who has it must drop it. */
const IS_TEXT = sql<boolean>`e.type IN ('story.published', 'story.updated')`;

/** Of a story `s` that went into another one: what is left of both was withdrawn. */
const HOME_IS_WITHDRAWN = sql<boolean>`EXISTS (
  WITH RECURSIVE way AS (SELECT s.merged_into AS id UNION SELECT w.merged_into FROM way JOIN stories w ON w.id = way.id WHERE w.status = 'merged')
  SELECT FROM way JOIN stories home ON home.id = way.id WHERE home.status = 'withdrawn')`;

/** Of an event `e`: its text was taken back since, by rights or with its story. Only that it happened is still told to anybody. */
export const TAKEN_BACK = sql<boolean>`(coalesce(e.quiet_reason LIKE 'rights: %', false)
  OR e.type <> 'story.withdrawn' AND EXISTS (SELECT FROM stories s WHERE s.id = e.story_id AND (s.status = 'withdrawn'
    OR s.status = 'merged' AND ${IS_TEXT} AND ${HOME_IS_WITHDRAWN})))`;

/** Of an event `e`: endpoints may be told of it, for the first time or again. */
export const MAY_BE_TOLD = sql<boolean>`(e.quiet_reason IS NULL AND NOT ${TAKEN_BACK})`;

/**
 * The caller has locked the stories and written what changed; this is the last it does. In the fan-out lane: whoever fans
 * out is before, and its deliveries are seen here, or after, and sees that the events are quiet. What was handed out and not
 * taken up is cancelled with what waits; what somebody sends this moment is marked, so that it is not tried again. Events
 * that were sent long ago become quiet too: no delivery of theirs is sent again. Bodies stay as they are, but for `story.merged` of
 * stories that went into these: it is still told, without the text.
 */
export async function silenceEvents(trx: Transaction<Schema>, outcomes: readonly SilencedVersions[]): Promise<void> {
  const silenced = outcomes.filter(({ versionSilenced }) => versionSilenced !== null);
  const lesser = outcomes.flatMap((one) => (one.lesser ?? []).map((copy) => ({ ...copy, storyId: one.storyId })));
  const away = lesser.length === 0 ? [] : await showedLess(trx, lesser);
  const former = lesser.length === 0 ? [] : await toldByFormerLeads(trx, lesser);
  if (silenced.length === 0 && away.length === 0 && former.length === 0) return;
  await enterFanOutLane(trx);
  const told = sql`
    SELECT e.id, r.reason FROM json_to_recordset(${JSON.stringify(silenced)}::json) AS r("storyId" uuid, "versionSilenced" int, reason text)
      JOIN events e ON e.story_id = r."storyId" AND e.story_version <= r."versionSilenced"
     WHERE ${TELLS_TEXT}
    UNION SELECT e.id, ${LESS_ALLOWED} FROM events e WHERE e.story_id = ANY(${away}::uuid[]) AND ${IS_TEXT}
    UNION SELECT e.id, ${LESS_ALLOWED} FROM events e WHERE e.id = ANY(${former}::uuid[])`;
  const merges = sql`SELECT e.id FROM events e WHERE e.story_id = ANY(${away}::uuid[]) AND ${HAS_MERGED_TEXT}`;
  await sql`
    WITH told AS (${told}), merges AS (${merges}), loud AS (
      SELECT e.id, told.reason FROM events e LEFT JOIN told ON told.id = e.id
       WHERE e.id IN (SELECT id FROM told UNION SELECT id FROM merges) AND (e.quiet_reason IS NULL OR told.id IS NULL)
       ORDER BY e.id FOR NO KEY UPDATE OF e)
    UPDATE events e SET quiet_reason = coalesce(e.quiet_reason, l.reason),
           body = CASE WHEN l.reason IS NULL THEN ${WITHOUT_TEXT} ELSE e.body END FROM loud l WHERE e.id = l.id`.execute(
    trx,
  );
  await cancelOpen(trx, told);
}

/**
 * Events of these stories that told one of the copies, which led then, in full, and that may still be told. Where what is shown now says the very
 * same, nothing is taken back.
 */
async function toldByFormerLeads(
  trx: Transaction<Schema>,
  lesser: readonly (LesserCopy & { storyId: string })[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT e.id FROM json_to_recordset(${JSON.stringify(lesser)}::json) AS l("storyId" uuid, "itemId" uuid, "isHidden" boolean)
      JOIN stories s ON s.id = l."storyId" AND s.leading_item_id <> l."itemId"
      JOIN events e ON e.story_id = s.id AND ${IS_TEXT} AND e.quiet_reason IS NULL
      CROSS JOIN LATERAL (SELECT v.item_id, v.content, v.body_text FROM story_versions v
        WHERE v.story_id = e.story_id AND v.version <= e.story_version ORDER BY v.version DESC LIMIT 1) v
     WHERE v.item_id = l."itemId" AND (l."isHidden" OR v.content <> '') AND v.body_text IS DISTINCT FROM s.body_text`.execute(
    trx,
  );
  return rows.map(({ id }) => id);
}

/** Stories that went into these and showed one of the copies, with more of its text than may be passed on now. */
async function showedLess(
  trx: Transaction<Schema>,
  lesser: readonly (LesserCopy & { storyId: string })[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    WITH RECURSIVE lesser AS MATERIALIZED (
      SELECT * FROM json_to_recordset(${JSON.stringify(lesser)}::json) AS r("storyId" uuid, "itemId" uuid, "isHidden" boolean)
    ), ${awayInto(sql`SELECT "storyId" FROM lesser`)}
    SELECT DISTINCT m.id FROM away JOIN stories m ON m.id = away.id
      JOIN lesser l ON l."itemId" = m.leading_item_id AND (l."isHidden" OR NOT m.excerpt_only)`.execute(trx);
  return rows.map(({ id }) => id);
}

/** A recursive table `away`: the ids of stories that went into these, however far. */
function awayInto(homes: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`away AS (
    SELECT m.id FROM stories m WHERE m.merged_into IN (${homes}) AND m.status = 'merged'
    UNION SELECT m.id FROM away JOIN stories m ON m.merged_into = away.id AND m.status = 'merged')`;
}

/**
 * What waits of the stories that these events (`story.withdrawn`) take back is not sent any more: who has not heard of such a story by now hears
 * that it is gone. So with stories that went into them; that they did is still told, without the text. In the fan-out lane, after
 * the deliveries of the batch are written.
 */
export async function cancelWithdrawn(trx: Transaction<Schema>, withdrawalIds: readonly string[]): Promise<void> {
  if (withdrawalIds.length === 0) return;
  const { rows } = await sql<{ id: string }>`
    WITH RECURSIVE ${awayInto(sql`SELECT story_id FROM events WHERE id = ANY(${withdrawalIds}::uuid[])`)}
    SELECT id FROM away`.execute(trx);
  const away = rows.map(({ id }) => id);
  if (away.length > 0)
    await sql`
      UPDATE events e SET body = ${WITHOUT_TEXT} FROM (
        SELECT e.id FROM events e WHERE e.story_id = ANY(${away}::uuid[]) AND ${HAS_MERGED_TEXT}
         ORDER BY e.id FOR NO KEY UPDATE) m WHERE e.id = m.id`.execute(trx);
  await cancelOpen(
    trx,
    sql`SELECT e.id, ${WITHDRAWN}::text AS reason
          FROM events w JOIN events e ON e.story_id = w.story_id AND e.story_version < w.story_version
         WHERE w.id = ANY(${withdrawalIds}::uuid[]) AND ${TELLS_TEXT}
        UNION SELECT e.id, ${WITHDRAWN}::text FROM events e WHERE e.story_id = ANY(${away}::uuid[]) AND ${IS_TEXT}`,
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
