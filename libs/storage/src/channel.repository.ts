/** Channels: named, filtered streams of stories, with the addresses that they have and had. */
import { Injectable } from '@nestjs/common';
import { type Selectable, sql, type Transaction } from 'kysely';
import type { StoryFilter } from '#contracts/channel-filter.js';
import { beginFilling, fillStep } from './channel-filling.js';
import { Database } from './database.js';
import { enterFanOutLane } from './fan-out-lane.js';
import type { ChannelsTable, Schema } from './schema.js';
import { wordsSql } from './story-filter-sql.js';
import { uuidV7 } from './uuid.js';

/** `former_slugs` redirect to it. */
export type ChannelRow = Selectable<ChannelsTable> & { former_slugs: string[] };

/** What a channel's feeds say and hold; absent fields have the defaults of the schema, or stay as they are. */
export interface ChannelSettings {
  description?: string | undefined;
  language?: string | null | undefined;
  imageUrl?: string | null | undefined;
  order?: 'newest' | 'updated' | undefined;
  /** Entries of a feed. */
  size?: number | undefined;
  fullText?: boolean | undefined;
}

export interface NewChannel extends ChannelSettings {
  slug: string;
  title: string;
  filter: StoryFilter;
}

export interface ChannelPatch extends ChannelSettings {
  slug?: string | undefined;
  title?: string | undefined;
  filter?: StoryFilter | undefined;
}

/** Why a slug cannot be had: another channel has it or had it, or it is `all`. */
export interface SlugTaken {
  slug: string;
  by: 'channel' | 'former' | 'built-in';
  /** The channel that it leads to; null for the built-in one. */
  channel: ChannelRow | null;
}

/** Every published story, in no table: its slug cannot be taken. */
const BUILT_IN_SLUG = 'all';
const FORMER_SLUGS = sql<string[]>`ARRAY(
  SELECT slug FROM channel_slugs f WHERE f.channel_id = channels.id ORDER BY slug)`.as('former_slugs');

@Injectable()
export class ChannelRepository {
  constructor(private readonly database: Database) {}

  /**
   * Makes the channel and applies its filter to the newest stories, in one transaction; the older ones follow in steps.
   * `taken` when the slug cannot be had.
   */
  async create({
    slug,
    title,
    filter,
    ...settings
  }: NewChannel): Promise<{ channel: ChannelRow } | { taken: SlugTaken }> {
    return this.database.transaction(async (trx) => {
      await enterFanOutLane(trx);
      const taken = await slugTaken(trx, slug);
      if (taken !== null) return { taken };
      const { id } = await trx
        .insertInto('channels')
        .values({
          id: uuidV7(),
          slug,
          title,
          filter: JSON.stringify(filter),
          words: wordsSql(filter),
          ...columnsOf(settings),
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      await beginFilling(trx, id);
      await fillStep(trx, id);
      return { channel: await byId(trx, id) };
    });
  }

  /** By slug, alphabetically. `cursor` is a `nextCursor` of before. */
  async list({ limit, cursor }: { limit: number; cursor?: string | undefined }): Promise<{
    items: ChannelRow[];
    nextCursor: string | null;
  }> {
    let query = this.database.db.selectFrom('channels').selectAll().select(FORMER_SLUGS).orderBy('slug');
    if (cursor !== undefined) query = query.where('slug', '>', cursor);
    const rows = await query.limit(limit + 1).execute();
    const items = rows.slice(0, limit);
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.slug ?? null) : null };
  }

  async get(id: string): Promise<ChannelRow | undefined> {
    return this.database.db
      .selectFrom('channels')
      .selectAll()
      .select(FORMER_SLUGS)
      .where('id', '=', id)
      .executeTakeFirst();
  }

  /**
   * Answers the channel as it is now; undefined when there is none. A new filter is applied to the newest stories at once
   * and to the older ones in steps; until they are reached they stay as they were. The old slug stays the channel's own.
   */
  async update(
    id: string,
    { slug, title, filter, ...settings }: ChannelPatch,
  ): Promise<{ channel: ChannelRow } | { taken: SlugTaken } | undefined> {
    return this.database.transaction(async (trx) => {
      if (filter !== undefined || slug !== undefined) await enterFanOutLane(trx);
      const before = await trx
        .selectFrom('channels')
        .select('slug')
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      if (before === undefined) return undefined;
      if (slug !== undefined && slug !== before.slug) {
        const taken = await slugTaken(trx, slug, id);
        if (taken !== null) return { taken };
        await trx.deleteFrom('channel_slugs').where('slug', '=', slug).execute();
        await trx.insertInto('channel_slugs').values({ slug: before.slug, channel_id: id }).execute();
      }
      await trx
        .updateTable('channels')
        .set({
          updated_at: sql`now()`,
          version: sql`version + 1`,
          ...(slug === undefined ? {} : { slug }),
          ...(title === undefined ? {} : { title }),
          ...(filter === undefined ? {} : { filter: JSON.stringify(filter), words: wordsSql(filter) }),
          ...columnsOf(settings),
        })
        .where('id', '=', id)
        .execute();
      if (filter !== undefined) {
        await beginFilling(trx, id);
        await fillStep(trx, id);
      }
      return { channel: await byId(trx, id) };
    });
  }

  /** Ends the channel, its feeds and its redirects. False when there is no such channel. */
  async remove(id: string): Promise<boolean> {
    const result = await this.database.db.deleteFrom('channels').where('id', '=', id).executeTakeFirst();
    return result.numDeletedRows > 0n;
  }
}

function columnsOf({ description, language, imageUrl, order, size, fullText }: ChannelSettings) {
  return {
    ...(description === undefined ? {} : { description }),
    ...(language === undefined ? {} : { language }),
    ...(imageUrl === undefined ? {} : { image_url: imageUrl }),
    ...(order === undefined ? {} : { sort_order: order }),
    ...(size === undefined ? {} : { size }),
    ...(fullText === undefined ? {} : { full_text: fullText }),
  };
}

async function byId(trx: Transaction<Schema>, id: string): Promise<ChannelRow> {
  return trx.selectFrom('channels').selectAll().select(FORMER_SLUGS).where('id', '=', id).executeTakeFirstOrThrow();
}

/** Null when `slug` is free, or was the channel `own`'s. The caller is in the lane: nobody takes it meanwhile. */
async function slugTaken(trx: Transaction<Schema>, slug: string, own?: string): Promise<SlugTaken | null> {
  if (slug === BUILT_IN_SLUG) return { slug, by: 'built-in', channel: null };
  const { rows } = await sql<{ id: string; by: 'channel' | 'former' }>`
    SELECT id, 'channel' AS by FROM channels WHERE slug = ${slug}
    UNION ALL SELECT channel_id, 'former' FROM channel_slugs WHERE slug = ${slug}`.execute(trx);
  const [holder] = rows;
  if (holder === undefined || holder.id === own) return null;
  return { slug, by: holder.by, channel: await byId(trx, holder.id) };
}
