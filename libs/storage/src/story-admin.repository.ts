/** Stories as operators see them: whatever their status, with the reasons behind every part. */
import { Injectable } from '@nestjs/common';
import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { TagScheme } from '#contracts/story-body.js';
import type { EventType } from '#contracts/events.js';
import { languageAsked } from '#domain/language-tag.js';
import { Database } from './database.js';
import type { DeliveriesTable, StoriesTable, StoryVersionsTable } from './schema.js';

/** A story in a list, with its partners and tags. */
export type StoryAdminRow = Pick<
  Selectable<StoriesTable>,
  | 'id'
  | 'slug'
  | 'version'
  | 'status'
  | 'merged_into'
  | 'title'
  | 'summary'
  | 'language'
  | 'source_name'
  | 'item_url'
  | 'published_at'
  | 'created_at'
  | 'updated_at'
  | 'is_demo'
> & {
  items: number;
  partners: { slug: string; name: string }[];
  tags: { scheme: TagScheme; slug: string; name: string }[];
};

/** What happened to a story: its tags, and its newest events in their order, each with what became of its deliveries. */
export interface StoryTrail {
  tags: { scheme: TagScheme; slug: string; name: string; source: string; confidence: number }[];
  events: {
    id: string;
    type: EventType;
    seq: number | null;
    story_version: number | null;
    quiet_reason: string | null;
    correlation_id: string;
    created_at: Date;
  }[];
  deliveries: { event_id: string; status: DeliveriesTable['status']; count: number }[];
}

/** One story with what is known of it. `counts`, `partners` and `delivered` are of all there is, `versions` and `events` the newest; `isCut`: the text is left out. */
export interface StoryDossier extends StoryTrail {
  story: Omit<Selectable<StoriesTable>, 'search' | 'body_text'>;
  counts: { items: number; versions: number; events: number };
  partners: { slug: string; name: string }[];
  versions: (Pick<
    Selectable<StoryVersionsTable>,
    'version' | 'created_at' | 'item_id' | 'changed' | 'title' | 'content'
  > & { isCut: boolean })[];
  delivered: { status: DeliveriesTable['status']; count: number }[];
}

const MOST_VERSIONS = 20;
/** Of their texts together; those of the older ones are left out. */
const MOST_BYTES_OF_VERSIONS = 1_000_000;
const MOST_EVENTS = 200;

export interface StoryListQuery {
  limit: number;
  after?: string | undefined;
  q?: string | undefined;
  /** SCHEME/SLUG. */
  tag?: string | undefined;
  /** A partner's slug. */
  partner?: string | undefined;
  language?: string | undefined;
  status?: StoriesTable['status']['__select__'] | undefined;
  since?: Date | undefined;
}

@Injectable()
export class StoryAdminRepository {
  constructor(private readonly database: Database) {}

  /** In the order of the public lists, newest first; one row more than `limit` when there is more. */
  async list(query: StoryListQuery): Promise<StoryAdminRow[]> {
    const conditions = conditionsOf(query);
    const where = conditions.length === 0 ? sql`true` : sql.join(conditions, sql` AND `);
    const result = await sql<StoryAdminRow>`
      SELECT s.id, s.slug, s.version, s.status, s.merged_into, s.title, s.summary, s.language, s.source_name, s.item_url,
             s.published_at, s.created_at, s.updated_at, s.is_demo,
             (SELECT count(*) FROM story_items i WHERE i.story_id = s.id) AS items,
             ${partnersOf(sql`s.id`)} AS partners,
             coalesce((SELECT jsonb_agg(jsonb_build_object('scheme', t.scheme, 'slug', t.slug, 'name', t.name)
                                        ORDER BY t.scheme, t.slug)
                         FROM story_tags st JOIN tags t ON t.id = st.tag_id WHERE st.story_id = s.id), '[]') AS tags
        FROM stories s WHERE ${where}
       ORDER BY s.sort_at DESC, s.id DESC LIMIT ${query.limit + 1}`.execute(this.database.db);
    return result.rows;
  }

  async exists(id: string): Promise<boolean> {
    return (
      (await this.database.db.selectFrom('stories').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
    );
  }

  /** The newest versions and events only; `counts` says how many there are. */
  async get(id: string): Promise<StoryDossier | undefined> {
    const { db } = this.database;
    const row = await db.selectFrom('stories').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) return undefined;
    const { search: _search, body_text: _bodyText, ...story } = row;
    const [versions, totals, delivered, trail] = await Promise.all([
      this.newestVersions(id),
      this.totals(id),
      db
        .selectFrom('deliveries')
        .select((eb) => ['status', eb.fn.countAll<number>().as('count')])
        .where('event_id', 'in', (eb) => eb.selectFrom('events').select('id').where('story_id', '=', id))
        .groupBy('status')
        .execute(),
      this.trail(id),
    ]);
    const { partners, ...counts } = totals;
    return { story, counts, partners, versions, delivered, ...trail };
  }

