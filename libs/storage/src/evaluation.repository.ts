/** A labelled corpus in a throw-away database: items as fetches leave them, and what the processor made of them. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { ParsedItem } from '#contracts/parsed-feed.js';
import type { TagScheme } from '#contracts/story-body.js';
import { Database } from './database.js';
import type { ItemsTable } from './schema.js';
import { uuidV7 } from './uuid.js';

/** An item to store; `label` is its name in the corpus. */
export interface LabelledItem {
  label: string;
  partner: string;
  parsed: ParsedItem;
}

/** What became of an item. Everything of a story is null for one that is in none. */
export interface ItemDecision {
  itemId: string;
  label: string;
  state: ItemsTable['state']['__select__'];
  stateReason: string | null;
  storyId: string | null;
  isLeading: boolean | null;
  rule: string | null;
  /** `original`, `duplicate` or `derived`. */
  relation: string | null;
  evidence: Record<string, unknown> | null;
  /** The label of the item that the evidence names. */
  matchedLabel: string | null;
  language: string | null;
  clusterId: string | null;
  tags: { scheme: TagScheme; slug: string; name: string; source: string; confidence: number }[];
}

const CORRELATION_ID = 'c_evaluation';
/** Tables in which rooms of the processor keep what they still have to do. */
const QUEUES = ['story_cluster_queue'] as const;

@Injectable()
export class EvaluationRepository {
  /** The feed of each partner's name: names of a corpus are its own, so one feed a partner is enough. */
  private readonly feeds = new Map<string, { feedId: string; partnerId: string }>();

  constructor(private readonly database: Database) {}

  /** Stores items as one fetch that waits to be processed, their ids in the given order. Answers the fetch's id. */
  async store(items: readonly LabelledItem[]): Promise<string> {
    await this.addPartners([...new Set(items.map(({ partner }) => partner))]);
    const fetchId = uuidV7();
    const rows = items.map(({ label, partner, parsed }) => ({
      id: uuidV7(),
      label,
      parsed,
      published: parsed.published ?? null,
      ...this.feeds.get(partner),
    }));
    await sql`
      WITH batch AS (INSERT INTO item_batches (fetch_id, correlation_id) VALUES (${fetchId}, ${CORRELATION_ID}))
      INSERT INTO items (id, feed_id, partner_id, identity_key, identity_rule, content_hash, parsed, published_at,
          first_fetch_id, fetch_id, correlation_id)
        SELECT id, "feedId", "partnerId", label, 'guid', sha256(convert_to(label, 'UTF8')), parsed, published,
            ${fetchId}, ${fetchId}, ${CORRELATION_ID}
          FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r(id uuid, "feedId" uuid, "partnerId" uuid, label text,
            parsed jsonb, published timestamptz)`.execute(this.database.db);
    return fetchId;
  }

  /** Events that a publisher would carry outwards: here nobody is told, and they count as told. */
  async carry(eventIds: readonly string[]): Promise<void> {
    await sql`UPDATE events SET fanned_out_at = now() WHERE id = ANY(${eventIds}::uuid[])`.execute(this.database.db);
  }

  /** How many stories wait for what is done after they were written. */
  async waiting(): Promise<number> {
    let waiting = 0;
    for (const table of QUEUES) {
      if (!(await this.has(table))) continue;
      const { rows } = await sql<{ count: number }>`SELECT count(*) FROM ${sql.table(table)}`.execute(this.database.db);
      waiting += rows[0]?.count ?? 0;
    }
    return waiting;
  }

  /** Every item, in the order in which they were stored, `limit` at a time. */
  async *decisions(limit = 500): AsyncGenerator<ItemDecision> {
    const cluster = (await this.has('story_clusters'))
      ? sql`(SELECT sc.cluster_id FROM story_clusters sc WHERE sc.story_id = s.id)`
      : sql`NULL::uuid`;
    for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
      const { rows } = await sql<ItemDecision>`
        SELECT i.id AS "itemId", i.identity_key AS label, i.state, i.state_reason AS "stateReason", s.id AS "storyId",
               s.leading_item_id = i.id AS "isLeading", si.rule,
               coalesce(to_jsonb(si)->>'relation', CASE si.rule WHEN 'first' THEN 'original' ELSE 'duplicate' END) AS relation,
               si.evidence, m.identity_key AS "matchedLabel", s.language, ${cluster} AS "clusterId",
               coalesce((SELECT json_agg(json_build_object('scheme', t.scheme, 'slug', t.slug, 'name', t.name,
                   'source', st.source, 'confidence', st.confidence) ORDER BY t.scheme, t.slug)
                  FROM story_tags st JOIN tags t ON t.id = st.tag_id WHERE st.story_id = s.id), '[]') AS tags
          FROM (SELECT * FROM items WHERE id > ${after}::uuid ORDER BY id LIMIT ${limit}) i
          LEFT JOIN story_items si ON si.item_id = i.id
          LEFT JOIN stories s ON s.id = si.story_id
          LEFT JOIN items m ON m.id = (si.evidence->>'matchedItemId')::uuid
         ORDER BY i.id`.execute(this.database.db);
      yield* rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < limit) return;
      after = last.itemId;
    }
  }

  private async has(table: string): Promise<boolean> {
    const { rows } = await sql<{ found: boolean }>`SELECT to_regclass(${table}) IS NOT NULL AS found`.execute(
      this.database.db,
    );
    return rows[0]?.found === true;
  }

  private async addPartners(names: readonly string[]): Promise<void> {
    const rows = names
      .filter((name) => !this.feeds.has(name))
      .map((name) => {
        const [partnerId, feedId] = [uuidV7(), uuidV7()];
        this.feeds.set(name, { partnerId, feedId });
        return { name, partnerId, feedId };
      });
    if (rows.length === 0) return;
    await sql`
      WITH r AS (SELECT * FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r("partnerId" uuid, "feedId" uuid, name text)),
      p AS (INSERT INTO partners (id, slug, name) SELECT "partnerId", "partnerId"::text, name FROM r)
      INSERT INTO feeds (id, partner_id, url, news_since)
        SELECT "feedId", "partnerId", 'https://' || "feedId" || '.example/feed', '-infinity' FROM r`.execute(
      this.database.db,
    );
  }
}
