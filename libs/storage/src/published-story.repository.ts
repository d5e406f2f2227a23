/** What readers see of stories: lists of published ones, in pages, each with its partners and tags. */
import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import type { ParsedAuthor, ParsedMedia } from '#contracts/parsed-feed.js';
import type { StoryImage, StoryTag } from '#contracts/story-body.js';
import { Database } from './database.js';
import type { PartnerRights } from '#domain/story-rights.js';
import { IS_NAMED } from './partner-naming.js';
import type { SearchQuestion } from './search-question.js';
import { searchStories } from './story-search.js';
import { selectionSql, type StorySelection } from './story-selection.js';

/** A story as a list shows it. `summary` is plain text; dates as in the schema. */
export interface StoryCard {
  id: string;
  slug: string;
  version: number;
  title: string;
  summary: string;
  language: string | null;
  image: StoryImage | null;
  sourceName: string;
  sourceUrl: string | null;
  itemUrl: string | null;
  sortAt: Date;
  updatedAt: Date;
  partners: { slug: string; name: string }[];
  tags: StoryTag[];
}

/** A story with what its feed entry and its page need. `content` is sanitised HTML. */
export interface FullStory extends StoryCard {
  leadingItemId: string;
  content: string;
  authors: ParsedAuthor[];
  media: ParsedMedia[];
  sourceFeedUrl: string | null;
  rights: string | null;
  publishedAt: Date;
  /** What the leading partner allows. */
  partnerRights: PartnerRights;
}

/** A hit of a search: the card and the text to show the found words in. */
export interface FoundStory extends StoryCard {
  bodyText: string;
}

/** One page of a list. `next` is the id to ask the following page with, undefined on the last. */
export interface StoryPage<Story> {
  stories: Story[];
  next: string | undefined;
  /** Of a search only; see `SearchAnswer`. */
  total?: number | undefined;
  lookedBackTo?: Date | undefined;
}

export interface PageRequest {
  limit: number;
  /** The `next` of the page before. A story that is gone from the list still marks its place. */
  before?: string | undefined;
}

const PARTNERS = sql`SELECT json_agg(json_build_object('slug', p.slug, 'name', p.name) ORDER BY p.name, p.slug)
  FROM story_partners sp JOIN partners p ON p.id = sp.partner_id WHERE sp.story_id = s.id AND ${IS_NAMED}`;
const TAGS = sql`SELECT json_agg(json_build_object('scheme', t.scheme, 'name', t.name, 'slug', t.slug) ORDER BY st.confidence DESC, t.name, t.scheme)
  FROM story_tags st JOIN tags t ON t.id = st.tag_id WHERE st.story_id = s.id`;
const CARD = sql`s.id, s.slug, s.version, s.title, s.summary, s.language, s.image, s.source_name AS "sourceName",
  s.source_url AS "sourceUrl", s.item_url AS "itemUrl", s.sort_at AS "sortAt", s.updated_at AS "updatedAt",
  coalesce((${PARTNERS}), '[]') AS partners, coalesce((${TAGS}), '[]') AS tags`;
const FULL = sql`${CARD}, s.leading_item_id AS "leadingItemId", s.content, s.authors, s.media, s.source_feed_url AS "sourceFeedUrl", s.rights,
  s.published_at AS "publishedAt", (SELECT p.rights FROM story_items i JOIN partners p ON p.id = i.partner_id
    WHERE i.item_id = s.leading_item_id) AS "partnerRights"`;
/** Enough text to show a found word in its surroundings, not the whole of a long read; nothing of a text that may not be shown. */
const FOUND = sql`${CARD}, CASE WHEN (SELECT p.rights->>'excerptOnly' FROM story_items i JOIN partners p ON p.id = i.partner_id
    WHERE i.item_id = s.leading_item_id) = 'true' THEN s.summary ELSE left(s.body_text, 20000) END AS "bodyText"`;

