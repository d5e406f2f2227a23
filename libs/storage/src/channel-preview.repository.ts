/** What a channel would hold by a filter, looked up among the newest stories without writing anything. */
import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import type { StoryFilter } from '#contracts/channel-filter.js';
import { Database } from './database.js';
import { IS_NAMED } from './partner-naming.js';
import { belongsSql, conditionsSql } from './story-filter-sql.js';

/** The draft's channel, when it is there already: what it holds now is compared with. */
export interface DraftedChannel {
  id: string;
  slug: string;
  former_slugs: readonly string[];
}

export interface PreviewedStory {
  id: string;
  slug: string;
  title: string;
  language: string | null;
  sortAt: Date;
  sourceName: string;
  partners: string[];
  tags: string[];
  /** The channel holds it already; false without one. */
  held: boolean;
}

/** All counts are of the `looked` newest stories. `lets`: how many each condition would let through by itself. */
export interface ChannelPreview {
  looked: number;
  fits: number;
  joins: number;
  leaves: number;
  lets: Record<string, number>;
  stories: PreviewedStory[];
}

/** A preview that takes longer is given up with an error: the API's words say what to do. */
const MAX_MS = 5_000;

@Injectable()
export class ChannelPreviewRepository {
  constructor(private readonly database: Database) {}

  /** Looks at the `most` newest stories and shows up to `limit` that fit, newest first. Undefined when that takes too long. */
  async preview(
    filter: StoryFilter,
    { most, limit, channel }: { most: number; limit: number; channel: DraftedChannel | undefined },
  ): Promise<ChannelPreview | undefined> {
    const slugs = channel === undefined ? [] : [channel.slug, ...channel.former_slugs];
    const conditions = Object.entries(conditionsSql(filter));
    const lets = conditions.map(([name]) => sql`${name}::text, count(*) FILTER (WHERE ${sql.ref(`lets_${name}`)})`);
    const columns = conditions.map(
      ([name, condition]) => sql`, coalesce(${condition}, false) AS ${sql.ref(`lets_${name}`)}`,
    );
    try {
      return await this.database.transaction(async (trx) => {
        await sql`SELECT set_config('statement_timeout', ${String(MAX_MS)}, true)`.execute(trx);
        const { rows } = await sql<ChannelPreview>`
          WITH pool AS MATERIALIZED (
            SELECT s.id, s.slug, s.title, s.language, s.sort_at, s.source_name, ${belongsSql(filter, slugs)} AS fits,
                   ${heldSql(channel)} AS held ${columns.length === 0 ? sql`` : sql.join(columns, sql``)}
              FROM stories s WHERE s.status = 'published' ORDER BY s.sort_at DESC, s.id DESC LIMIT ${most}),
          shown AS (SELECT * FROM pool WHERE fits ORDER BY sort_at DESC, id DESC LIMIT ${limit})
          SELECT count(*) AS looked, count(*) FILTER (WHERE fits) AS fits,
                 count(*) FILTER (WHERE fits AND NOT held) AS joins, count(*) FILTER (WHERE held AND NOT fits) AS leaves,
                 json_build_object(${lets.length === 0 ? sql`` : sql.join(lets)}) AS lets,
                 (SELECT coalesce(json_agg(json_build_object('id', id, 'slug', slug, 'title', title, 'language', language,
                    'sortAt', sort_at, 'sourceName', source_name, 'held', held, 'partners', ARRAY(
                      SELECT p.slug FROM story_partners sp JOIN partners p ON p.id = sp.partner_id
                       WHERE sp.story_id = shown.id AND ${IS_NAMED} ORDER BY p.slug),
                    'tags', ARRAY(SELECT t.scheme || '/' || t.slug FROM story_tags st JOIN tags t ON t.id = st.tag_id
                       WHERE st.story_id = shown.id ORDER BY st.confidence DESC, t.slug))
                    ORDER BY sort_at DESC, id DESC), '[]') FROM shown) AS stories
            FROM pool`.execute(trx);
        const [row] = rows;
        return row && { ...row, stories: row.stories.map((story) => ({ ...story, sortAt: new Date(story.sortAt) })) };
      });
    } catch (error) {
      if ((error as { code?: string }).code === QUERY_CANCELED) return undefined;
      throw error;
    }
  }
}

const QUERY_CANCELED = '57014';

function heldSql(channel: DraftedChannel | undefined): RawBuilder<boolean> {
  return channel === undefined
    ? sql`false`
    : sql`EXISTS (SELECT FROM channel_stories cs WHERE cs.channel_id = ${channel.id} AND cs.story_id = s.id)`;
}
