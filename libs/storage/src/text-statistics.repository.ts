/** What is known of the installation's texts: how many hold a shingle, and which sentences a partner repeats. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';

/** Counters by bucket, and how many texts were counted. */
export interface HashCounts {
  counts: Uint16Array;
  texts: number;
}

/** How many of a partner's items hold a sentence, by its hash. */
export interface PartnerSentences {
  items: number;
  sentences: Map<number, number>;
}

/** Tables of counted hashes, all alike: of every shingle of a story, and of those that are its fingerprints. */
export type CountedHashes = 'shingle_frequencies' | 'fingerprint_frequencies';

/** 32 KB a row. */
const SLICE = 1 << 14;

@Injectable()
export class TextStatisticsRepository {
  constructor(private readonly database: Database) {}

  /** Adds what was counted since the last time to the stored counters, by `merge`; answers what is stored now. */
  async mergeCounts(
    table: CountedHashes,
    buckets: number,
    merge: (stored: HashCounts) => HashCounts,
  ): Promise<HashCounts> {
    return this.database.transaction(async (trx) => {
      await sql`SELECT pg_advisory_xact_lock(7301, 1)`.execute(trx);
      const { rows } = await sql<{ slice: number; counts: Buffer; texts: number }>`
        SELECT slice, counts, texts FROM ${sql.table(table)}`.execute(trx);
      const merged = merge(this.join(rows, buckets));
      for (let slice = 0; slice < buckets / SLICE; slice += 1) {
        const part = merged.counts.subarray(slice * SLICE, (slice + 1) * SLICE);
        const bytes = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
        await sql`
          INSERT INTO ${sql.table(table)} (slice, counts, texts) VALUES (${slice}, ${bytes}, ${merged.texts})
          ON CONFLICT (slice) DO UPDATE SET counts = excluded.counts, texts = excluded.texts`.execute(trx);
      }
      return merged;
    });
  }

  async readCounts(table: CountedHashes, buckets: number): Promise<HashCounts> {
    const rows = await this.database.db
      .selectFrom(table)
      .select(['slice', 'counts', 'texts'])
      .orderBy('slice')
      .execute();
    return this.join(rows, buckets);
  }

  /** Texts that look-ups can find, as PostgreSQL counted them when it last looked (it does so when a tenth is new). */
  async textsInWindow(): Promise<number> {
    const { rows } = await sql<{ texts: number }>`
      SELECT coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint AS texts
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = 'item_sketches'::regclass`.execute(this.database.db);
    return rows[0]?.texts ?? 0;
  }

  async readSentences(partnerIds: readonly string[]): Promise<Map<string, PartnerSentences>> {
    if (partnerIds.length === 0) return new Map();
    const rows = await this.database.db
      .selectFrom('partner_sentences')
      .selectAll()
      .where('partner_id', 'in', partnerIds)
      .execute();
    return new Map(
      rows.map(({ partner_id, items, sentences }) => [partner_id, { items, sentences: byHash(sentences) }]),
    );
  }

  /** Adds `counted` to the partner's row, keeps of it what `prune` keeps, and answers it. */
  async mergeSentences(
    partnerId: string,
    counted: PartnerSentences,
    prune: (all: PartnerSentences) => PartnerSentences,
  ): Promise<PartnerSentences> {
    return this.database.transaction(async (trx) => {
      await sql`
        INSERT INTO partner_sentences (partner_id, items, sentences) VALUES (${partnerId}, 0, '{}')
        ON CONFLICT DO NOTHING`.execute(trx);
      const stored = await trx
        .selectFrom('partner_sentences')
        .selectAll()
        .where('partner_id', '=', partnerId)
        .forUpdate()
        .executeTakeFirstOrThrow();
      const sentences = byHash(stored.sentences);
      for (const [hash, count] of counted.sentences) sentences.set(hash, (sentences.get(hash) ?? 0) + count);
      const merged = prune({ items: stored.items + counted.items, sentences });
      await trx
        .updateTable('partner_sentences')
        .set({ items: merged.items, sentences: JSON.stringify(Object.fromEntries(merged.sentences)) })
        .where('partner_id', '=', partnerId)
        .execute();
      return merged;
    });
  }

  private join(rows: readonly { slice: number; counts: Buffer; texts: number }[], buckets: number): HashCounts {
    const counts = new Uint16Array(buckets);
    for (const row of rows) counts.set(new Uint16Array(new Uint8Array(row.counts).buffer), row.slice * SLICE);
    return { counts, texts: rows[0]?.texts ?? 0 };
  }
}

function byHash(sentences: Record<string, number>): Map<number, number> {
  return new Map(Object.entries(sentences).map(([hash, count]) => [Number(hash), count]));
}
