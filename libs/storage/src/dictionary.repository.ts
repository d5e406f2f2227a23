/** Dictionaries: lists of phrases that each stand for a tag, imported and exported whole. */
import { Injectable } from '@nestjs/common';
import { type Selectable, sql, type Transaction } from 'kysely';
import type { TagScheme } from '#contracts/story-body.js';
import { Database } from './database.js';
import { moveRulesVersion } from './rules-version.js';
import type { DictionariesTable, Schema } from './schema.js';
import { uuidV7 } from './uuid.js';

export type DictionaryRow = Selectable<DictionariesTable>;

/** `key`: the phrase as it is compared. */
export interface DictionaryEntry {
  key: string;
  scheme: TagScheme;
  slug: string;
  phrase: string;
  name: string;
}

/** All dictionaries together: every processor keeps them in memory. */
export const MAX_DICTIONARY_ENTRIES = 100_000;

export class TooManyEntriesError extends Error {}

const BATCH = 2_000;

@Injectable()
export class DictionaryRepository {
  constructor(private readonly database: Database) {}

  /** Oldest first. `after`: the id of the last one before. One row more than `limit` when there is more. */
  async list({ limit, after }: { limit: number; after?: string | undefined }): Promise<DictionaryRow[]> {
    let query = this.database.db.selectFrom('dictionaries').selectAll().orderBy('id');
    if (after !== undefined) query = query.where('id', '>', after);
    return query.limit(limit + 1).execute();
  }

  async get(id: string): Promise<DictionaryRow | undefined> {
    return this.database.db.selectFrom('dictionaries').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** `created` false: a dictionary has the name already, and is answered. */
  async create(name: string, matchCase: boolean): Promise<{ created: boolean; dictionary: DictionaryRow }> {
    const { db } = this.database;
    const made = await db
      .insertInto('dictionaries')
      .values({ id: uuidV7(), name, match_case: matchCase })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .returningAll()
      .executeTakeFirst();
    if (made !== undefined) return { created: true, dictionary: made };
    const dictionary = await db
      .selectFrom('dictionaries')
      .selectAll()
      .where('name', '=', name)
      .executeTakeFirstOrThrow();
    return { created: false, dictionary };
  }

  /**
   * Adds entries, or with `replace` puts them in the place of all; one transaction. Answers how many were not there before; undefined
   * when there is no such dictionary. @throws {TooManyEntriesError} when all dictionaries together would be too large.
   */
  async add(id: string, entries: readonly DictionaryEntry[], replace: boolean): Promise<number | undefined> {
    const sorted = entries.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    return this.database.transaction(async (trx) => {
      await moveRulesVersion(trx);
      const known = await trx
        .selectFrom('dictionaries')
        .select('id')
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      if (known === undefined) return undefined;
      if (replace) await trx.deleteFrom('dictionary_entries').where('dictionary_id', '=', id).execute();
      let added = 0;
      for (let at = 0; at < sorted.length; at += BATCH) added += await insert(trx, id, sorted.slice(at, at + BATCH));
      await sql`
        UPDATE dictionaries SET updated_at = now(),
               entries = (SELECT count(*) FROM dictionary_entries WHERE dictionary_id = ${id}) WHERE id = ${id}`.execute(
        trx,
      );
      const { sum } = await trx
        .selectFrom('dictionaries')
        .select((eb) => eb.fn.sum<string>('entries').as('sum'))
        .executeTakeFirstOrThrow();
      if (Number(sum) > MAX_DICTIONARY_ENTRIES)
        throw new TooManyEntriesError(
          `All dictionaries together would have more than ${MAX_DICTIONARY_ENTRIES} entries.`,
        );
      return added;
    });
  }

  /** In the order of their keys, a thousand at a time, so that any number can be written out. */
  async *entries(id: string): AsyncGenerator<DictionaryEntry[]> {
    for (let last: DictionaryEntry | undefined; ;) {
      let query = this.database.db
        .selectFrom('dictionary_entries')
        .select(['key', 'scheme', 'slug', 'phrase', 'name'])
        .where('dictionary_id', '=', id)
        .orderBy('key')
        .orderBy('scheme')
        .orderBy('slug')
        .limit(1_000);
      if (last !== undefined)
        query = query.where(sql<boolean>`(key, scheme, slug) > (${last.key}, ${last.scheme}, ${last.slug})`);
      const rows = await query.execute();
      if (rows.length === 0) return;
      yield rows;
      last = rows.at(-1);
    }
  }

  /** The tags it gave stay. False when there is no such dictionary. */
  async remove(id: string): Promise<boolean> {
    return this.database.transaction(async (trx) => {
      await moveRulesVersion(trx);
      const { numDeletedRows } = await trx.deleteFrom('dictionaries').where('id', '=', id).executeTakeFirst();
      return numDeletedRows > 0n;
    });
  }
}

async function insert(trx: Transaction<Schema>, id: string, entries: readonly DictionaryEntry[]): Promise<number> {
  const { numAffectedRows } = await sql`
    INSERT INTO dictionary_entries (dictionary_id, key, scheme, slug, phrase, name)
      SELECT ${id}, key, scheme, slug, phrase, name
        FROM json_to_recordset(${JSON.stringify(entries)}::json)
          AS r(key text, scheme text, slug text, phrase text, name text)
       ORDER BY key, scheme, slug
    ON CONFLICT DO NOTHING`.execute(trx);
  return Number(numAffectedRows ?? 0n);
}
