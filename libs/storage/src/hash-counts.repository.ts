/** Counted hashes as they are stored: slice by slice, each with a version, so that processes that count side by side lose nothing. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { StoredSlice } from '#domain/hash-counters.js';
import { Database } from './database.js';
import type { CountedTextsTable } from './schema.js';

/** Of every shingle of a story (two bytes a counter), and of those that are its fingerprints (one). */
export type CountedHashes = CountedTextsTable['counted'];

@Injectable()
export class HashCountsRepository {
  constructor(private readonly database: Database) {}

  /** Adds to how many texts were counted; answers how many that are by now. Adding none writes nothing: an idle hub asks, too. */
  async addTexts(counted: CountedHashes, texts: number): Promise<number> {
    if (texts === 0) {
      const known = this.database.db.selectFrom('counted_texts').select('texts').where('counted', '=', counted);
      return (await known.executeTakeFirst())?.texts ?? 0;
    }
    const row = await this.database.db
      .insertInto('counted_texts')
      .values({ counted, texts })
      .onConflict((conflict) =>
        conflict.column('counted').doUpdateSet({ texts: sql`counted_texts.texts + excluded.texts` }),
      )
      .returning('texts')
      .executeTakeFirstOrThrow();
    return row.texts;
  }

  /** By slice; those that were never stored are missing. */
  async versions(counted: CountedHashes): Promise<Map<number, number>> {
    const rows = await this.database.db.selectFrom(counted).select(['slice', 'version']).execute();
    return new Map(rows.map(({ slice, version }) => [slice, version]));
  }

  async read(counted: CountedHashes, slice: number): Promise<StoredSlice> {
    const row = await this.database.db
      .selectFrom(counted)
      .select(['version', 'counts'])
      .where('slice', '=', slice)
      .executeTakeFirst();
    return row ?? { version: 0, counts: new Uint8Array() };
  }

  /** Stores `counts` in place of the version that they were made from. False, and nothing done, when that is not the newest. */
  async write(counted: CountedHashes, slice: number, { version, counts }: StoredSlice): Promise<boolean> {
    const bytes = Buffer.from(counts.buffer, counts.byteOffset, counts.byteLength);
    const { numAffectedRows } =
      version === 0
        ? await sql`INSERT INTO ${sql.table(counted)} (slice, counts) VALUES (${slice}, ${bytes}) ON CONFLICT DO NOTHING`.execute(
            this.database.db,
          )
        : await sql`
            UPDATE ${sql.table(counted)} SET counts = ${bytes}, version = version + 1
             WHERE slice = ${slice} AND version = ${version}`.execute(this.database.db);
    return numAffectedRows === 1n;
  }

  /**
   * Halves everything once `most` texts are counted; of several callers one does it. Answers how many texts are counted now,
   * undefined when there was nothing to halve.
   */
  async halve(
    counted: CountedHashes,
    most: number,
    halved: (counts: Uint8Array) => Uint8Array,
  ): Promise<number | undefined> {
    return this.database.transaction(async (trx) => {
      const row = await trx
        .updateTable('counted_texts')
        .set({ texts: sql`texts / 2` })
        .where('counted', '=', counted)
        .where('texts', '>=', most)
        .returning('texts')
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const slices = await trx.selectFrom(counted).select('slice').orderBy('slice').execute();
      for (const { slice } of slices) {
        const { counts } = await trx
          .selectFrom(counted)
          .select('counts')
          .where('slice', '=', slice)
          .forUpdate()
          .executeTakeFirstOrThrow();
        await trx
          .updateTable(counted)
          .set({ counts: Buffer.from(halved(counts)), version: sql`version + 1` })
          .where('slice', '=', slice)
          .execute();
      }
      return row.texts;
    });
  }
}
