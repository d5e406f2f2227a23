/** Puts stories straight into a test's database, as the processor would leave them, for tests of what readers see. */
import { sql } from 'kysely';
import type { ParsedAuthor, ParsedMedia } from '#contracts/parsed-feed.js';
import type { StoryImage, StoryTag } from '#contracts/story-body.js';
import type { Database } from '#storage/database.js';
import type { PartnerRights } from '#domain/story-rights.js';
import { uuidV7 } from '#storage/uuid.js';

export interface TestPartner {
  id: string;
  feedId: string;
  slug: string;
  name: string;
}

/** What a test cares about; the rest has a plain default. */
export interface TestStory {
  title: string;
  slug?: string;
  summary?: string;
  content?: string;
  language?: string | null;
  authors?: ParsedAuthor[];
  image?: StoryImage | null;
  media?: ParsedMedia[];
  tags?: StoryTag[];
  partners: TestPartner[];
  rules?: string[];
  itemUrl?: string | null;
  sourceUrl?: string | null;
  sourceFeedUrl?: string | null;
  rights?: string | null;
  at?: Date;
  updatedAt?: Date;
  version?: number;
  status?: 'published' | 'withdrawn' | 'merged';
  mergedInto?: string | null;
}

export async function addPartner(
  { db }: Database,
  partner: { slug: string; name?: string; rights?: PartnerRights; isDemo?: boolean; siteUrl?: string },
): Promise<TestPartner> {
  const { slug, name = slug } = partner;
  const [id, feedId] = [uuidV7(), uuidV7()];
  const siteUrl = partner.siteUrl ?? `https://${encodeURIComponent(slug)}.example/`;
  const rights = JSON.stringify(partner.rights ?? {});
  await db
    .insertInto('partners')
    .values({ id, slug, name, site_url: siteUrl, rights, is_demo: partner.isDemo ?? false })
    .execute();
  await db
    .insertInto('feeds')
    .values({ id: feedId, partner_id: id, url: `${siteUrl}feed/${feedId}`, news_since: new Date() })
    .execute();
  return { id, feedId, slug, name };
}

/** Adds the story with one item a partner, its tags and its event (which has its sequence: caches see it). Returns its id. */
export async function addStory(database: Database, story: TestStory): Promise<string> {
  const { db } = database;
  const id = uuidV7();
  const at = story.at ?? new Date();
  const slug = story.slug ?? 'a-story';
  const items = story.partners.map((partner) => ({ id: uuidV7(), partner }));
  const [first] = items;
  if (first === undefined) throw new Error('a story needs a partner');
  const itemUrl = story.itemUrl === undefined ? `https://example.org/${id}` : story.itemUrl;
  const content = story.content ?? `<p>${story.summary ?? 'Text.'}</p>`;
  const words = `${story.title} ${content.replace(/<[^>]*>/g, ' ')}`;
  await db
    .insertInto('stories')
    .values({
      id,
      slug,
      version: story.version ?? 1,
      status: story.status ?? 'published',
      merged_into: story.mergedInto ?? null,
      leading_item_id: first.id,
      title: story.title,
      summary: story.summary ?? 'A summary.',
      content,
      body_text: content.replace(/<[^>]*>/g, ' '),
      language: story.language === undefined ? 'en' : story.language,
      authors: JSON.stringify(story.authors ?? []),
      image: story.image === undefined || story.image === null ? null : JSON.stringify(story.image),
      media: JSON.stringify(story.media ?? []),
      source_name: first.partner.name,
      source_url: story.sourceUrl === undefined ? 'https://example.org/' : story.sourceUrl,
      source_feed_url: story.sourceFeedUrl === undefined ? 'https://example.org/feed' : story.sourceFeedUrl,
      item_url: itemUrl,
      rights: story.rights ?? null,
      published_at: at,
      sort_at: at,
      created_at: at,
      updated_at: story.updatedAt ?? at,
      search: sql`to_tsvector('simple', unaccent(${words})) || unspaced_pairs(${words})`,
    })
    .execute();
  for (const [index, item] of items.entries()) {
    await addItem(database, item, { storyId: id, itemUrl, at, title: story.title, rule: story.rules?.[index] });
  }
  for (const tag of story.tags ?? []) await addTag(database, id, tag, at);
  await addEvent(database, id, story.version ?? 1);
  return id;
}

/** An event as the relay leaves it: the sign that readers' caches go by. */
export async function addEvent(
  { db }: Database,
  storyId: string,
  version: number,
  type = 'story.published',
): Promise<void> {
  await sql`INSERT INTO events (id, type, story_id, story_version, body, correlation_id, created_at, seq)
    VALUES (${uuidV7()}, ${type}, ${storyId}, ${version}, '{}', 'c_test', now(), nextval('event_seq'))`.execute(db);
}

/** A channel that holds these stories. */
export async function addChannel({ db }: Database, slug: string, title: string, storyIds: string[]): Promise<void> {
  const id = uuidV7();
  await db.insertInto('channels').values({ id, slug, title }).execute();
  for (const storyId of storyIds) {
    await sql`INSERT INTO channel_stories SELECT ${id}, id, sort_at FROM stories WHERE id = ${storyId}`.execute(db);
  }
}

async function addItem(
  { db }: Database,
  { id, partner }: { id: string; partner: TestPartner },
  facts: { storyId: string; itemUrl: string | null; at: Date; title: string; rule: string | undefined },
): Promise<void> {
  const { storyId, at } = facts;
  await db
    .insertInto('items')
    .values({
      id,
      feed_id: partner.feedId,
      partner_id: partner.id,
      identity_key: id,
      identity_rule: 'guid',
      content_hash: Buffer.from(id),
      parsed: JSON.stringify({
        title: facts.title,
        url: facts.itemUrl ?? undefined,
        authors: [],
        categories: [],
        media: [],
      }),
      published_at: at,
      first_fetch_id: uuidV7(),
      fetch_id: uuidV7(),
      correlation_id: 'c_test',
      processed_version: 1,
      state: 'in-story',
    })
    .execute();
  await db
    .insertInto('story_items')
    .values({ item_id: id, story_id: storyId, partner_id: partner.id, rule: facts.rule ?? 'first', evidence: '{}' })
    .execute();
  await db
    .insertInto('story_partners')
    .values({ story_id: storyId, partner_id: partner.id, sort_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function addTag({ db }: Database, storyId: string, tag: StoryTag, at: Date): Promise<void> {
  await db
    .insertInto('tags')
    .values({ id: uuidV7(), ...tag })
    .onConflict((conflict) => conflict.columns(['scheme', 'slug']).doNothing())
    .execute();
  await sql`INSERT INTO story_tags (story_id, tag_id, source, sort_at)
    SELECT ${storyId}, id, 'test', ${at} FROM tags WHERE scheme = ${tag.scheme} AND slug = ${tag.slug}
    ON CONFLICT DO NOTHING`.execute(db);
}
