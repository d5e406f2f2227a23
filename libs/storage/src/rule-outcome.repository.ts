/** What rules and dictionaries decided of items: their tags, priority, the channels they are routed to, and which rules held. */
import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import type { Schema } from './schema.js';

/**
 * `routes`: slugs of channels, sorted; `tags` and `untagged`: SCHEME/SLUG of what is given and taken. An outcome without rules and tags
 * takes the item's row away.
 */
export interface RuleOutcomeRow {
  itemId: string;
  version: number;
  rules: { id: string; name: string }[];
  priority: number | null;
  routes: string[];
  tags: string[];
  untagged: string[];
}

@Injectable()
export class RuleOutcomeRepository {
  /** The caller holds the items' locks. Answers the items that are now routed elsewhere than before. */
  async write(trx: Transaction<Schema>, rows: readonly RuleOutcomeRow[]): Promise<Set<string>> {
    if (rows.length === 0) return new Set();
    const ids = rows.map(({ itemId }) => itemId);
    const before = await trx
      .selectFrom('rule_outcomes')
      .select(['item_id', 'routes'])
      .where('item_id', 'in', ids)
      .execute();
    const gone = rows.filter(isEmpty).map(({ itemId }) => itemId);
    if (before.length > 0 && gone.length > 0)
      await trx.deleteFrom('rule_outcomes').where('item_id', 'in', gone).execute();
    const kept = rows.filter((row) => !isEmpty(row));
    if (kept.length > 0)
      await sql`
        INSERT INTO rule_outcomes (item_id, version, rules, priority, routes, tags, untagged)
          SELECT "itemId", version, rules, priority, ARRAY(SELECT json_array_elements_text(routes)),
                 ARRAY(SELECT json_array_elements_text(tags)), ARRAY(SELECT json_array_elements_text(untagged))
            FROM json_to_recordset(${JSON.stringify(kept)}::json)
              AS r("itemId" uuid, version int, rules jsonb, priority int, routes json, tags json, untagged json)
           ORDER BY "itemId"
        ON CONFLICT (item_id) DO UPDATE SET version = excluded.version, rules = excluded.rules,
          priority = excluded.priority, routes = excluded.routes, tags = excluded.tags, untagged = excluded.untagged, decided_at = now()`.execute(
        trx,
      );
    const routesBefore = new Map(before.map((row) => [row.item_id, row.routes.join(' ')]));
    return new Set(
      rows
        .filter(({ itemId, routes }) => routes.join(' ') !== (routesBefore.get(itemId) ?? ''))
        .map(({ itemId }) => itemId),
    );
  }
}

function isEmpty({ rules, tags }: RuleOutcomeRow): boolean {
  return rules.length === 0 && tags.length === 0;
}
