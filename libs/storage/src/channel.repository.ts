/** Channels: named, filtered streams of stories. A channel is full from its first moment, and again after its filter changes. */
import { Injectable } from '@nestjs/common';
import { type Selectable, sql, type Transaction } from 'kysely';
import type { StoryFilter } from '#contracts/channel-filter.js';
import { Database } from './database.js';
import { enterFanOutLane } from './fan-out-lane.js';
import type { ChannelsTable, Schema } from './schema.js';
import { uuidV7 } from './uuid.js';

export type ChannelRow = Selectable<ChannelsTable>;

export interface NewChannel {
  slug: string;
  title: string;
  description?: string | undefined;
  filter: StoryFilter;
  language?: string | null | undefined;
}

/** Absent fields stay as they are. The slug is part of published addresses and never changes. */
export interface ChannelPatch {
  title?: string | undefined;
  description?: string | undefined;
  filter?: StoryFilter | undefined;
  language?: string | null | undefined;
}

/** How many of the newest stories a new or changed channel is filled with. */
const BACKFILL_STORIES = 1_000;
/** Every published story, in no table: its slug cannot be taken. */
const BUILT_IN_SLUG = 'all';

@Injectable()
export class ChannelRepository {
  constructor(private readonly database: Database) {}

  /**
   * Makes the channel and fills it with the newest matching stories, in one transaction. `created` is false when the slug
   * is taken: `channel` is then the one that has it, or null for the built-in `all`.
   */
  async create(channel: NewChannel): Promise<{ created: boolean; channel: ChannelRow | null }> {
    if (channel.slug === BUILT_IN_SLUG) return { created: false, channel: null };
    return this.database.transaction(async (trx) => {
      await enterFanOutLane(trx);
      const row = await trx
        .insertInto('channels')
        .values({
          id: uuidV7(),
          slug: channel.slug,
          title: channel.title,
          filter: JSON.stringify(channel.filter),
          language: channel.language ?? null,
          ...(channel.description === undefined ? {} : { description: channel.description }),
        })
        .onConflict((conflict) => conflict.column('slug').doNothing())
        .returningAll()
        .executeTakeFirst();
      if (row === undefined) {
        const taken = await trx
          .selectFrom('channels')
          .selectAll()
          .where('slug', '=', channel.slug)
          .executeTakeFirstOrThrow();
        return { created: false, channel: taken };
      }
      await fill(trx, row, channel.filter);
      return { created: true, channel: row };
    });
  }

  /** By slug, alphabetically. `cursor` is a `nextCursor` of before. */
  async list({ limit, cursor }: { limit: number; cursor?: string | undefined }): Promise<{
    items: ChannelRow[];
    nextCursor: string | null;
  }> {
    let query = this.database.db.selectFrom('channels').selectAll().orderBy('slug');
    if (cursor !== undefined) query = query.where('slug', '>', cursor);
    const rows = await query.limit(limit + 1).execute();
    const items = rows.slice(0, limit);
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.slug ?? null) : null };
  }

  async get(id: string): Promise<ChannelRow | undefined> {
    return this.database.db.selectFrom('channels').selectAll().where('id', '=', id).executeTakeFirst();
  }

  async bySlug(slug: string): Promise<ChannelRow | undefined> {
    return this.database.db.selectFrom('channels').selectAll().where('slug', '=', slug).executeTakeFirst();
  }

  /** Answers the channel as it is now; undefined when there is none. A new filter empties and refills it. */
  async update(id: string, patch: ChannelPatch): Promise<ChannelRow | undefined> {
    return this.database.transaction(async (trx) => {
      if (patch.filter !== undefined) await enterFanOutLane(trx);
      const row = await trx
        .updateTable('channels')
        .set({
          updated_at: sql`now()`,
          version: sql`version + 1`,
          ...(patch.title === undefined ? {} : { title: patch.title }),
          ...(patch.description === undefined ? {} : { description: patch.description }),
          ...(patch.filter === undefined ? {} : { filter: JSON.stringify(patch.filter) }),
          ...(patch.language === undefined ? {} : { language: patch.language }),
        })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      if (row !== undefined && patch.filter !== undefined) {
        await trx.deleteFrom('channel_stories').where('channel_id', '=', id).execute();
        await fill(trx, row, patch.filter);
      }
      return row;
    });
  }

  /** Ends the channel and its feeds. False when there is no such channel. */
  async remove(id: string): Promise<boolean> {
    const result = await this.database.db.deleteFrom('channels').where('id', '=', id).executeTakeFirst();
    return result.numDeletedRows > 0n;
  }
}

/** The filter in SQL, and what rules route here; `matchesFilter` says the same of one story, and a test holds the two together. */
async function fill(trx: Transaction<Schema>, { id, slug }: ChannelRow, filter: StoryFilter): Promise<void> {
  const { tags = [], partners = [], languages = [], onlyRouted = false } = filter;
  const conditions = [
    onlyRouted ? sql`false` : sql`true`,
    ...(languages.length === 0 ? [] : [sql`lower(split_part(s.language, '-', 1)) = ANY(${languages}::text[])`]),
    ...(tags.length === 0
      ? []
      : [
          sql`EXISTS (SELECT 1 FROM story_tags st WHERE st.story_id = s.id AND st.tag_id = ANY(ARRAY(
            SELECT t.id FROM tags t WHERE (t.scheme, t.slug) IN (
              SELECT split_part(ref, '/', 1), split_part(ref, '/', 2) FROM unnest(${tags}::text[]) ref))))`,
        ]),
    ...(partners.length === 0
      ? []
      : [
          sql`EXISTS (SELECT 1 FROM story_partners sp WHERE sp.story_id = s.id AND sp.partner_id = ANY(ARRAY(
            SELECT p.id FROM partners p WHERE p.slug = ANY(${partners}::text[]))))`,
        ]),
  ];
  await sql`
    INSERT INTO channel_stories (channel_id, story_id, sort_at)
    SELECT ${id}, s.id, s.sort_at FROM stories s
     WHERE s.status = 'published' AND ((${sql.join(conditions, sql` AND `)})
        OR s.id IN (SELECT si.story_id FROM rule_outcomes o JOIN story_items si ON si.item_id = o.item_id
                     WHERE o.routes <> '{}' AND o.routes @> ARRAY[${slug}]::text[]))
    ORDER BY s.sort_at DESC, s.id DESC LIMIT ${BACKFILL_STORIES}`.execute(trx);
}
