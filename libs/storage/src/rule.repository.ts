/** The hub's rules as operators make, order and end them. */
import { Injectable } from '@nestjs/common';
import { type Selectable, sql, type Transaction } from 'kysely';
import type { RuleAction, RuleCondition } from '#contracts/rule.js';
import { Database } from './database.js';
import { moveRulesVersion } from './rules-version.js';
import type { RulesTable, Schema } from './schema.js';
import { uuidV7 } from './uuid.js';

export type RuleRow = Selectable<RulesTable>;
export type RuleInForce = Pick<RuleRow, 'id' | 'name' | 'position' | 'condition' | 'actions'>;

/** `position` undefined: behind all others. */
export interface NewRule {
  name: string;
  condition: RuleCondition;
  actions: RuleAction[];
  enabled: boolean;
  position?: number | undefined;
  /** Expressions in the condition that name no word that must be there. */
  wideRegexes: number;
}

/** Absent fields stay as they are. */
export type RulePatch = { [Field in keyof NewRule]?: NewRule[Field] | undefined };

/** `taken`: the id of the rule that has the name already. `full`, `wide`: more rules or wide expressions than these may not be. */
export type SavedRule = { rule: RuleRow } | { taken: string } | { full: number } | { wide: number };

/** Room between two rules, so that another fits in without moving them. */
const STEP = 10;
const MAX_RULES = 10_000;
const MAX_WIDE_REGEXES = 50;

@Injectable()
export class RuleRepository {
  constructor(private readonly database: Database) {}

  /** In the order in which they take effect. `after`: the id of the last one of the page before. One row more than `limit` when there is more. */
  async list({ limit, after }: { limit: number; after?: string | undefined }): Promise<RuleRow[]> {
    let query = this.database.db.selectFrom('rules').selectAll().orderBy('position').orderBy('id');
    if (after !== undefined)
      query = query.where(sql<boolean>`(position, id) > (SELECT position, id FROM rules WHERE id = ${after})`);
    return query.limit(limit + 1).execute();
  }

  /** Those that are enabled, in the order in which they take effect. */
  async inForce(): Promise<RuleInForce[]> {
    return this.database.db
      .selectFrom('rules')
      .select(['id', 'name', 'position', 'condition', 'actions'])
      .where('enabled', '=', true)
      .orderBy('position')
      .orderBy('id')
      .execute();
  }

  async get(id: string): Promise<RuleRow | undefined> {
    return this.database.db.selectFrom('rules').selectAll().where('id', '=', id).executeTakeFirst();
  }

  async create(rule: NewRule): Promise<SavedRule> {
    return this.database.transaction(async (trx) => {
      // First, so that changes come one after the other.
      await moveRulesVersion(trx);
      const { count } = await trx
        .selectFrom('rules')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      if (count >= MAX_RULES) return { full: MAX_RULES };
      const taken = await idOfName(trx, rule.name);
      if (taken !== undefined) return { taken };
      if (await isTooWide(trx, rule.wideRegexes, null)) return { wide: MAX_WIDE_REGEXES };
      return {
        rule: await trx
          .insertInto('rules')
          .values({
            id: uuidV7(),
            name: rule.name,
            condition: JSON.stringify(rule.condition),
            actions: JSON.stringify(rule.actions),
            enabled: rule.enabled,
            wide_regexes: rule.wideRegexes,
            position: rule.position ?? sql<number>`(SELECT coalesce(max(position), 0) + ${STEP}::int FROM rules)`,
          })
          .returningAll()
          .executeTakeFirstOrThrow(),
      };
    });
  }

  /** Undefined when there is no such rule. */
  async update(id: string, { condition, actions, wideRegexes, ...patch }: RulePatch): Promise<SavedRule | undefined> {
    return this.database.transaction(async (trx) => {
      await moveRulesVersion(trx);
      const taken = patch.name === undefined ? undefined : await idOfName(trx, patch.name);
      if (taken !== undefined && taken !== id) return { taken };
      if (await isTooWide(trx, wideRegexes ?? 0, id)) return { wide: MAX_WIDE_REGEXES };
      const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
      const rule = await trx
        .updateTable('rules')
        .set({
          ...given,
          ...(condition === undefined ? {} : { condition: JSON.stringify(condition) }),
          ...(wideRegexes === undefined ? {} : { wide_regexes: wideRegexes }),
          ...(actions === undefined ? {} : { actions: JSON.stringify(actions) }),
          updated_at: sql`now()`,
        })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      return rule === undefined ? undefined : { rule };
    });
  }

  /** What the rule did stays. False when there is no such rule. */
  async remove(id: string): Promise<boolean> {
    return this.database.transaction(async (trx) => {
      await moveRulesVersion(trx);
      const { numDeletedRows } = await trx.deleteFrom('rules').where('id', '=', id).executeTakeFirst();
      return numDeletedRows > 0n;
    });
  }
}

async function idOfName(trx: Transaction<Schema>, name: string): Promise<string | undefined> {
  return (await trx.selectFrom('rules').select('id').where('name', '=', name).executeTakeFirst())?.id;
}

/** Together with those of all other rules, in force or not. */
async function isTooWide(trx: Transaction<Schema>, more: number, except: string | null): Promise<boolean> {
  if (more === 0) return false;
  const { rows } = await sql<{ sum: number }>`
    SELECT coalesce(sum(wide_regexes), 0)::int AS sum FROM rules WHERE id IS DISTINCT FROM ${except}`.execute(trx);
  return (rows[0]?.sum ?? 0) + more > MAX_WIDE_REGEXES;
}
