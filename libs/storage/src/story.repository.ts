/** Stories as the processor makes and changes them, in batches inside its transaction. */
import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import type { ParsedAuthor, ParsedMedia } from '#contracts/parsed-feed.js';
import type { StoryImage, StoryTag } from '#contracts/story-body.js';
import { Database } from './database.js';
import type { Schema, StoryItemsTable } from './schema.js';
import { uuidV7 } from './uuid.js';

/** What a story shows, taken from its leading item. `bodyText` is what material changes are measured against. */
export interface StoryContent {
  leadingItemId: string;
  title: string;
  summary: string;
  content: string;
  bodyText: string;
  language: string | null;
  authors: ParsedAuthor[];
  image: StoryImage | null;
  media: ParsedMedia[];
  sourceName: string;
  sourceUrl: string | null;
  sourceFeedUrl: string | null;
  itemUrl: string | null;
  rights: string | null;
}

/** `names` are found by searches as well: the story's partners and tags. */
export interface StoryRow extends StoryContent {
  id: string;
  version: number;
  updatedAt: Date;
  names: string;
  /** Its leading partner allows an excerpt only: searches find the summary and not the text. */
  excerptOnly: boolean;
}

export interface NewStoryRow extends StoryRow {
  slug: string;
  publishedAt: Date;
  sortAt: Date;
  createdAt: Date;
  isDemo: boolean;
  status: 'published' | 'withheld';
}

export interface StoryVersionRow {
  storyId: string;
  version: number;
  createdAt: Date;
  itemId: string;
  changed: string[];
  tags: StoryTag[];
  partners: { slug: string; name: string }[];
}

export interface StoryItemRow {
  itemId: string;
  storyId: string;
  partnerId: string;
  rule: string;
  relation: StoryItemsTable['relation']['__select__'];
  evidence: Record<string, unknown>;
}

/** `named` as in `StatePartner.isNamed`. */
export interface StoryPartnerRow {
  storyId: string;
  partnerId: string;
  sortAt: Date;
  named: boolean;
}

/** The columns of `StoryRow` as json_to_recordset reads them. */
const CONTENT = sql.raw(`
  id uuid, version int, "updatedAt" timestamptz, names text, "leadingItemId" uuid, title text, summary text, content text,
  "bodyText" text, language text, authors jsonb, image jsonb, media jsonb, "sourceName" text, "sourceUrl" text,
  "sourceFeedUrl" text, "itemUrl" text, rights text, "excerptOnly" boolean`);

/** Title before body before names; accents and letter case do not count. A tsvector has room for about this much text. */
const SEARCH = sql.raw(`
  setweight(to_tsvector('simple', unaccent(r.title)), 'A')
  || setweight(to_tsvector('simple', unaccent(left(CASE WHEN r."excerptOnly" THEN r.summary ELSE r."bodyText" END, 60000))), 'B')
  || setweight(to_tsvector('simple', unaccent(r.names)), 'C')
  || unspaced_pairs(left(r.title || ' ' || r.names || ' ' || CASE WHEN r."excerptOnly" THEN r.summary ELSE r."bodyText" END, 60000))`);

@Injectable()
export class StoryRepository {
  constructor(private readonly database: Database) {}

  async insert(trx: Transaction<Schema>, stories: readonly NewStoryRow[]): Promise<void> {
    if (stories.length === 0) return;
    await sql`
      INSERT INTO stories (id, slug, version, leading_item_id, title, summary, content, body_text, language, authors,
          image, media, source_name, source_url, source_feed_url, item_url, rights, published_at, sort_at, created_at,
          updated_at, is_demo, status, excerpt_only, search)
        SELECT id, slug, version, "leadingItemId", title, summary, content, "bodyText", language, authors,
            image, media, "sourceName", "sourceUrl", "sourceFeedUrl", "itemUrl", rights, "publishedAt", "sortAt",
            "createdAt", "updatedAt", "isDemo", status, "excerptOnly", ${SEARCH}
          FROM json_to_recordset(${JSON.stringify(stories)}::json) AS r(${CONTENT}, slug text,
            "publishedAt" timestamptz, "sortAt" timestamptz, "createdAt" timestamptz, "isDemo" boolean, status text)`.execute(
      trx,
    );
  }

  /** The caller holds the stories' locks. What identifies a story (id, slug, dates of publication) never changes. */
  async update(trx: Transaction<Schema>, stories: readonly StoryRow[]): Promise<void> {
    if (stories.length === 0) return;
    await sql`
      UPDATE stories s SET version = r.version, leading_item_id = r."leadingItemId", title = r.title,
             summary = r.summary, content = r.content, body_text = r."bodyText", language = r.language,
             authors = r.authors, image = r.image, media = r.media, source_name = r."sourceName",
             source_url = r."sourceUrl", source_feed_url = r."sourceFeedUrl", item_url = r."itemUrl",
             rights = r.rights, updated_at = r."updatedAt", excerpt_only = r."excerptOnly", search = ${SEARCH}
        FROM json_to_recordset(${JSON.stringify(stories)}::json) AS r(${CONTENT})
       WHERE s.id = r.id`.execute(trx);
  }

