/** What is known of the installation's texts: how many can be found, and which sentences a partner repeats. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';

/** How many of a partner's items hold a sentence, by its hash. */
export interface PartnerSentences {
  items: number;
  sentences: Map<number, number>;
}

@Injectable()
export class TextStatisticsRepository {
  constructor(private readonly database: Database) {}

  /**
   * About how many texts look-ups can find: by the size that the partitions have now, for PostgreSQL counts a new table's rows
   * a minute late and later ones when a tenth is new. Until it has counted, a row is taken for 200 bytes.
   */
  async textsInWindow(): Promise<number> {
    const { rows } = await sql<{ texts: number }>`
      SELECT coalesce(sum(pg_relation_size(c.oid) / 8192.0 *
               CASE WHEN c.reltuples > 0 AND c.relpages > 0 THEN c.reltuples / c.relpages ELSE 40 END), 0)::bigint AS texts
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = 'item_fingerprints'::regclass`.execute(this.database.db);
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

function byHash(sentences: Record<string, number>): Map<number, number> {
  return new Map(Object.entries(sentences).map(([hash, count]) => [Number(hash), count]));
}
