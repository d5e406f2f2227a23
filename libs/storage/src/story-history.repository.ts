/** Behind a story's page: the partners' items it was made of and why, its versions, and where it went when it is gone. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type CopyDates, copyStanding, type PartnerRights } from '#domain/story-rights.js';
import { Database } from './database.js';
import { IS_ACCEPTED } from './processed-item.repository.js';

/** One partner's copy. `rule` is 'first' for the item that made the story, else what joined it; `evidence` its facts. */
export interface StoryItem extends CopyDates {
  partnerSlug: string;
  partnerName: string;
  title: string | null;
  url: string | null;
  leading: boolean;
  rule: string;
  evidence: Record<string, unknown>;
  partnerRights: PartnerRights;
}

export interface StoryVersion {
  version: number;
  createdAt: Date;
  changed: string[];
}

/** What became of an id: the story it leads to now, or that it was taken back. */
export type Whereabouts = { kind: 'published' | 'withdrawn'; id: string; slug: string; goneReason: string | null };

/** More copies or versions than a reader wants to see. */
const SHOWN = 50;

@Injectable()
export class StoryHistoryRepository {
  constructor(private readonly database: Database) {}

  /**
   * The story's items that count, the leading one first, then as they arrived. What a partner took back, or does not let be shown now, is
   * not; nor is what a version says that is not accepted.
   */
  async items(storyId: string): Promise<StoryItem[]> {
    const { rows } = await this.database.prepared(sql<StoryItem>`
      SELECT p.slug AS "partnerSlug", p.name AS "partnerName", p.rights AS "partnerRights",
        CASE WHEN i.id = s.leading_item_id THEN s.title WHEN ${IS_ACCEPTED} THEN i.parsed->>'title' END AS title,
        CASE WHEN i.id = s.leading_item_id THEN s.item_url WHEN ${IS_ACCEPTED} THEN i.parsed->>'url' END AS url,
        i.published_at AS "publishedAt", i.received_at AS "receivedAt", i.id = s.leading_item_id AS leading,
        si.rule, si.evidence
      FROM story_items si JOIN stories s ON s.id = si.story_id JOIN items i ON i.id = si.item_id
        JOIN partners p ON p.id = si.partner_id
      WHERE si.story_id = ${storyId} AND i.withdrawn_at IS NULL
      ORDER BY i.id <> s.leading_item_id, si.joined_at, si.item_id LIMIT ${sql.lit(SHOWN)}`);
    const now = new Date();
    return rows.filter((item) => copyStanding(item.partnerRights, item, now).shows !== 'nothing');
  }

  /** The story's versions after the first, newest first. */
  async versions(storyId: string): Promise<StoryVersion[]> {
    const { rows } = await this.database.prepared(sql<StoryVersion>`
      SELECT version, created_at AS "createdAt", changed FROM story_versions
      WHERE story_id = ${storyId} AND version > 1 ORDER BY version DESC LIMIT ${sql.lit(SHOWN)}`);
    return rows;
  }

  /** Follows merges to the end (UNION stops a loop). Undefined for an id that never was, or was never shown. */
  async whereabouts(id: string): Promise<Whereabouts | undefined> {
    const { rows } = await sql<Whereabouts>`
      WITH RECURSIVE way AS (
        SELECT id, slug, status, merged_into, gone_reason FROM stories WHERE id = ${id}
        UNION SELECT s.id, s.slug, s.status, s.merged_into, s.gone_reason FROM way JOIN stories s ON s.id = way.merged_into
          WHERE way.status = 'merged'
      ) SELECT id, slug, status AS kind, gone_reason AS "goneReason" FROM way
        WHERE status NOT IN ('merged', 'withheld') LIMIT 1`.execute(this.database.db);
    return rows[0];
  }
}