  /** A new version whose text and tags are as they were: the indexes stay as they are too. */
  async updateVersions(trx: Transaction<Schema>, stories: readonly Pick<StoryRow, 'id' | 'version'>[]): Promise<void> {
    if (stories.length === 0) return;
    await sql`
      UPDATE stories s SET version = r.version
        FROM json_to_recordset(${JSON.stringify(stories)}::json) AS r(id uuid, version int)
       WHERE s.id = r.id`.execute(trx);
  }

  /** The stories' rights are looked at by then, or before where they are due before. */
  async bringRightsForward(trx: Transaction<Schema>, due: readonly { storyId: string; at: Date }[]): Promise<void> {
    if (due.length === 0) return;
    await sql`
      UPDATE stories s SET rights_due_at = LEAST(s.rights_due_at, r.at)
        FROM (SELECT "storyId" AS id, min(at) AS at
                FROM json_to_recordset(${JSON.stringify(due)}::json) AS r("storyId" uuid, at timestamptz) GROUP BY 1) r
       WHERE s.id = r.id AND (s.rights_due_at IS NULL OR s.rights_due_at > r.at)`.execute(trx);
  }

  /** The history's rows; what a version shows is taken from the stories as they have just been written. */
  async addVersions(trx: Transaction<Schema>, versions: readonly StoryVersionRow[]): Promise<void> {
    if (versions.length === 0) return;
    await sql`
      INSERT INTO story_versions (story_id, version, created_at, item_id, changed, title, content, summary, body_text,
          language, source_name, rights, image, media, tags, partners)
        SELECT r."storyId", r.version, r."createdAt", r."itemId", ARRAY(SELECT json_array_elements_text(r.changed)),
            s.title, s.content, s.summary, s.body_text, s.language, s.source_name, s.rights, s.image, s.media, r.tags,
            r.partners
          FROM json_to_recordset(${JSON.stringify(versions)}::json) AS r("storyId" uuid, version int,
            "createdAt" timestamptz, "itemId" uuid, changed json, tags jsonb, partners jsonb)
          JOIN stories s ON s.id = r."storyId"`.execute(trx);
  }

  async addItems(trx: Transaction<Schema>, items: readonly StoryItemRow[]): Promise<void> {
    if (items.length === 0) return;
    await sql`
      INSERT INTO story_items (item_id, story_id, partner_id, rule, relation, evidence)
        SELECT "itemId", "storyId", "partnerId", rule, relation, evidence
          FROM json_to_recordset(${JSON.stringify(items)}::json) AS r("itemId" uuid, "storyId" uuid, "partnerId" uuid,
            rule text, relation text, evidence jsonb)`.execute(trx);
  }

  /** Who carries the stories, and who of them is named. */
  async writePartners(trx: Transaction<Schema>, partners: readonly StoryPartnerRow[]): Promise<void> {
    if (partners.length === 0) return;
    // A further partner makes no event by itself, but may bring the story into a channel. The statement sees the rows from before it.
    await sql`
      WITH added AS (
        INSERT INTO story_partners AS known (story_id, partner_id, sort_at, named)
          SELECT "storyId", "partnerId", min("sortAt"), bool_or(named)
            FROM json_to_recordset(${JSON.stringify(partners)}::json) AS r("storyId" uuid, "partnerId" uuid,
              "sortAt" timestamptz, named boolean)
           GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (story_id, partner_id) DO UPDATE SET named = excluded.named WHERE known.named <> excluded.named
        RETURNING story_id)
      INSERT INTO channel_rechecks (story_id)
        SELECT DISTINCT story_id FROM added a WHERE EXISTS (
          SELECT FROM story_partners sp WHERE sp.story_id = a.story_id)`.execute(trx);
  }

  /**
   * The end of the demo: its stories leave every list and every channel, without a word to the endpoints. Answers how many.
   * Running it again catches those that were still being processed.
   */
  async withdrawDemoStories(): Promise<number> {
    return this.database.transaction(async (trx) => {
      const { rows } = await sql<{ id: string; version: number }>`
        UPDATE stories SET status = 'withdrawn', gone_at = now(), gone_reason = 'the demo has ended', updated_at = now()
         WHERE id IN (SELECT id FROM stories WHERE is_demo AND status = 'published' ORDER BY id FOR NO KEY UPDATE)
        RETURNING id, version`.execute(trx);
      const withdrawn = rows.map((story) => ({ ...story, eventId: uuidV7() }));
      // Quiet events: channels and caches move by them, endpoints do not hear of them.
      await sql`
        INSERT INTO events (id, type, story_id, story_version, body, quiet_reason, correlation_id, created_at)
          SELECT "eventId", 'story.withdrawn', id, version,
                 coalesce((SELECT body FROM events e WHERE e.story_id = r.id ORDER BY e.id DESC LIMIT 1), '{}'),
                 'the demo has ended', 'c_demo-end', now()
            FROM json_to_recordset(${JSON.stringify(withdrawn)}::json) AS r(id uuid, version int, "eventId" uuid)
        ON CONFLICT (story_id, story_version, type) DO NOTHING`.execute(trx);
      return rows.length;
    });
  }
}
