/** Partners as operators see and change them. */
import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import { homeKey } from '#domain/home-key.js';
import { askForReview } from './story-rights.repository.js';
import { Database } from './database.js';
import type { PartnerRights } from '#domain/story-rights.js';
import type { PartnersTable } from './schema.js';

/** A partner with how many feeds it has in use. */
export type PartnerAdminRow = Selectable<PartnersTable> & { feeds: number };

/** Absent fields stay as they are. A name given by an operator is never replaced by a feed's title. */
export interface PartnerPatch {
  name?: string | undefined;
  siteUrl?: string | null | undefined;
  contact?: string | null | undefined;
  priority?: number | undefined;
  rights?: PartnerRights | undefined;
}

@Injectable()
export class PartnerAdminRepository {
  constructor(private readonly database: Database) {}

  /** Newest first; one row more than `limit` when there is more. */
  async list({ limit, after }: { limit: number; after?: string | undefined }): Promise<PartnerAdminRow[]> {
    let query = this.withFeeds().orderBy('partners.id', 'desc');
    if (after !== undefined) query = query.where('partners.id', '<', after);
    return query.limit(limit + 1).execute();
  }

  async get(id: string): Promise<PartnerAdminRow | undefined> {
    return this.withFeeds().where('partners.id', '=', id).executeTakeFirst();
  }

  async idBySlug(slug: string): Promise<string | undefined> {
    const row = await this.database.db.selectFrom('partners').select('id').where('slug', '=', slug).executeTakeFirst();
    return row?.id;
  }

  /** By slug, else by name in any case; the oldest when several share a name. */
  async findByName(slugOrName: string): Promise<{ id: string; is_demo: boolean } | undefined> {
    return this.database.db
      .selectFrom('partners')
      .select(['id', 'is_demo'])
      .where((eb) => eb.or([eb('slug', '=', slugOrName), eb(sql`lower(name)`, '=', slugOrName.toLowerCase())]))
      .orderBy((eb) => eb.case().when('slug', '=', slugOrName).then(0).else(1).end())
      .orderBy('id')
      .executeTakeFirst();
  }

  /** False when there is no such partner. */
  async update(id: string, { name, siteUrl, contact, priority, rights }: PartnerPatch): Promise<boolean> {
    return this.database.transaction(async (trx) => {
      const before = await trx
        .selectFrom('partners')
        .select('rights')
        .where('id', '=', id)
        .forNoKeyUpdate()
        .executeTakeFirst();
      if (before === undefined) return false;
      await trx
        .updateTable('partners')
        .set({
          updated_at: sql`now()`,
          ...(name === undefined ? {} : { name, named_by_operator: true }),
          ...(siteUrl === undefined ? {} : { site_url: siteUrl, home_key: siteUrl === null ? null : homeKey(siteUrl) }),
          ...(contact === undefined ? {} : { contact }),
          ...(priority === undefined ? {} : { priority }),
          ...(rights === undefined ? {} : { rights: JSON.stringify(rights) }),
        })
        .where('id', '=', id)
        .execute();
      if (rights !== undefined && !isDeepStrictEqual(JSON.parse(JSON.stringify(rights)), before.rights))
        await askForReview(trx, id);
      return true;
    });
  }

  private withFeeds() {
    return this.database.db
      .selectFrom('partners')
      .selectAll('partners')
      .select(
        sql<number>`(SELECT count(*) FROM feeds WHERE feeds.partner_id = partners.id AND feeds.status <> 'retired')`.as(
          'feeds',
        ),
      );
  }
}
