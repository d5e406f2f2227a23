/** Rules and dictionaries as the processor reads them: all at once, when their version has moved. */
import { Injectable } from '@nestjs/common';
import type { RuleAction, RuleCondition } from '#contracts/rule.js';
import type { TagScheme } from '#contracts/story-body.js';
import { Database } from './database.js';
import { readRulesVersion } from './rules-version.js';

/** Enabled rules in the order in which they take effect; entries of all dictionaries. */
export interface StoredRuleBook {
  version: number;
  rules: { id: string; name: string; condition: RuleCondition; actions: RuleAction[] }[];
  dictionaries: { id: string; name: string; matchCase: boolean }[];
  entries: { dictionaryId: string; phrase: string; scheme: TagScheme; slug: string; name: string }[];
}

@Injectable()
export class RuleBookRepository {
  constructor(private readonly database: Database) {}

  async version(): Promise<number> {
    return readRulesVersion(this.database.db);
  }

  /** The version is read first: what changes meanwhile is read now or once more, and never missed. */
  async load(): Promise<StoredRuleBook> {
    const { db } = this.database;
    const version = await this.version();
    const rules = await db
      .selectFrom('rules')
      .select(['id', 'name', 'condition', 'actions'])
      .where('enabled', '=', true)
      .orderBy('position')
      .orderBy('id')
      .execute();
    const dictionaries = await db
      .selectFrom('dictionaries')
      .select(['id', 'name', 'match_case as matchCase'])
      .orderBy('id')
      .execute();
    const entries = await db
      .selectFrom('dictionary_entries')
      .select(['dictionary_id as dictionaryId', 'phrase', 'scheme', 'slug', 'name'])
      .orderBy('dictionary_id')
      .orderBy('key')
      .orderBy('scheme')
      .orderBy('slug')
      .execute();
    return { version, rules, dictionaries, entries };
  }
}
