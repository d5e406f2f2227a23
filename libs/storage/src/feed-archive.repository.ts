/** The closed months of feeds (RFC 5005) and what subscribers must hear of stories that were in them. See ADR 19. */
import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import type { CopyDates, PartnerRights } from '#domain/story-rights.js';
import { Database } from './database.js';
import type { StorySelection } from './story-selection.js';

/** `month` is its first day, `2026-10-01`; `part` from 1; `entries` as the publisher gave them, dates as text. */
export interface ClosedPart {
  topic: string;
  month: string;
  part: number;
  entries: unknown[];
  nextStory: string | null;
  previousMonth: string | null;
}

/** An entry as it was closed. `itemId`: the copy whose words it has; null: the one that leads its story now. */
export interface ClosedEntry {
  storyId: string;
  itemId: string | null;
}

/** What the partner of an entry's copy now allows, and the copy's dates. */
export interface EntryStanding extends CopyDates {
  rights: PartnerRights;
}

/** A story that left: `mergedInto` the id of the story that it became part of. */
export interface GoneStory {
  id: string;
  slug: string;
  goneAt: Date;
  mergedInto: string | null;
  sourceName: string;
  sourceUrl: string | null;
  sourceFeedUrl: string | null;
}

/** Only among so many newest ones is a feed's own looked for: the cost is bounded whatever the feed. */
const LOOK_AMONG = 500;

@Injectable()
export class FeedArchiveRepository {
  constructor(private readonly database: Database) {}

  async part(topic: string, month: string, part: number): Promise<ClosedPart | undefined> {
    const { rows } = await sql<ClosedPart>`
      SELECT topic, month::text AS month, part, entries, next_story AS "nextStory",
        previous_month::text AS "previousMonth"
      FROM feed_archives WHERE topic = ${topic} AND month = ${month}::date AND part = ${part}`.execute(
      this.database.db,
    );
    return rows[0];
  }

  /** Closes a part for ever. Whoever comes first decides; what holds is returned. */
  async close(closing: ClosedPart): Promise<ClosedPart> {
    const { topic, month, part, entries, nextStory, previousMonth } = closing;
    await sql`
      INSERT INTO feed_archives (topic, month, part, entries, next_story, previous_month)
      VALUES (${topic}, ${month}::date, ${part}, ${JSON.stringify(entries)}::jsonb, ${nextStory}, ${previousMonth}::date)
      ON CONFLICT DO NOTHING`.execute(this.database.db);
    return (await this.part(topic, month, part)) ?? closing;
  }

  /**
   * By story, of those entries whose story is still published and whose copy its partner did not take back. The copy need
   * not lead the story any more: an archive keeps the words that it was closed with.
   */
  async standing(entries: readonly ClosedEntry[]): Promise<Map<string, EntryStanding>> {
    const { rows } = await sql<EntryStanding & { id: string }>`
      SELECT s.id, p.rights, i.published_at AS "publishedAt", i.received_at AS "receivedAt"
        FROM unnest(${entries.map(({ storyId }) => storyId)}::uuid[], ${entries.map(({ itemId }) => itemId)}::uuid[])
          AS e(story_id, item_id)
        JOIN stories s ON s.id = e.story_id AND s.status = 'published'
        JOIN items i ON i.id = coalesce(e.item_id, s.leading_item_id) AND i.withdrawn_at IS NULL
        JOIN story_items m ON m.item_id = i.id JOIN partners p ON p.id = m.partner_id`.execute(this.database.db);
    return new Map(rows.map(({ id, ...standing }) => [id, standing]));
  }

  /** The newest stories that were withdrawn or merged away from a list, newest first. */
  async gone(selection: StorySelection, limit: number): Promise<GoneStory[]> {
    const { rows } = await this.database.prepared(sql<GoneStory>`
      SELECT s.id, s.slug, s.gone_at AS "goneAt", s.merged_into AS "mergedInto", s.source_name AS "sourceName",
        s.source_url AS "sourceUrl", s.source_feed_url AS "sourceFeedUrl"
      FROM (SELECT * FROM stories WHERE gone_at IS NOT NULL ORDER BY gone_at DESC LIMIT ${sql.lit(LOOK_AMONG)}) s
      WHERE s.status <> 'published' AND ${wasIn(selection)} ORDER BY s.gone_at DESC, s.id DESC LIMIT ${sql.lit(limit)}`);
    return rows;
  }
}

/** Whether story `s` is or was of a list. A search has no memory of what it once found. */
function wasIn(selection: StorySelection): RawBuilder<unknown> {
  switch (selection.kind) {
    case 'all':
      return sql`true`;
    case 'channel':
      return sql`(EXISTS (SELECT FROM channel_stories m WHERE m.channel_id = ${selection.id} AND m.story_id = s.id)
        OR EXISTS (SELECT FROM channel_departures d WHERE d.channel_id = ${selection.id} AND d.story_id = s.id))`;
    case 'tag':
      return sql`EXISTS (SELECT FROM story_tags m WHERE m.tag_id = ${selection.id} AND m.story_id = s.id)`;
    case 'partner':
      return sql`EXISTS (SELECT FROM story_partners m WHERE m.partner_id = ${selection.id} AND m.story_id = s.id AND m.named)`;
    case 'search':
    case 'span':
    case 'within':
    case 'corrected':
      return sql`false`;
  }
}
