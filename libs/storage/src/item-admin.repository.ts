/** Items as operators see them: one partner's copy of a story, and what became of it. */
import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import { Database } from './database.js';
import type { ItemsTable } from './schema.js';

/** An item with its feed, its partner, and the story it is part of. */
export type ItemAdminRow = Omit<
  Selectable<ItemsTable>,
  'content_hash' | 'released_version' | 'before_withdrawal' | 'refused_by'
> & {
  feed_url: string;
  feed_title: string | null;
  partner_slug: string;
  partner_name: string;
  story_id: string | null;
  rule: string | null;
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
  'items.parsed',
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
  'feeds.url as feed_url',
  'feeds.title as feed_title',
  'partners.slug as partner_slug',
  'partners.name as partner_name',
  'story_items.story_id',
  'story_items.rule',
  'story_items.evidence',
  'story_items.joined_at',
] as const;

@Injectable()
export class ItemAdminRepository {
  constructor(private readonly database: Database) {}

  /** Newest first; one row more than `limit` when there is more. */
  async list(query: ItemListQuery): Promise<ItemAdminRow[]> {
    let rows = this.joined().orderBy('items.id', 'desc');
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

  async get(id: string): Promise<ItemAdminRow | undefined> {
    return this.joined().where('items.id', '=', id).executeTakeFirst();
  }

  private joined() {
    return this.database.db
      .selectFrom('items')
      .innerJoin('feeds', 'feeds.id', 'items.feed_id')
      .innerJoin('partners', 'partners.id', 'items.partner_id')
      .leftJoin('story_items', 'story_items.item_id', 'items.id')
      .leftJoin('stories', 'stories.id', 'story_items.story_id')
      .select(COLUMNS)
      .select(sql<boolean | null>`stories.leading_item_id = items.id`.as('is_leading'));
  }
}
