/** The newest stories as rules would see their leading items, for a look at what a draft would do. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { ParsedCategory } from '#contracts/parsed-feed.js';
import type { StoryTag } from '#contracts/story-body.js';
import { Database } from './database.js';

/**
 * `at`: when the item was published, else received; `isReleased`: an operator let this version of it in; `channels`: slugs, former ones
 * too, of those that hold the story.
 */
export interface PreviewStory {
  id: string;
  title: string;
  bodyText: string;
  url: string | null;
  language: string | null;
  publishedAt: Date;
  at: Date;
  categories: ParsedCategory[];
  partner: { slug: string; name: string; priority: number };
  feed: { id: string; url: string; formerUrl: string | null };
  isReleased: boolean;
  tags: (StoryTag & { source: string })[];
  /** SCHEME/SLUG of tags that an operator took from the story. */
  refusedTags: string[];
  channels: string[];
}

@Injectable()
export class RulePreviewRepository {
  constructor(private readonly database: Database) {}

  /** Published stories, newest first; `after`: the id of the last one of the page before. */
  async newest(limit: number, after: string | undefined): Promise<PreviewStory[]> {
    const { rows } = await sql<PreviewStory>`
      SELECT s.id, s.title, s.body_text AS "bodyText", s.item_url AS url, s.language, s.published_at AS "publishedAt",
             coalesce(i.published_at, i.received_at) AS at, i.parsed->'categories' AS categories,
             json_build_object('slug', p.slug, 'name', p.name, 'priority', p.priority) AS partner,
             json_build_object('id', f.id, 'url', f.url, 'formerUrl', f.former_url) AS feed, i.released_version = i.version AS "isReleased",
             (SELECT coalesce(json_agg(json_build_object('scheme', t.scheme, 'slug', t.slug, 'name', t.name,
                 'source', st.source)), '[]')
                FROM story_tags st JOIN tags t ON t.id = st.tag_id WHERE st.story_id = s.id) AS tags,
             ARRAY(SELECT t.scheme || '/' || t.slug FROM story_tags_refused r JOIN tags t ON t.id = r.tag_id
                    WHERE r.story_id = s.id) AS "refusedTags",
             ARRAY(SELECT c.slug FROM channel_stories cs JOIN channels c ON c.id = cs.channel_id WHERE cs.story_id = s.id
                   UNION SELECT f.slug FROM channel_stories cs JOIN channel_slugs f ON f.channel_id = cs.channel_id
                          WHERE cs.story_id = s.id) AS channels
        FROM (SELECT * FROM stories WHERE status = 'published'
                 ${after === undefined ? sql`` : sql`AND (sort_at, id) < (SELECT sort_at, id FROM stories WHERE id = ${after})`}
               ORDER BY sort_at DESC, id DESC LIMIT ${limit}) s
        JOIN items i ON i.id = s.leading_item_id
        JOIN partners p ON p.id = i.partner_id JOIN feeds f ON f.id = i.feed_id
       ORDER BY s.sort_at DESC, s.id DESC`.execute(this.database.db);
    return rows;
  }
}
