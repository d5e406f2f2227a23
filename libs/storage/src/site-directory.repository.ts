/** What the site knows besides stories: its channels, tags and partners, whether it is a demonstration, and its version. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { StoryTag } from '#contracts/story-body.js';
import { Database } from './database.js';
import { MAY_BE_NAMED } from './partner-naming.js';
import { isStorableText } from './storable-text.js';

export interface PublicChannel {
  id: string;
  slug: string;
  title: string;
  description: string;
  language: string | null;
  imageUrl: string | null;
  /** Of its feeds: what they are ordered by, how many entries they have, and whether with the whole text. */
  order: 'newest' | 'updated';
  size: number;
  fullText: boolean;
  updatedAt: Date;
}

export interface PublicPartner {
  id: string;
  slug: string;
  name: string;
  siteUrl: string | null;
  updatedAt: Date;
  /** False for one who lets nothing be passed on: it is not named where others tell the story. */
  mayBeNamed: boolean;
}

export interface PublicTag extends StoryTag {
  id: string;
  createdAt: Date;
}

/** Addresses are anybody's to make up: what no name here can be is looked up nowhere. */
@Injectable()
export class SiteDirectoryRepository {
  constructor(private readonly database: Database) {}

  /**
   * A short text that is another one after anything that readers can see has changed: events relayed, channels filled or
   * edited, partners renamed, settings, stories related anew. Equal texts mean that nothing did.
   */
  async version(): Promise<string> {
    const { rows } = await this.database.prepared(sql<{ version: string }>`
      SELECT concat_ws('.', (SELECT max(seq) FROM events),
        (SELECT concat(count(*), '-', sum(version), '-', extract(epoch FROM max(updated_at))) FROM channels),
        (SELECT extract(epoch FROM max(updated_at)) FROM partners),
        (SELECT extract(epoch FROM max(updated_at)) FROM settings),
        (SELECT version FROM story_cluster_lane)) AS version`);
    return rows[0]?.version ?? '';
  }

  /** Demo partners are there and nobody has turned the demonstration off. */
  async isDemonstration(): Promise<boolean> {
    const { rows } = await sql<{ demo: boolean }>`
      SELECT EXISTS (SELECT FROM partners WHERE is_demo) AND NOT EXISTS (
        SELECT FROM settings WHERE key = 'demo' AND value->>'state' = 'off') AS demo`.execute(this.database.db);
    return rows[0]?.demo ?? false;
  }

  async channels(): Promise<PublicChannel[]> {
    const { rows } = await sql<PublicChannel>`
      SELECT id, slug, title, description, language, image_url AS "imageUrl", sort_order AS "order", size,
             full_text AS "fullText", updated_at AS "updatedAt" FROM channels
      ORDER BY created_at, id`.execute(this.database.db);
    return rows;
  }

  /** The present slug of the channel that had this one before. */
  async movedChannel(formerSlug: string): Promise<string | undefined> {
    if (!isStorableText(formerSlug)) return undefined;
    const { rows } = await sql<{ slug: string }>`
      SELECT c.slug FROM channel_slugs f JOIN channels c ON c.id = f.channel_id
      WHERE f.slug = ${formerSlug}`.execute(this.database.db);
    return rows[0]?.slug;
  }

  /** Tags of published stories, topics and places first, each scheme by name; at most `limit`. */
  async tags(limit: number): Promise<StoryTag[]> {
    const { rows } = await sql<StoryTag>`
      SELECT scheme, slug, name FROM tags t
      WHERE EXISTS (SELECT FROM story_tags st JOIN stories s ON s.id = st.story_id
        WHERE st.tag_id = t.id AND s.status = 'published')
      ORDER BY array_position(ARRAY['topic', 'place', 'organisation', 'person', 'keyword'], scheme), lower(name), slug
      LIMIT ${limit}`.execute(this.database.db);
    return rows;
  }

  /** Partners with at least one published story that may be named, by name. */
  async partners(): Promise<PublicPartner[]> {
    const { rows } = await sql<PublicPartner>`
      SELECT id, slug, name, site_url AS "siteUrl", updated_at AS "updatedAt", true AS "mayBeNamed" FROM partners p
      WHERE ${MAY_BE_NAMED}
        AND EXISTS (SELECT FROM story_partners sp JOIN stories s ON s.id = sp.story_id
          WHERE sp.partner_id = p.id AND sp.named AND s.status = 'published')
      ORDER BY lower(name), slug`.execute(this.database.db);
    return rows;
  }

  /** The languages (primary subtags) that published stories are in: one index probe each. */
  async languages(): Promise<string[]> {
    const { rows } = await sql<{ language: string }>`
      WITH RECURSIVE known AS (
        SELECT (SELECT min(lower(split_part(language, '-', 1))) FROM stories WHERE status = 'published') AS language
        UNION ALL SELECT (SELECT min(lower(split_part(s.language, '-', 1))) FROM stories s
          WHERE s.status = 'published' AND lower(split_part(s.language, '-', 1)) > known.language)
        FROM known WHERE known.language IS NOT NULL
      ) SELECT language FROM known WHERE language ~ '^[a-z]{2,3}$' LIMIT 100`.execute(this.database.db);
    return rows.map(({ language }) => language);
  }

  async partner(slug: string): Promise<PublicPartner | undefined> {
    if (!isStorableText(slug)) return undefined;
    const { rows } = await sql<PublicPartner>`
      SELECT id, slug, name, site_url AS "siteUrl", updated_at AS "updatedAt",
             ${MAY_BE_NAMED} AS "mayBeNamed" FROM partners p
      WHERE slug = ${slug}`.execute(this.database.db);
    return rows[0];
  }

  async tag(scheme: string, slug: string): Promise<PublicTag | undefined> {
    if (!isStorableText(scheme + slug)) return undefined;
    const { rows } = await this.database.prepared(sql<PublicTag>`
      SELECT id, scheme, slug, name, created_at AS "createdAt" FROM tags
      WHERE scheme = ${scheme} AND slug = ${slug}`);
    return rows[0];
  }
}