  /** What happened to a story, without its texts. */
  async trail(id: string): Promise<StoryTrail> {
    const { db } = this.database;
    const [tags, newest] = await Promise.all([
      db
        .selectFrom('story_tags')
        .innerJoin('tags', 'tags.id', 'story_tags.tag_id')
        .select(['tags.scheme', 'tags.slug', 'tags.name', 'story_tags.source', 'story_tags.confidence'])
        .where('story_tags.story_id', '=', id)
        .orderBy('tags.scheme')
        .orderBy('tags.slug')
        .execute(),
      db
        .selectFrom('events')
        .select(['id', 'type', 'seq', 'story_version', 'quiet_reason', 'correlation_id', 'created_at'])
        .where('story_id', '=', id)
        .orderBy('id', 'desc')
        .limit(MOST_EVENTS)
        .execute(),
    ]);
    const events = newest.toReversed();
    const ids = events.map((event) => event.id);
    const deliveries =
      ids.length === 0
        ? []
        : await db
            .selectFrom('deliveries')
            .select((eb) => ['event_id', 'status', eb.fn.countAll<number>().as('count')])
            .where('event_id', 'in', ids)
            .groupBy(['event_id', 'status'])
            .execute();
    return { tags, events, deliveries };
  }

  private async newestVersions(id: string): Promise<StoryDossier['versions']> {
    const { rows } = await sql<StoryDossier['versions'][number]>`
      SELECT version, created_at, item_id, changed, title, bytes > ${MOST_BYTES_OF_VERSIONS} AS "isCut",
             CASE WHEN bytes > ${MOST_BYTES_OF_VERSIONS} THEN '' ELSE content END AS content
        FROM (SELECT v.*, sum(octet_length(v.content)) OVER (ORDER BY v.version DESC) AS bytes
                FROM (SELECT * FROM story_versions WHERE story_id = ${id} ORDER BY version DESC LIMIT ${MOST_VERSIONS}) v) newest
       ORDER BY version DESC`.execute(this.database.db);
    return rows;
  }

  private async totals(id: string): Promise<StoryDossier['counts'] & Pick<StoryDossier, 'partners'>> {
    const { rows } = await sql<StoryDossier['counts'] & Pick<StoryDossier, 'partners'>>`
      SELECT (SELECT count(*) FROM story_items i WHERE i.story_id = ${id}) AS items,
             (SELECT count(*) FROM story_versions v WHERE v.story_id = ${id}) AS versions,
             (SELECT count(*) FROM events e WHERE e.story_id = ${id}) AS events,
             ${partnersOf(sql`${id}`)} AS partners`.execute(this.database.db);
    return rows[0] ?? { items: 0, versions: 0, events: 0, partners: [] };
  }
}

function partnersOf(storyId: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`coalesce((SELECT jsonb_agg(jsonb_build_object('slug', p.slug, 'name', p.name) ORDER BY p.slug)
    FROM story_partners sp JOIN partners p ON p.id = sp.partner_id WHERE sp.story_id = ${storyId}), '[]')`;
}

function conditionsOf(query: StoryListQuery): RawBuilder<unknown>[] {
  const { after, q, tag, partner, language, status, since } = query;
  const [scheme = '', slug = ''] = (tag ?? '').split('/', 2);
  return [
    // The last story of the page before marks the place, to the microsecond that no cursor of ours would keep.
    after !== undefined && sql`(s.sort_at, s.id) < (SELECT sort_at, id FROM stories WHERE id = ${after})`,
    q !== undefined &&
      sql`(s.search @@ websearch_to_tsquery('simple', unaccent(${q})) OR s.title ILIKE ${`%${q.replace(/[\\%_]/g, '\\$&')}%`})`,
    tag !== undefined &&
      sql`EXISTS (SELECT 1 FROM story_tags st JOIN tags t ON t.id = st.tag_id
                   WHERE st.story_id = s.id AND t.scheme = ${scheme} AND t.slug = ${slug})`,
    partner !== undefined &&
      sql`EXISTS (SELECT 1 FROM story_partners sp JOIN partners p ON p.id = sp.partner_id
                   WHERE sp.story_id = s.id AND p.slug = ${partner})`,
    language !== undefined && sql`lower(split_part(s.language, '-', 1)) = ${languageAsked(language)}`,
    status !== undefined && sql`s.status = ${status}`,
    since !== undefined && sql`s.sort_at >= ${since}`,
  ].filter((condition) => condition !== false);
}
