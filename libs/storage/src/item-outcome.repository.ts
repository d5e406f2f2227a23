/** What has become of items so far: the state, the story and its tags that a second processing is measured against. */
import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import type { Schema } from './schema.js';

/**
 * `text` is a hash of the story's content; `tags` are SCHEME/SLUG in order; `routes` the channels that rules send the item to. The story's
 * fields are null outside a story.
 */
export interface ItemOutcome {
  itemId: string;
  state: string;
  stateReason: string | null;
  storyId: string | null;
  title: string | null;
  language: string | null;
  status: string | null;
  lead: string | null;
  text: string | null;
  tags: string[];
  routes: string[];
}

@Injectable()
export class ItemOutcomeRepository {
  /** By item id. */
  async of(trx: Transaction<Schema>, itemIds: readonly string[]): Promise<Map<string, ItemOutcome>> {
    const { rows } = await sql<ItemOutcome>`
      SELECT i.id AS "itemId", i.state, i.state_reason AS "stateReason", s.id AS "storyId",
             coalesce(s.title, i.parsed->>'title') AS title, s.language, s.status, s.leading_item_id AS lead,
             md5(s.content) AS text,
             ARRAY(SELECT t.scheme || '/' || t.slug FROM story_tags st JOIN tags t ON t.id = st.tag_id
                    WHERE st.story_id = s.id ORDER BY 1) AS tags,
             coalesce((SELECT o.routes FROM rule_outcomes o WHERE o.item_id = i.id), '{}') AS routes
        FROM items i LEFT JOIN story_items si ON si.item_id = i.id LEFT JOIN stories s ON s.id = si.story_id
       WHERE i.id = ANY(${itemIds})`.execute(trx);
    return new Map(rows.map((row) => [row.itemId, row]));
  }
}
