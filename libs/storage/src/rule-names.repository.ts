/** Which of the partners, feeds and channels that rules name there are, and what is called nearly so. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';

/** `partners` and `channels` are slugs, `feedIds` ids, `feedUrls` URLs as feeds are stored with. */
export interface RuleNameLists {
  partners: string[];
  channels: string[];
  feedIds: string[];
  feedUrls: string[];
}
export type RuleNameKind = keyof RuleNameLists;

/** From which share of common trigrams on one name is probably the other; addresses have much in common. */
const ALIKE = { partners: 0.4, channels: 0.4, feedUrls: 0.6 };

@Injectable()
export class RuleNamesRepository {
  constructor(private readonly database: Database) {}

  /** Those of the names that nobody has, nor had before a move. */
  async unknown(names: RuleNameLists): Promise<RuleNameLists> {
    if (Object.values(names).every((list: string[]) => list.length === 0)) return names;
    const { rows } = await sql<RuleNameLists>`
      SELECT ARRAY(SELECT w FROM unnest(${names.partners}::text[]) w
                    WHERE NOT EXISTS (SELECT FROM partners p WHERE p.slug = w)) AS partners,
             ARRAY(SELECT w FROM unnest(${names.channels}::text[]) w
                    WHERE NOT EXISTS (SELECT FROM channels c WHERE c.slug = w)
                      AND NOT EXISTS (SELECT FROM channel_slugs s WHERE s.slug = w)) AS channels,
             ARRAY(SELECT w::text FROM unnest(${names.feedIds}::uuid[]) w
                    WHERE NOT EXISTS (SELECT FROM feeds f WHERE f.id = w)) AS "feedIds",
             ARRAY(SELECT w FROM unnest(${names.feedUrls}::text[]) w
                    WHERE NOT EXISTS (SELECT FROM feeds f WHERE f.url = w)
                      AND w NOT IN (SELECT former_url FROM feeds WHERE former_url = ANY(${names.feedUrls}))) AS "feedUrls"`.execute(
      this.database.db,
    );
    return rows[0] ?? names;
  }

  /** The name that is most like this one, if any is like it; partners are also found by what they are called. */
  async nearest(kind: RuleNameKind, name: string): Promise<string | undefined> {
    if (kind === 'feedIds') return undefined;
    const known = {
      partners: sql`SELECT slug AS name, greatest(similarity(slug, ${name}), similarity(name, ${name})) AS alike FROM partners`,
      channels: sql`SELECT slug AS name, similarity(slug, ${name}) AS alike FROM channels`,
      feedUrls: sql`SELECT url AS name, similarity(url, ${name}) AS alike FROM feeds WHERE status <> 'retired'`,
    }[kind];
    const { rows } = await sql<{ name: string }>`
      SELECT k.name FROM (${known}) k WHERE k.alike >= ${ALIKE[kind]} ORDER BY k.alike DESC, k.name LIMIT 1`.execute(
      this.database.db,
    );
    return rows[0]?.name;
  }
}
