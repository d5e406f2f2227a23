/** Tags by name, and which stories carry them and why. */
import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import type { StoryTag, TagScheme } from '#contracts/story-body.js';
import { Database } from './database.js';
import type { Schema } from './schema.js';
import { uuidV7 } from './uuid.js';

export interface StoredTag extends StoryTag {
  id: string;
}

/** `source` in words: 'partner category "Sport" (Daily Harbour)'; `confidence` from 0 to 1. */
export interface StoryTagRow {
  storyId: string;
  tagId: string;
  source: string;
  confidence: number;
  sortAt: Date;
}

@Injectable()
export class TagRepository {
  constructor(private readonly database: Database) {}

  /**
   * The tags' rows, made where they are missing; the first spelling of a name stays. Outside any transaction: a tag that
   * no story carries does no harm, and nobody waits for a transaction that made one.
   */
  async ensure(tags: readonly StoryTag[]): Promise<Map<string, StoredTag>> {
    const wanted = new Map(tags.map((tag) => [tagKey(tag), tag]));
    const known = await this.find([...wanted.values()]);
    const missing = [...wanted].filter(([key]) => !known.has(key)).map(([, tag]) => ({ id: uuidV7(), ...tag }));
    if (missing.length === 0) return known;
    await sql`
      INSERT INTO tags (id, scheme, slug, name)
        SELECT id, scheme, slug, name
          FROM json_to_recordset(${JSON.stringify(missing)}::json) AS r(id uuid, scheme text, slug text, name text)
         ORDER BY scheme, slug
      ON CONFLICT (scheme, slug) DO NOTHING`.execute(this.database.db);
    // Read again: another processor may have made some of them in between.
    return this.find([...wanted.values()]);
  }

  private async find(tags: readonly StoryTag[]): Promise<Map<string, StoredTag>> {
    if (tags.length === 0) return new Map();
    const { rows } = await sql<StoredTag>`
      SELECT t.id, t.scheme, t.slug, t.name FROM tags t
        JOIN unnest(${tags.map(({ scheme }) => scheme)}::text[], ${tags.map(({ slug }) => slug)}::text[]) AS w(scheme, slug)
          ON w.scheme = t.scheme AND w.slug = t.slug`.execute(this.database.db);
    return new Map(rows.map((row) => [tagKey(row), row]));
  }

  async addToStories(trx: Transaction<Schema>, rows: readonly StoryTagRow[]): Promise<void> {
    if (rows.length === 0) return;
    await sql`
      INSERT INTO story_tags (story_id, tag_id, source, confidence, sort_at)
        SELECT "storyId", "tagId", source, confidence, "sortAt"
          FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r("storyId" uuid, "tagId" uuid, source text, confidence real,
            "sortAt" timestamptz)
         ORDER BY "storyId", "tagId"
      ON CONFLICT (story_id, tag_id) DO NOTHING`.execute(trx);
  }

  async removeFromStories(
    trx: Transaction<Schema>,
    rows: readonly Pick<StoryTagRow, 'storyId' | 'tagId'>[],
  ): Promise<void> {
    if (rows.length === 0) return;
    await sql`
      DELETE FROM story_tags st
       USING json_to_recordset(${JSON.stringify(rows)}::json) AS r("storyId" uuid, "tagId" uuid)
       WHERE st.story_id = r."storyId" AND st.tag_id = r."tagId"`.execute(trx);
  }
}

/** `SCHEME/SLUG`, as in the tag's address. */
export function tagKey({ scheme, slug }: { scheme: TagScheme; slug: string }): string {
  return `${scheme}/${slug}`;
}
