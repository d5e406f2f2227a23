/** The archive's shape: which months and days (UTC) have published stories. Walks the index, never the table. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';

/** `month` 1 to 12. */
export interface ArchiveMonth {
  year: number;
  month: number;
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
}
