/** The archive's shape: which months and days (UTC) have published stories. Walks the index, never the table. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';

/** `month` 1 to 12. */
export interface ArchiveMonth {
  year: number;
  month: number;
}

/** A story as its neighbours name it. */
export interface ArchivedStory {
  id: string;
  slug: string;
  title: string;
  language: string | null;
}

@Injectable()
export class ArchiveRepository {
  constructor(private readonly database: Database) {}

  /** Every month with a story, newest first: one index probe a month, whatever the number of stories. */
  async months(): Promise<ArchiveMonth[]> {
    const { rows } = await sql<ArchiveMonth>`
      WITH RECURSIVE newest AS (
        SELECT (SELECT max(sort_at) FROM stories WHERE status = 'published') AS at
        UNION ALL SELECT (SELECT max(sort_at) FROM stories WHERE status = 'published'
          AND sort_at < date_trunc('month', newest.at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC')
        FROM newest WHERE newest.at IS NOT NULL
      ) SELECT extract(year FROM at AT TIME ZONE 'UTC')::int AS year, extract(month FROM at AT TIME ZONE 'UTC')::int AS month
        FROM newest WHERE at IS NOT NULL ORDER BY at DESC`.execute(this.database.db);
    return rows;
  }

  /** Stories a day between two instants, as day of the month (UTC) to count; days without are absent. */
  async days(from: Date, until: Date): Promise<Map<number, number>> {
    const { rows } = await sql<{ day: number; count: number }>`
      SELECT extract(day FROM sort_at AT TIME ZONE 'UTC')::int AS day, count(*)::int AS count FROM stories
      WHERE status = 'published' AND sort_at >= ${from} AND sort_at < ${until} GROUP BY 1`.execute(this.database.db);
    return new Map(rows.map(({ day, count }) => [day, count]));
  }

  /** The nearest days with stories before and after a day, as instants of such stories; for "previous" and "next". */
  async neighbours(from: Date, until: Date): Promise<{ earlier: Date | null; later: Date | null }> {
    const { rows } = await sql<{ earlier: Date | null; later: Date | null }>`
      SELECT (SELECT max(sort_at) FROM stories WHERE status = 'published' AND sort_at < ${from}) AS earlier,
        (SELECT min(sort_at) FROM stories WHERE status = 'published' AND sort_at >= ${until}) AS later`.execute(
      this.database.db,
    );
    return rows[0] ?? { earlier: null, later: null };
  }

  /** The published stories just before and just after one, by its place in the archive: two index probes. */
  async around(storyId: string): Promise<{ before: ArchivedStory | undefined; after: ArchivedStory | undefined }> {
    const place = sql`((SELECT sort_at FROM stories WHERE id = ${storyId}), ${storyId}::uuid)`;
    const columns = sql`id, slug, title, language`;
    const { rows } = await this.database.prepared(sql<ArchivedStory & { place: 'before' | 'after' }>`
      (SELECT 'before' AS place, ${columns} FROM stories WHERE status = 'published' AND (sort_at, id) < ${place}
        ORDER BY sort_at DESC, id DESC LIMIT 1)
      UNION ALL (SELECT 'after', ${columns} FROM stories WHERE status = 'published' AND (sort_at, id) > ${place}
        ORDER BY sort_at, id LIMIT 1)`);
    const at = (wanted: string): ArchivedStory | undefined => rows.find(({ place: found }) => found === wanted);
    return { before: at('before'), after: at('after') };
  }
}
