/** Which items are in which story, moved as a whole: merges, splits and what must stay apart, inside the caller's transaction. */
import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import type { Schema } from './schema.js';

/** A story that goes into another one. `version`: its last. */
export interface MergedStoryRow {
  id: string;
  into: string;
  version: number;
  reason: string;
}

/** A story whose place on the site changed. `goneReason`: of a withdrawn one only. */
export interface StoryStatusRow {
  id: string;
  version: number;
  status: 'published' | 'withdrawn' | 'withheld';
  goneReason: string | null;
}

/** Items that change their story. */
export interface MovedItems {
  itemIds: string[];
  into: string;
}

@Injectable()
export class StoryMembershipRepository {
  /** Items that are not in the story they were thought to be in: another transaction merged or split it meanwhile. */
  async moved(trx: Transaction<Schema>, believed: readonly { itemId: string; storyId: string }[]): Promise<string[]> {
    if (believed.length === 0) return [];
    const { rows } = await sql<{ id: string }>`
      SELECT si.item_id AS id FROM story_items si
        JOIN unnest(${believed.map(({ itemId }) => itemId)}::uuid[], ${believed.map(({ storyId }) => storyId)}::uuid[]) AS b(item_id, story_id)
          ON b.item_id = si.item_id
       WHERE si.story_id <> b.story_id`.execute(trx);
    return rows.map(({ id }) => id);
  }

  /** The items of locked stories, as they joined. */
  async itemsOf(trx: Transaction<Schema>, storyIds: readonly string[]): Promise<Map<string, string[]>> {
    const { rows } = await sql<{ id: string; items: string[] }>`
      SELECT story_id AS id, array_agg(item_id::text ORDER BY joined_at, item_id) AS items
        FROM story_items WHERE story_id = ANY(${storyIds}::uuid[]) GROUP BY story_id`.execute(trx);
    return new Map(rows.map(({ id, items }) => [id, items]));
  }

  /** Pairs of these stories that hold items which an operator parted, each both ways round. */
  async parted(trx: Transaction<Schema>, storyIds: readonly string[]): Promise<Set<string>> {
    if (storyIds.length < 2) return new Set();
    const { rows } = await sql<{ a: string; b: string }>`
      SELECT DISTINCT ia.story_id AS a, ib.story_id AS b
        FROM story_items ia
        JOIN story_separations sa ON sa.item_id = ia.item_id
        JOIN story_separations sb ON sb.separation_id = sa.separation_id AND sb.side <> sa.side
        JOIN story_items ib ON ib.item_id = sb.item_id
       WHERE ia.story_id = ANY(${storyIds}::uuid[]) AND ib.story_id = ANY(${storyIds}::uuid[])`.execute(trx);
    return new Set(rows.map(({ a, b }) => `${a} ${b}`));
  }

  /** The losers' items, and what they are recognised by, go to the winners; the losers stay as signposts for ever. */
  async merge(trx: Transaction<Schema>, merged: readonly MergedStoryRow[]): Promise<void> {
    if (merged.length === 0) return;
    await sql`
      WITH r AS (SELECT * FROM json_to_recordset(${JSON.stringify(merged)}::json) AS r(id uuid, "into" uuid, version int, reason text)),
      gone AS (
        UPDATE stories s SET status = 'merged', merged_into = r."into", version = r.version, gone_at = now(), gone_reason = r.reason
          FROM r WHERE s.id = r.id),
      due AS (
        -- What the losers waited for by the rights of their copies, the winners wait for.
        UPDATE stories s SET rights_due_at = LEAST(s.rights_due_at, l.at)
          FROM (SELECT r."into" AS id, min(t.rights_due_at) AS at FROM r JOIN stories t ON t.id = r.id GROUP BY 1) l
         WHERE s.id = l.id AND l.at IS NOT NULL),
      refused AS (
        INSERT INTO story_tags_refused (story_id, tag_id)
          SELECT r."into", t.tag_id FROM r JOIN story_tags_refused t ON t.story_id = r.id
           WHERE NOT EXISTS (SELECT 1 FROM story_tags st WHERE st.story_id = r."into" AND st.tag_id = t.tag_id)
        ON CONFLICT DO NOTHING),
      moved AS (
        UPDATE story_items si SET story_id = r."into", relation = CASE si.relation WHEN 'original' THEN 'derived' ELSE si.relation END,
               evidence = CASE si.relation WHEN 'original' THEN si.evidence || jsonb_build_object('originalOf', si.story_id)
                 ELSE si.evidence END
          FROM r WHERE si.story_id = r.id RETURNING si.item_id, si.story_id)
      UPDATE identity_keys k SET story_id = moved.story_id FROM moved WHERE k.item_id = moved.item_id`.execute(trx);
  }

