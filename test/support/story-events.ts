/** Events of stories as the processor's relay leaves them, for tests of what the publisher does with them. */
import { sql } from 'kysely';
import type { EventType } from '#contracts/events.js';
import type { StoryBody } from '#contracts/story-body.js';
import { ChannelRepository, type NewChannel } from '#storage/channel.repository.js';
import type { Database } from '#storage/database.js';
import { uuidV7 } from '#storage/uuid.js';

/** A story's public body; every field can be set. */
export function storyBody(overrides: Partial<StoryBody> = {}): StoryBody {
  const id = overrides.id ?? uuidV7();
  return {
    id,
    version: 1,
    url: `https://news.example/stories/${id}/ferry-returns`,
    title: 'Ferry returns to the harbour',
    summary: 'The ferry is back.',
    content: '<p>The ferry is back after two years.</p>',
    language: 'en',
    publishedAt: '2026-11-20T10:00:00.000Z',
    updatedAt: '2026-11-20T10:00:00.000Z',
    source: { name: 'Harbour Agency', url: 'https://agency.example/', itemUrl: 'https://agency.example/ferry' },
    partners: [{ slug: 'agency', name: 'Harbour Agency' }],
    tags: [{ scheme: 'topic', name: 'Transport', slug: 'transport' }],
    image: null,
    ...overrides,
  };
}

export interface TestEvent {
  type?: EventType;
  story?: StoryBody;
  /** Id of the row in `stories`; without one the event is about no stored story. */
  storyId?: string;
  quietReason?: string;
}

/** Relayed events, in order of their sequence numbers. Answers their ids. */
export async function insertEvents(database: Database, events: TestEvent[]): Promise<string[]> {
  const ids: string[] = [];
  for (const { type = 'story.published', story = storyBody(), storyId, quietReason } of events) {
    const id = uuidV7();
    await database.db
      .insertInto('events')
      .values({
        id,
        type,
        story_id: storyId ?? null,
        story_version: storyId === undefined ? null : story.version,
        body: JSON.stringify({ story }),
        quiet_reason: quietReason ?? null,
        correlation_id: 'c_test',
        created_at: new Date(),
        seq: sql<number>`nextval('event_seq')`,
        relayed_at: new Date(),
        enqueued_at: new Date(),
        fanned_out_at: null,
      })
      .execute();
    ids.push(id);
  }
  return ids;
}

export interface TestStory {
  language?: string | null;
  /** SCHEME/SLUG */
  tags?: string[];
  /** Slugs; each becomes a partner with a feed and an item of the story. */
  partners?: string[];
  sortAt?: Date;
  status?: 'published' | 'withdrawn';
  title?: string;
  text?: string;
  media?: ('image' | 'audio' | 'video')[];
}

/** A stored story with its partners and tags, and none of what lists and pages need besides. Answers its id. */
export async function insertStory(database: Database, story: TestStory): Promise<string> {
  const {
    language = 'en',
    tags = [],
    partners = [],
    sortAt = new Date(),
    status = 'published',
    title = 'Ferry',
  } = story;
  const { text = '', media = [] } = story;
  const parsed = media
    .filter((medium) => medium !== 'image')
    .map((medium) => ({ url: `https://a.example/${medium}`, medium }));
  const image = media.includes('image') ? JSON.stringify({ url: 'https://a.example/image' }) : null;
  const id = uuidV7();
  const db = database.db;
  await sql`
    INSERT INTO stories (id, slug, leading_item_id, title, summary, content, body_text, language, source_name,
      published_at, sort_at, status, image, media, search)
    VALUES (${id}, 'ferry', ${uuidV7()}, ${title}, '', '', ${text}, ${language}, 'Agency', ${sortAt}, ${sortAt}, ${status},
      ${image}::jsonb, ${JSON.stringify(parsed)}::jsonb,
      to_tsvector('simple', unaccent(${title})) || to_tsvector('simple', unaccent(${text})))`.execute(db);
  for (const slug of partners) {
    await sql`INSERT INTO partners (id, slug, name) VALUES (${uuidV7()}, ${slug}, ${slug}) ON CONFLICT DO NOTHING`.execute(
      db,
    );
    await sql`INSERT INTO story_partners (story_id, partner_id, sort_at)
      SELECT ${id}, id, ${sortAt} FROM partners WHERE slug = ${slug}`.execute(db);
  }
  for (const tag of tags) {
    const [scheme, slug] = tag.split('/');
    await sql`INSERT INTO tags (id, scheme, slug, name) VALUES (${uuidV7()}, ${scheme}, ${slug}, ${slug})
      ON CONFLICT DO NOTHING`.execute(db);
    await sql`INSERT INTO story_tags (story_id, tag_id, source, sort_at)
      SELECT ${id}, id, 'test', ${sortAt} FROM tags WHERE scheme = ${scheme} AND slug = ${slug}`.execute(db);
  }
  return id;
}

/** A channel of this slug, titled by it. Answers its id. */
export async function makeChannel(
  database: Database,
  channel: Pick<NewChannel, 'slug' | 'filter'> & Partial<NewChannel>,
): Promise<string> {
  const made = await new ChannelRepository(database).create({ title: channel.slug, ...channel });
  if ('taken' in made) throw new Error(`${channel.slug} is taken`);
  return made.channel.id;
}
