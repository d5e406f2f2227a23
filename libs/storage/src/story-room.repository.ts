/** The items of stories as their partners wrote them, for what makes a story anew: a split, another lead, an undone merge. */
import { Injectable } from '@nestjs/common';
import { type Kysely, sql, type Transaction } from 'kysely';
import { Database } from './database.js';
import { leaveAgain } from './item-batch.repository.js';
import { IS_ACCEPTED, ITEM_COLUMNS, ITEM_TAKEN_BACK, type UnprocessedItem } from './processed-item.repository.js';
import type { ItemsTable, Schema, StateBefore } from './schema.js';

/** An item with the story it is in. `joinedAt`: to the microsecond, as PostgreSQL writes it. */
export interface StoryRoomItem extends UnprocessedItem {
  storyId: string;
  joinedAt: string;
}

/** What must still be so of an item when its story is locked. */
export function markOf({ storyId, id, version, isWithdrawn, isAccepted }: StoryRoomItem): string {
  return [storyId, id, version, isWithdrawn ? 't' : 'f', isAccepted ? 't' : 'f'].join(' ');
}

@Injectable()
export class StoryRoomRepository {
  constructor(private readonly database: Database) {}

  /** How many items these stories have; counted up to `most`. */
  async count(storyIds: readonly string[], most: number): Promise<number> {
    const { rows } = await sql<{ items: number }>`
      SELECT count(*)::int AS items
        FROM (SELECT FROM story_items WHERE story_id = ANY(${storyIds}::uuid[]) LIMIT ${most}) found`.execute(
      this.database.db,
    );
    return rows[0]?.items ?? 0;
  }

  /** The next `limit` items of these stories, as they joined. */
  async items(
    storyIds: readonly string[],
    limit: number,
    after?: Pick<StoryRoomItem, 'joinedAt' | 'id'>,
  ): Promise<StoryRoomItem[]> {
    const isAfter =
      after === undefined ? sql`true` : sql`(joined_at, item_id) > (${after.joinedAt}::timestamptz, ${after.id}::uuid)`;
    const { rows } = await sql<StoryRoomItem>`
      SELECT si.story_id AS "storyId", si.joined_at::text AS "joinedAt", ${ITEM_COLUMNS}
        FROM (SELECT * FROM story_items WHERE story_id = ANY(${storyIds}::uuid[]) AND ${isAfter}
               ORDER BY joined_at, item_id LIMIT ${limit}) si
        JOIN items i ON i.id = si.item_id
        JOIN feeds f ON f.id = i.feed_id JOIN partners p ON p.id = i.partner_id
       ORDER BY si.joined_at, si.item_id`.execute(this.database.db);
    return rows;
  }

  /** The items that lead these stories. */
  async leads(storyIds: readonly string[]): Promise<string[]> {
    const { rows } = await sql<{ id: string }>`
      SELECT leading_item_id AS id FROM stories WHERE id = ANY(${storyIds}::uuid[])`.execute(this.database.db);
    return rows.map(({ id }) => id);
  }

  /** The story that an item is in; null when it is in none. */
  async storyOf(
    itemId: string,
    executor: Kysely<Schema> | Transaction<Schema> = this.database.db,
  ): Promise<string | null> {
    const { rows } = await sql<{ id: string }>`
      SELECT story_id AS id FROM story_items WHERE item_id = ${itemId}`.execute(executor);
    return rows[0]?.id ?? null;
  }

  /** The marks of the items of locked stories, as `markOf` makes them: whether what was read before still holds. */
  async fingerprint(trx: Transaction<Schema>, storyIds: readonly string[]): Promise<string[]> {
    const { rows } = await sql<{ mark: string }>`
      SELECT concat_ws(' ', si.story_id, i.id, i.version, i.withdrawn_at IS NOT NULL, ${IS_ACCEPTED}) AS mark
        FROM story_items si JOIN items i ON i.id = si.item_id WHERE si.story_id = ANY(${storyIds}::uuid[])`.execute(
      trx,
    );
    return rows.map(({ mark }) => mark);
  }

  /** Waits until this transaction alone may change the item. */
  async lockItem(trx: Transaction<Schema>, itemId: string): Promise<void> {
    await sql`SELECT id FROM items WHERE id = ${itemId} FOR NO KEY UPDATE`.execute(trx);
  }

  /** Its partner took the item back. False when it is so already. */
  async withdraw(trx: Transaction<Schema>, itemId: string, reason: string): Promise<boolean> {
    const { rows } = await sql<{ id: string }>`
      UPDATE items SET withdrawn_at = now(), withdrawn_reason = ${reason}, state = 'dropped', state_reason = ${reason},
             before_withdrawal = jsonb_build_object('state', state, 'reason', state_reason, 'version', version)
       WHERE id = ${itemId} AND withdrawn_at IS NULL
      RETURNING id`.execute(trx);
    return rows.length > 0;
  }

  /**
   * The item counts again and is what it was; what was not processed by then, or came since, is left to the processor. False
   * when it is not withdrawn.
   */
  async putBack(trx: Transaction<Schema>, itemId: string): Promise<boolean> {
    const item = await trx
      .selectFrom('items')
      .select([
        'version',
        'state',
        'state_reason',
        'withdrawn_reason',
        'before_withdrawal',
        'refused_by',
        'processed_version',
        'fetch_id',
        'correlation_id',
      ])
      .where('id', '=', itemId)
      .where('withdrawn_at', 'is not', null)
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (item === undefined) return false;
    const settled = settledState(item, (await this.storyOf(itemId, trx)) !== null);
    await trx
      .updateTable('items')
      .set({
        ...{ withdrawn_at: null, withdrawn_reason: null, before_withdrawal: null },
        ...(settled ?? {
          state: 'received',
          state_reason: null,
          refused_by: null,
          processed_version: item.version - 1,
        }),
      })
      .where('id', '=', itemId)
      .execute();
    if (settled === null) await leaveAgain(trx, { fetchId: item.fetch_id, correlationId: item.correlation_id });
    return true;
  }
}

type State = Pick<ItemsTable, 'state_reason'> & { state: ItemsTable['state']['__select__'] };
type Withdrawn = State &
  Pick<ItemsTable, 'withdrawn_reason' | 'refused_by'> & {
    version: number;
    processed_version: number;
    before_withdrawal: StateBefore | null;
  };

/** What a withdrawn item is once it counts again; null: that is for the processor to say. */
function settledState(item: Withdrawn, isInStory: boolean): State | null {
  const { version, state, state_reason, withdrawn_reason, before_withdrawal: before } = item;
  const isAccepted = item.refused_by === null && item.processed_version >= version;
  if (before === null) return isInStory && isAccepted ? { state: 'in-story', state_reason: null } : null;
  const isUnjudged = before.state === 'received' || (before.state === 'in-story' && !isAccepted);
  if (before.version === version) return isUnjudged ? null : { state: before.state, state_reason: before.reason };
  // A version that came since was dropped for the take-down alone, unless its feed's rules refused it.
  const isRefused = state === 'dropped' && ![withdrawn_reason, ITEM_TAKEN_BACK].includes(state_reason);
  return isRefused ? { state, state_reason } : null;
}