  /**
   * What joined an item is kept beside the operator's word, and comes back when the word is undone (`moveBack`). `originals`: items that
   * make the story they go to.
   */
  async move(
    trx: Transaction<Schema>,
    moves: readonly MovedItems[],
    { actionId, originals }: { actionId: string; originals: readonly string[] },
  ): Promise<void> {
    const rows = moves.flatMap(({ itemIds, into }) =>
      itemIds.map((id) => ({ id, into, relation: originals.includes(id) ? 'original' : 'derived' })),
    );
    if (rows.length === 0) return;
    const was = sql`jsonb_build_object('rule', si.rule, 'relation', si.relation, 'evidence', si.evidence)`;
    await sql`
      WITH r AS (SELECT * FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r(id uuid, "into" uuid, relation text)),
      moved AS (
        UPDATE story_items si SET story_id = r."into", rule = 'operator', relation = r.relation,
               evidence = jsonb_build_object('action', ${actionId}::text, 'was', ${was})
          FROM r WHERE si.item_id = r.id RETURNING si.item_id, si.story_id)
      UPDATE identity_keys k SET story_id = moved.story_id FROM moved WHERE k.item_id = moved.item_id`.execute(trx);
  }

  /**
   * Of a story that items were taken from: this item is its original from now on, where no other that stays is more than derived, for
   * weak likeness links to no derived copy. Undone with the action (`moveBack`).
   */
  async leaveAnOriginal(
    trx: Transaction<Schema>,
    { storyId, itemId }: { storyId: string; itemId: string },
    actionId: string,
  ): Promise<void> {
    await sql`
      UPDATE story_items si SET relation = 'original', evidence = si.evidence || jsonb_build_object('originalSince', ${actionId}::text)
       WHERE si.item_id = ${itemId} AND si.story_id = ${storyId}
         AND NOT EXISTS (SELECT FROM story_items o WHERE o.story_id = ${storyId} AND o.relation <> 'derived')`.execute(
      trx,
    );
  }

  /** Items go where they were before an action, joined by what joined them then. */
  async moveBack(trx: Transaction<Schema>, moves: readonly MovedItems[], undoneId: string): Promise<void> {
    const rows = moves.flatMap(({ itemIds, into }) => itemIds.map((id) => ({ id, into })));
    if (rows.length === 0) return;
    await sql`
      WITH r AS (
        SELECT r.*, CASE WHEN si.evidence->>'action' = ${undoneId}::text THEN si.evidence->'was' END AS was
          FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r(id uuid, "into" uuid)
          JOIN story_items si ON si.item_id = r.id),
      moved AS (
        UPDATE story_items si SET story_id = r."into", rule = coalesce(r.was->>'rule', si.rule),
               relation = CASE
                 WHEN r.was ? 'relation' THEN r.was->>'relation'
                 WHEN si.evidence->>'originalOf' = r."into"::text THEN 'original'
                 -- An older processor did not write down what an item was.
                 WHEN coalesce(r.was->>'rule', si.rule) = 'first' AND NOT si.evidence ? 'originalOf' THEN 'original'
                 WHEN r.was->>'rule' IN ('text', 'text-copy', 'short-text') THEN 'duplicate'
                 ELSE si.relation END,
               evidence = CASE WHEN r.was IS NOT NULL THEN r.was->'evidence'
                 WHEN si.evidence->>'originalOf' = r."into"::text THEN si.evidence - 'originalOf' ELSE si.evidence END
          FROM r WHERE si.item_id = r.id RETURNING si.item_id, si.story_id)
      UPDATE identity_keys k SET story_id = moved.story_id FROM moved WHERE k.item_id = moved.item_id`.execute(trx);
    await sql`
      UPDATE story_items SET relation = 'derived', evidence = evidence - 'originalSince'
       WHERE story_id = ANY(${moves.map(({ into }) => into)}::uuid[]) AND evidence->>'originalSince' = ${undoneId}`.execute(
      trx,
    );
  }

  /** Withdrawn, or back again. */
  async setStatus(trx: Transaction<Schema>, rows: readonly StoryStatusRow[]): Promise<void> {
    if (rows.length === 0) return;
    await sql`
      UPDATE stories s SET status = r.status, version = r.version, gone_reason = r."goneReason", merged_into = NULL,
             -- What was never shown leaves no tombstone: its address would say what it was.
             gone_at = CASE WHEN r."goneReason" IS NULL OR s.status = 'withheld' THEN NULL ELSE now() END, updated_at = now()
        FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r(id uuid, version int, status text, "goneReason" text)
       WHERE s.id = r.id`.execute(trx);
  }

  async setPin(trx: Transaction<Schema>, storyId: string, itemId: string | null): Promise<void> {
    await sql`UPDATE stories SET pinned_item_id = ${itemId} WHERE id = ${storyId}`.execute(trx);
  }

