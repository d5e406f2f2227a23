/** The keys that items are recognised by: guids, canonical URLs, hashes of texts. */
import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import { prepared } from './prepared-statements.js';
import type { IdentityKeysTable, Schema } from './schema.js';

export interface IdentityKeyRow {
  kind: IdentityKeysTable['kind'];
  key: string;
  itemId: string;
  storyId: string;
}

/** A key that is already known, with the item that brought it. `title`, of text keys only, as its partner wrote it; `storyTitle` as the story shows it. */
export interface FoundKeyRow extends IdentityKeyRow {
  feedId: string;
  partnerId: string;
  partnerName: string;
  isDemo: boolean;
  title: string | null;
  storyTitle: string;
}

/** `isShared`: it has more than one item. */
export interface StoryOfKeys {
  title: string;
  isShared: boolean;
}

/** Matches read for one key, oldest first: more than one story is already ambiguous, and a live blog's link has thousands. */
const MATCHES_A_KEY = 16;

@Injectable()
export class IdentityRepository {
  /** The oldest items known by each of the keys. */
  async find(trx: Transaction<Schema>, keys: readonly Pick<IdentityKeyRow, 'kind' | 'key'>[]): Promise<FoundKeyRow[]> {
    if (keys.length === 0) return [];
    const { rows } = await prepared(sql<FoundKeyRow>`
      SELECT k.kind, k.key, m.item_id AS "itemId", m.story_id AS "storyId", i.feed_id AS "feedId",
             i.partner_id AS "partnerId", p.name AS "partnerName", s.is_demo AS "isDemo", CASE WHEN k.kind = 'text' THEN i.parsed->>'title' END AS title, s.title AS "storyTitle"
        FROM (SELECT DISTINCT kind, key FROM unnest((SELECT ${keys.map(({ kind }) => kind)}::text[]), (SELECT ${keys.map(({ key }) => key)}::text[])) AS k(kind, key)) AS k
       CROSS JOIN LATERAL (
         SELECT ik.item_id, ik.story_id FROM identity_keys ik
          WHERE ik.kind = k.kind AND ik.key = k.key ORDER BY ik.item_id LIMIT ${sql.lit(MATCHES_A_KEY)}) AS m
        JOIN items i ON i.id = m.item_id
        JOIN partners p ON p.id = i.partner_id
        JOIN stories s ON s.id = m.story_id
       ORDER BY m.item_id`).execute(trx);
    return rows;
  }

  /** By their ids, stories whose items' keys lead elsewhere. */
  async stories(trx: Transaction<Schema>, storyIds: readonly string[]): Promise<Map<string, StoryOfKeys>> {
    if (storyIds.length === 0) return new Map();
    const { rows } = await sql<StoryOfKeys & { id: string }>`
      SELECT s.id, s.title,
             (SELECT count(*) FROM (SELECT 1 FROM story_items si WHERE si.story_id = s.id LIMIT 2) AS items) > 1 AS "isShared"
        FROM stories s WHERE s.id = ANY(${storyIds}::uuid[])`.execute(trx);
    return new Map(rows.map(({ id, title, isShared }) => [id, { title, isShared }]));
  }

  /** Known ones stay as they are: an item keeps the keys of its earlier versions, by which old copies are recognised. */
  async add(trx: Transaction<Schema>, rows: readonly IdentityKeyRow[]): Promise<void> {
    if (rows.length === 0) return;
    await sql`
      INSERT INTO identity_keys (kind, key, item_id, story_id)
        SELECT kind, key, "itemId", "storyId"
          FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r(kind text, key text, "itemId" uuid, "storyId" uuid)
         ORDER BY kind, key, "itemId"
      ON CONFLICT DO NOTHING`.execute(trx);
  }
}