@Injectable()
export class PublishedStoryRepository {
  constructor(private readonly database: Database) {}

  /** Stories for a page's list. */
  cards(selection: StorySelection, page: PageRequest): Promise<StoryPage<StoryCard>> {
    return this.list<StoryCard>(selection, page, CARD);
  }

  /** Stories with their content, for feeds. */
  full(selection: StorySelection, page: PageRequest): Promise<StoryPage<FullStory>> {
    return this.list<FullStory>(selection, page, FULL);
  }

  /** Stories that a search found, with their text. */
  found(selection: StorySelection, page: PageRequest): Promise<StoryPage<FoundStory>> {
    return this.list<FoundStory>(selection, page, FOUND);
  }

  /** One published story by id; undefined when it is not there, withdrawn or merged. */
  async byId(id: string): Promise<FullStory | undefined> {
    const { rows } = await this.database.prepared(sql<FullStory>`
      SELECT ${FULL} FROM stories s WHERE s.id = ${id} AND s.status = 'published'`);
    return rows[0];
  }

  /** When the newest story of a list was published; undefined when it has none. */
  async newestAt(selection: StorySelection): Promise<Date | undefined> {
    const { from, where, sortAt, id } = selectionSql(selection);
    const { rows } = await this.database.prepared(sql<{ at: Date }>`
      SELECT ${sortAt} AS at FROM ${from} WHERE s.status = 'published' AND ${where} ORDER BY ${sortAt} DESC, ${id} DESC LIMIT 1`);
    return rows[0]?.at;
  }

  private async list<Story extends StoryCard>(
    selection: StorySelection,
    { limit, before }: PageRequest,
    columns: RawBuilder<unknown>,
  ): Promise<StoryPage<Story>> {
    if (selection.kind === 'search') return this.searched<Story>(selection.question, { limit, before }, columns);
    const { from, where, sortAt, id } = selectionSql(selection);
    const place = before === undefined ? undefined : await this.placeOf(before);
    if (before !== undefined && place === undefined) return { stories: [], next: undefined };
    const after = place === undefined ? sql`` : sql`AND (${sortAt}, ${id}) < (${place}::timestamptz, ${before}::uuid)`;
    // The limit is part of the text: a plan for any limit would be one for a tenth of all stories.
    const { rows } = await this.database.prepared(sql<Story>`
      SELECT ${columns} FROM ${from} WHERE s.status = 'published' AND ${where} ${after}
      ORDER BY ${sortAt} DESC, ${id} DESC LIMIT ${sql.lit(limit + 1)}`);
    const stories = rows.slice(0, limit);
    return { stories, next: rows.length > limit ? stories.at(-1)?.id : undefined };
  }

  private async searched<Story extends StoryCard>(
    question: SearchQuestion,
    { limit, before }: PageRequest,
    columns: RawBuilder<unknown>,
  ): Promise<StoryPage<Story>> {
    const sortAt = before === undefined ? undefined : await this.placeOf(before);
    if (before !== undefined && sortAt === undefined) return { stories: [], next: undefined };
    const place = before === undefined || sortAt === undefined ? {} : { before: { id: before, sortAt } };
    const { ids, ...answer } = await searchStories(this.database, question, { limit, ...place });
    const { rows } = await this.database.prepared(sql<Story>`
      SELECT ${columns} FROM stories s WHERE s.id = ANY(${ids}::uuid[]) AND s.status = 'published'
      ORDER BY s.sort_at DESC, s.id DESC`);
    return { stories: rows, ...answer };
  }

  /** As text: a JavaScript date would lose the microseconds that tell neighbours apart. */
  private async placeOf(id: string): Promise<string | undefined> {
    const { rows } = await this.database.prepared(
      sql<{ at: string }>`SELECT sort_at::text AS at FROM stories WHERE id = ${id}`,
    );
    return rows[0]?.at;
  }
}
