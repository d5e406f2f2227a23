/** What partners' categories mean, as operators say; and the categories that items bring. */
import { Injectable } from '@nestjs/common';
import { type Selectable, sql, type Transaction } from 'kysely';
import type { TopicMapping } from '#domain/topic-mapping.js';
import { Database } from './database.js';
import type { Schema, TopicMappingsTable } from './schema.js';
import { uuidV7 } from './uuid.js';

export type TopicMappingRow = Selectable<TopicMappingsTable>;

/** A category as one partner's items write it, and how many of them do. */
export interface UsedCategory {
  partnerId: string;
  partnerName: string;
  term: string;
  label: string | null;
  items: number;
}

/** More would slow the start of every processor, and nobody could keep them in order. */
export const MAX_MAPPINGS = 20_000;
/** Spellings of categories that are looked at; the most frequent ones. */
const MAX_SPELLINGS = 5_000;

@Injectable()
export class TopicMappingRepository {
  constructor(private readonly database: Database) {}

  /** Moves with every change of the mappings. */
  async revision(): Promise<number> {
    const { revision } = await this.database.db
      .selectFrom('topic_mapping_revision')
      .select('revision')
      .executeTakeFirstOrThrow();
    return Number(revision);
  }

  async all(): Promise<TopicMapping[]> {
    return this.database.db
      .selectFrom('topic_mappings')
      .select(['partner_id as partnerId', 'category_key as categoryKey', 'topic_code as code'])
      .orderBy('id')
      .limit(MAX_MAPPINGS)
      .execute();
  }

  /** Newest first; one row more than `limit` when there is more. `partnerId` null: only the general ones. */
  async list(query: {
    limit: number;
    after?: string | undefined;
    partnerId?: string | null | undefined;
    q?: string | undefined;
  }): Promise<TopicMappingRow[]> {
    let rows = this.database.db.selectFrom('topic_mappings').selectAll().orderBy('id', 'desc');
    if (query.after !== undefined) rows = rows.where('id', '<', query.after);
    if (query.partnerId === null) rows = rows.where('partner_id', 'is', null);
    else if (query.partnerId !== undefined) rows = rows.where('partner_id', '=', query.partnerId);
    if (query.q !== undefined) rows = rows.where('category', 'ilike', `%${query.q.replace(/[\\%_]/g, '\\$&')}%`);
    return rows.limit(query.limit + 1).execute();
  }

  async get(id: string): Promise<TopicMappingRow | undefined> {
    return this.database.db.selectFrom('topic_mappings').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** Sets what a category means. Undefined when there is no room for one more. */
  async put(mapping: TopicMapping & { category: string }): Promise<TopicMappingRow | undefined> {
    const { partnerId, category, categoryKey, code } = mapping;
    return this.database.transaction(async (trx) => {
      // Its lock comes first: changes are counted one after the other.
      await countChange(trx);
      const known = await trx
        .updateTable('topic_mappings')
        .set({ category, topic_code: code, updated_at: sql`now()` })
        .where(sql<boolean>`partner_id IS NOT DISTINCT FROM ${partnerId}::uuid`)
        .where('category_key', '=', categoryKey)
        .returningAll()
        .executeTakeFirst();
      if (known !== undefined) return known;
      const { held } = await trx
        .selectFrom('topic_mappings')
        .select((row) => row.fn.countAll<number>().as('held'))
        .executeTakeFirstOrThrow();
      if (Number(held) >= MAX_MAPPINGS) return undefined;
      return trx
        .insertInto('topic_mappings')
        .values({ id: uuidV7(), partner_id: partnerId, category, category_key: categoryKey, topic_code: code })
        .returningAll()
        .executeTakeFirst();
    });
  }

  /** False when there is no such mapping. */
  async remove(id: string): Promise<boolean> {
    return this.database.transaction(async (trx) => {
      await countChange(trx);
      const { numDeletedRows } = await trx.deleteFrom('topic_mappings').where('id', '=', id).executeTakeFirst();
      return numDeletedRows > 0n;
    });
  }

  /** The categories of the newest `items` items, the most frequent first. */
  async usedCategories(items: number, partnerId?: string): Promise<UsedCategory[]> {
    const of = partnerId === undefined ? sql`` : sql`WHERE partner_id = ${partnerId}`;
    const { rows } = await sql<UsedCategory>`
      SELECT u.partner_id AS "partnerId", p.name AS "partnerName", u.term, u.label, u.items
        FROM (SELECT i.partner_id, left(c->>'term', 300) AS term, left(c->>'label', 300) AS label, count(*)::int AS items
                FROM (SELECT partner_id, parsed->'categories' AS categories FROM items ${of}
                       ORDER BY id DESC LIMIT ${items}) i
               CROSS JOIN LATERAL jsonb_array_elements(i.categories) c
               GROUP BY 1, 2, 3 ORDER BY count(*) DESC, 1, 2 LIMIT ${MAX_SPELLINGS}) u
        JOIN partners p ON p.id = u.partner_id
       ORDER BY u.items DESC, u.term, u.partner_id`.execute(this.database.db);
    return rows;
  }
}

async function countChange(trx: Transaction<Schema>): Promise<void> {
  await trx
    .updateTable('topic_mapping_revision')
    .set({ revision: sql`revision + 1` })
    .execute();
}
