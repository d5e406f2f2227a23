/** The items of stories as their partners wrote them, for what makes a story anew: a split, another lead, an undone merge. */
import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import { Database } from './database.js';
import { ITEM_COLUMNS, type UnprocessedItem } from './processed-item.repository.js';
import type { Schema } from './schema.js';

/** An item with the story it is in. */
export interface StoryRoomItem extends UnprocessedItem {
  storyId: string;
}

@Injectable()
export class StoryRoomRepository {
  constructor(private readonly database: Database) {}

  /** Up to `limit` items of these stories, as they joined. */
  async items(storyIds: readonly string[], limit: number): Promise<StoryRoomItem[]> {
    const { rows } = await sql<StoryRoomItem>`
      SELECT si.story_id AS "storyId", ${ITEM_COLUMNS}
        FROM (SELECT * FROM story_items WHERE story_id = ANY(${storyIds}::uuid[]) ORDER BY joined_at, item_id LIMIT ${limit}) si
        JOIN items i ON i.id = si.item_id
        JOIN feeds f ON f.id = i.feed_id JOIN partners p ON p.id = i.partner_id
       ORDER BY si.joined_at, si.item_id`.execute(this.database.db);
    return rows;
  }

  /** The story that an item is in; null when it is in none. */
  async storyOf(itemId: string): Promise<string | null> {
    const { rows } = await sql<{ id: string }>`
      SELECT story_id AS id FROM story_items WHERE item_id = ${itemId}`.execute(this.database.db);
    return rows[0]?.id ?? null;
  }

  /** The items of locked stories with their versions, `ITEM VERSION WITHDRAWN`: whether what was read before still holds. */
  async fingerprint(trx: Transaction<Schema>, storyIds: readonly string[]): Promise<string[]> {
    const { rows } = await sql<{ mark: string }>`
      SELECT concat_ws(' ', si.story_id, i.id, i.version, i.withdrawn_at IS NOT NULL) AS mark
        FROM story_items si JOIN items i ON i.id = si.item_id WHERE si.story_id = ANY(${storyIds}::uuid[])`.execute(
      trx,
    );
    return rows.map(({ mark }) => mark);
  }

  /** Waits until this transaction alone may change the item. */
  async lockItem(trx: Transaction<Schema>, itemId: string | null): Promise<void> {
    if (itemId === null) return;
    await sql`SELECT id FROM items WHERE id = ${itemId} FOR NO KEY UPDATE`.execute(trx);
  }

  /** Its partner took the item back, or `reason` null: has it shown again. False when it is so already. */
  async setWithdrawn(trx: Transaction<Schema>, itemId: string, reason: string | null): Promise<boolean> {
    const { rows } = await sql<{ id: string }>`
      UPDATE items SET withdrawn_at = CASE WHEN ${reason}::text IS NULL THEN NULL ELSE now() END,
             withdrawn_reason = ${reason}, state_reason = ${reason},
             state = CASE WHEN ${reason}::text IS NOT NULL THEN 'dropped'
                          WHEN EXISTS (SELECT 1 FROM story_items si WHERE si.item_id = items.id) THEN 'in-story'
                          ELSE 'received' END
       WHERE id = ${itemId} AND (withdrawn_at IS NULL) = (${reason}::text IS NOT NULL)
      RETURNING id`.execute(trx);
    return rows.length > 0;
  }
}