  /** From now on nothing but an operator puts items of two of these sides into one story. */
  async separate(trx: Transaction<Schema>, separationId: string, sides: readonly (readonly string[])[]): Promise<void> {
    const rows = sides.flatMap((items, side) => items.map((id) => ({ id, side })));
    await sql`
      INSERT INTO story_separations (separation_id, side, item_id)
        SELECT ${separationId}::uuid, side, id FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r(id uuid, side smallint)
      ON CONFLICT DO NOTHING`.execute(trx);
  }

  /**
   * Forgets what parted items of these stories from each other: an operator put them together. Of what parted them from items
   * of other stories nothing is forgotten: they are one side of it from now on.
   */
  async rejoin(trx: Transaction<Schema>, storyIds: readonly string[]): Promise<void> {
    // Whoever puts other stories of the same separation together gives them another new side, not this one.
    await sql`
      SELECT FROM story_separations WHERE separation_id IN (
        SELECT s.separation_id FROM story_items si JOIN story_separations s ON s.item_id = si.item_id
         WHERE si.story_id = ANY(${storyIds}::uuid[]))
       ORDER BY separation_id, item_id FOR UPDATE`.execute(trx);
    await sql`
      WITH own AS MATERIALIZED (
        SELECT s.separation_id, s.side, s.item_id FROM story_items si JOIN story_separations s ON s.item_id = si.item_id
         WHERE si.story_id = ANY(${storyIds}::uuid[])),
      joined AS MATERIALIZED (
        SELECT separation_id, count(*) AS items FROM own GROUP BY 1 HAVING count(DISTINCT side) > 1),
      former AS MATERIALIZED (
        SELECT j.separation_id, (SELECT max(s.side) FROM story_separations s WHERE s.separation_id = j.separation_id) + 1 AS side,
               j.items = (SELECT count(*) FROM story_separations s WHERE s.separation_id = j.separation_id) AS "isOver"
          FROM joined j),
      ended AS (
        DELETE FROM story_separations WHERE separation_id IN (SELECT separation_id FROM former WHERE "isOver"))
      UPDATE story_separations s SET side = f.side FROM former f, own
       WHERE NOT f."isOver" AND own.separation_id = f.separation_id
         AND s.separation_id = own.separation_id AND s.item_id = own.item_id`.execute(trx);
  }

  /** Forgets one separation: the operator's word that made it is undone. */
  async forgetSeparation(trx: Transaction<Schema>, separationId: string): Promise<void> {
    await sql`DELETE FROM story_separations WHERE separation_id = ${separationId}`.execute(trx);
  }

  /** What keeps these stories apart: the separations with items of two of them, each pair once. */
  async separationsOf(
    trx: Transaction<Schema>,
    storyIds: readonly string[],
  ): Promise<{ id: string; storyIds: [string, string] }[]> {
    const { rows } = await sql<{ id: string; a: string; b: string }>`
      SELECT DISTINCT sa.separation_id AS id, ia.story_id AS a, ib.story_id AS b
        FROM story_items ia
        JOIN story_separations sa ON sa.item_id = ia.item_id
        JOIN story_separations sb ON sb.separation_id = sa.separation_id AND sb.side <> sa.side
        JOIN story_items ib ON ib.item_id = sb.item_id
       WHERE ia.story_id = ANY(${storyIds}::uuid[]) AND ib.story_id = ANY(${storyIds}::uuid[]) AND ia.story_id < ib.story_id`.execute(
      trx,
    );
    return rows.map(({ id, a, b }) => ({ id, storyIds: [a, b] }));
  }

  async refuseTags(trx: Transaction<Schema>, storyId: string, tagIds: readonly string[]): Promise<void> {
    if (tagIds.length === 0) return;
    await sql`
      INSERT INTO story_tags_refused (story_id, tag_id) SELECT ${storyId}::uuid, unnest(${tagIds}::uuid[])
      ON CONFLICT DO NOTHING`.execute(trx);
  }

  async allowTags(trx: Transaction<Schema>, storyId: string, tagIds: readonly string[]): Promise<void> {
    await sql`DELETE FROM story_tags_refused WHERE story_id = ${storyId} AND tag_id = ANY(${tagIds}::uuid[])`.execute(
      trx,
    );
  }

  async removePartners(
    trx: Transaction<Schema>,
    rows: readonly { storyId: string; partnerId: string }[],
  ): Promise<void> {
    if (rows.length === 0) return;
    await sql`
      WITH gone AS (
        DELETE FROM story_partners sp
         USING json_to_recordset(${JSON.stringify(rows)}::json) AS r("storyId" uuid, "partnerId" uuid)
         WHERE sp.story_id = r."storyId" AND sp.partner_id = r."partnerId" RETURNING sp.story_id)
      INSERT INTO channel_rechecks (story_id) SELECT DISTINCT story_id FROM gone`.execute(trx);
  }
}
