/** Items as operators see them: one partner's copy of a story, and what became of it. */
import { Injectable } from '@nestjs/common';
import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { ParsedItem } from '#contracts/parsed-feed.js';
import { Database } from './database.js';
import type { ItemsTable, StoryItemsTable } from './schema.js';

/** An item with its feed, its partner, and the story it is part of. */
export type ItemAdminRow = Omit<Selectable<ItemsTable>, 'content_hash' | 'before_withdrawal' | 'refused_by'> & {
  feed_url: string;
  feed_title: string | null;
  partner_slug: string;
  partner_name: string;
  story_id: string | null;
  rule: string | null;
  relation: StoryItemsTable['relation']['__select__'] | null;
  evidence: Record<string, unknown> | null;
  joined_at: Date | null;
  is_leading: boolean | null;
};

export interface ItemListQuery {
  limit: number;
  after?: string | undefined;
  feedId?: string | undefined;
  partnerId?: string | undefined;
  fetchId?: string | undefined;
  storyId?: string | undefined;
  state?: ItemsTable['state']['__select__'] | undefined;
  /** Only items whose latest version the processor has not seen yet. */
  unprocessed?: boolean | undefined;
}

const COLUMNS = [
  'items.id',
  'items.feed_id',
  'items.partner_id',
  'items.identity_key',
  'items.identity_rule',
  'items.version',
  'items.published_at',
  'items.quiet_reason',
  'items.received_at',
  'items.changed_at',
  'items.first_fetch_id',
  'items.fetch_id',
  'items.document_id',
  'items.correlation_id',
  'items.processed_version',
  'items.processed_at',
  'items.state',
  'items.state_reason',
  'items.withdrawn_at',
  'items.withdrawn_reason',
  'items.released_version',
  'feeds.url as feed_url',
  'feeds.title as feed_title',
  'partners.slug as partner_slug',
  'partners.name as partner_name',
  'story_items.story_id',
  'story_items.rule',
  'story_items.relation',
  'story_items.evidence',
  'story_items.joined_at',
] as const;

const HEADLINE_AND_LINK = sql`jsonb_strip_nulls(jsonb_build_object('authors', '[]'::jsonb, 'categories', '[]'::jsonb, 'media', '[]'::jsonb,
  'title', left(items.parsed->>'title', 2000), 'url', left(items.parsed->>'url', 2000)))`;

@Injectable()
export class ItemAdminRepository {
  constructor(private readonly database: Database) {}

  /** Newest first; one row more than `limit` when there is more. `parsed` has headline and link only: the rest may be megabytes an item. */
  async list(query: ItemListQuery): Promise<ItemAdminRow[]> {
    let rows = this.joined(sql<ParsedItem>`${HEADLINE_AND_LINK}`).orderBy('items.id', 'desc');
    if (query.after !== undefined) rows = rows.where('items.id', '<', query.after);
    if (query.feedId !== undefined) rows = rows.where('items.feed_id', '=', query.feedId);
    if (query.partnerId !== undefined) rows = rows.where('items.partner_id', '=', query.partnerId);
    if (query.fetchId !== undefined) rows = rows.where('items.fetch_id', '=', query.fetchId);
    if (query.storyId !== undefined) rows = rows.where('story_items.story_id', '=', query.storyId);
    if (query.state !== undefined) rows = rows.where('items.state', '=', query.state);
    if (query.unprocessed !== undefined)
      rows = rows.whereRef('items.processed_version', query.unprocessed ? '<' : '>=', 'items.version');
    return rows.limit(query.limit + 1).execute();
  }

  /**
   * The newest `limit` items of a story. What their partners wrote is given of the leading one and then of the newest, together
   * `mostBytes` of it; of the others only headline and link: `isCut`.
   */
  async ofStory(
    storyId: string,
    { limit, mostBytes }: { limit: number; mostBytes: number },
  ): Promise<(ItemAdminRow & { isCut: boolean })[]> {
    const { rows: whole } = await sql<{ id: string }>`
      SELECT id FROM (
        SELECT i.id, sum(octet_length(i.parsed::text)) OVER (ORDER BY i.id <> s.leading_item_id, i.id DESC) AS bytes
          FROM (SELECT item_id FROM story_items WHERE story_id = ${storyId} ORDER BY item_id DESC LIMIT ${limit}) si
          JOIN items i ON i.id = si.item_id JOIN stories s ON s.id = ${storyId}) found
       WHERE bytes <= ${mostBytes}`.execute(this.database.db);
    const ids = whole.map(({ id }) => id);
    const parsed = sql<ParsedItem>`CASE WHEN items.id = ANY(${ids}::uuid[]) THEN items.parsed ELSE ${HEADLINE_AND_LINK} END`;
    const rows = await this.joined(parsed)
      .where('story_items.story_id', '=', storyId)
      .orderBy('items.id', 'desc')
      .limit(limit)
      .execute();
    return rows.map((row) => ({ ...row, isCut: !ids.includes(row.id) }));
  }

  async get(id: string): Promise<ItemAdminRow | undefined> {
    return this.joined().where('items.id', '=', id).executeTakeFirst();
  }

  private joined(parsed: RawBuilder<ParsedItem> = sql<ParsedItem>`items.parsed`) {
    return this.database.db
      .selectFrom('items')
      .innerJoin('feeds', 'feeds.id', 'items.feed_id')
      .innerJoin('partners', 'partners.id', 'items.partner_id')
      .leftJoin('story_items', 'story_items.item_id', 'items.id')
      .leftJoin('stories', 'stories.id', 'story_items.story_id')
      .select(COLUMNS)
      .select(parsed.as('parsed'))
      .select(sql<boolean | null>`stories.leading_item_id = items.id`.as('is_leading'));
  }
}
