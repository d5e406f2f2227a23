/** All feeds in use by partner, page by page, for a list that another reader imports. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';

export interface ExportedFeed {
  feedId: string;
  url: string;
  title: string | null;
  homeUrl: string | null;
  format: string | null;
  partnerSlug: string;
  partnerName: string;
}

@Injectable()
export class FeedExportRepository {
  constructor(private readonly database: Database) {}

  /** Feeds behind `after` in the order of partners' slugs. Retired feeds and the demo's are left out. */
  async page(after: ExportedFeed | undefined, limit: number): Promise<ExportedFeed[]> {
    const from =
      after === undefined
        ? sql`true`
        : sql`p.slug >= ${after.partnerSlug} AND (p.slug > ${after.partnerSlug} OR f.id > ${after.feedId})`;
    const { rows } = await sql<ExportedFeed>`
      SELECT f.id AS "feedId", f.url, f.title, coalesce(f.site_url, p.site_url) AS "homeUrl", f.format,
             p.slug AS "partnerSlug", p.name AS "partnerName"
        FROM partners p JOIN feeds f ON f.partner_id = p.id
       WHERE f.status <> 'retired' AND NOT p.is_demo AND ${from}
       ORDER BY p.slug, f.id LIMIT ${limit}`.execute(this.database.db);
    return rows;
  }
}
