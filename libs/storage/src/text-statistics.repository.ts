/** What is known of the installation's texts: how many hold a shingle, and which sentences a partner repeats. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';

/** Counters by bucket, and how many texts were counted. */
export interface HashCounts<Counts extends Uint8Array | Uint16Array> {
  counts: Counts;
  texts: number;
}

/** How many of a partner's items hold a sentence, by its hash. */
export interface PartnerSentences {
  items: number;
  sentences: Map<number, number>;
}

/** Tables of counted hashes: of every shingle of a story (two bytes a counter), and of those that are its fingerprints (one). */
export type CountedHashes = 'shingle_frequencies' | 'fingerprint_frequencies';

/** Of a row. */
const SLICE_BYTES = 1 << 15;

@Injectable()
export class TextStatisticsRepository {
  constructor(private readonly database: Database) {}

  /**
   * Adds what was counted since the last time to the stored counters, by `merge`; answers what is stored now. `none`: counters
   * of nothing, as many as there are; they are filled with what is stored.
   */
  async mergeCounts<Counts extends Uint8Array | Uint16Array>(
    table: CountedHashes,
    none: Counts,
    merge: (stored: HashCounts<Counts>) => HashCounts<Counts>,
  ): Promise<HashCounts<Counts>> {
    return this.database.transaction(async (trx) => {
      await sql`SELECT pg_advisory_xact_lock(7301, 1)`.execute(trx);
      const { rows } = await sql<Slice>`SELECT slice, counts, texts FROM ${sql.table(table)}`.execute(trx);
      const stored = joined(rows, none);
      const merged = merge(stored);
      const halved = merged.texts < stored.texts;
      for (let slice = 0; slice < none.byteLength / SLICE_BYTES; slice += 1) {
        const bytes = sliceOf(merged.counts, slice);
        if (!halved && bytes.equals(sliceOf(stored.counts, slice))) continue;
        await sql`
          INSERT INTO ${sql.table(table)} (slice, counts, texts) VALUES (${slice}, ${bytes}, ${merged.texts})
          ON CONFLICT (slice) DO UPDATE SET counts = excluded.counts, texts = excluded.texts`.execute(trx);
      }
      return merged;
    });
  }

  /** What is stored, in `none`: counters of nothing, as many as there are. */
  async readCounts<Counts extends Uint8Array | Uint16Array>(
    table: CountedHashes,
    none: Counts,
  ): Promise<HashCounts<Counts>> {
    return joined(await this.database.db.selectFrom(table).selectAll().execute(), none);
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
}

interface Slice {
  slice: number;
  counts: Buffer;
  texts: number;
}

/** A slice that did not change was written longer ago, with fewer texts. */
function joined<Counts extends Uint8Array | Uint16Array>(rows: readonly Slice[], none: Counts): HashCounts<Counts> {
  const bytes = new Uint8Array(none.buffer, none.byteOffset, none.byteLength);
  for (const { slice, counts } of rows) bytes.set(counts, slice * SLICE_BYTES);
  return { counts: none, texts: Math.max(0, ...rows.map(({ texts }) => texts)) };
}

function sliceOf({ buffer, byteOffset }: Uint8Array | Uint16Array, slice: number): Buffer {
  return Buffer.from(buffer, byteOffset + slice * SLICE_BYTES, SLICE_BYTES);
}

function byHash(sentences: Record<string, number>): Map<number, number> {
  return new Map(Object.entries(sentences).map(([hash, count]) => [Number(hash), count]));
}
