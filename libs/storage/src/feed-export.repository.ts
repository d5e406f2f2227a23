/** All feeds in use by partner, page by page, for a list that another reader imports. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';

export interface ExportedPartner {
  id: string;
  slug: string;
  name: string;
  siteUrl: string | null;
}

export interface ExportedFeed {
  id: string;
  partnerId: string;
  url: string;
  title: string | null;
  homeUrl: string | null;
  format: string | null;
}

@Injectable()
export class FeedExportRepository {
  constructor(private readonly database: Database) {}

  /** Partners behind `after` in the order of their slugs; without the demo's. */
  async partners(after: string, limit: number): Promise<ExportedPartner[]> {
    return this.database.db
      .selectFrom('partners')
      .select(['id', 'slug', 'name', 'site_url as siteUrl'])
      .where('is_demo', '=', false)
      .where('slug', '>', after)
      .orderBy('slug')
      .limit(limit)
      .execute();
  }

  /** Their feeds behind `after`, a partner after the other; retired ones are left out. */
  async feeds(partnerIds: readonly string[], after: ExportedFeed | undefined, limit: number): Promise<ExportedFeed[]> {
    const from =
      after === undefined ? sql`true` : sql`(partner_id, id) > (${after.partnerId}::uuid, ${after.id}::uuid)`;
    const { rows } = await sql<ExportedFeed>`
      SELECT id, partner_id AS "partnerId", url, title, site_url AS "homeUrl", format FROM feeds
       WHERE partner_id = ANY(${partnerIds}::uuid[]) AND status <> 'retired' AND ${from}
       ORDER BY partner_id, id LIMIT ${limit}`.execute(this.database.db);
    return rows;
  }
}
