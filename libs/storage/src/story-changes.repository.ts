/** What a story said before: its versions with headline and text, and what the partner of each allows to be shown of it. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { CopyDates, PartnerRights } from '#domain/story-rights.js';
import { Database } from './database.js';

/** `text` is plain, null where an older processor did not keep it. `isTakenBack`: by the partner, or its copy is not here. */
export interface FormerVersion extends CopyDates {
  version: number;
  createdAt: Date;
  changed: string[];
  title: string;
  text: string | null;
  isTakenBack: boolean;
  partnerRights: PartnerRights;
}

/** Characters of a version's text: an edit of a book is no edit that anybody reads. */
const MOST_TEXT = 200_000;

@Injectable()
export class StoryChangesRepository {
  constructor(private readonly database: Database) {}

  /** Newest first, the first version included when it is among them; none for a story that is not published. */
  async versions(storyId: string, limit: number): Promise<FormerVersion[]> {
    const { rows } = await sql<FormerVersion>`
      SELECT v.version, v.created_at AS "createdAt", v.changed, v.title, left(v.body_text, ${MOST_TEXT}) AS text,
        i.id IS NULL OR i.withdrawn_at IS NOT NULL AS "isTakenBack", coalesce(p.rights, '{}') AS "partnerRights",
        i.published_at AS "publishedAt", coalesce(i.received_at, v.created_at) AS "receivedAt"
      FROM story_versions v JOIN stories s ON s.id = v.story_id
        LEFT JOIN items i ON i.id = v.item_id LEFT JOIN partners p ON p.id = i.partner_id
      WHERE v.story_id = ${storyId} AND s.status = 'published'
      ORDER BY v.version DESC LIMIT ${limit}`.execute(this.database.db);
    return rows;
  }
}
