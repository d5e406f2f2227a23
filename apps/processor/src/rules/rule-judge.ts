/** Puts the rules to the items of a chunk: some are refused, the others go on with the tags and the priority that rules give them. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { RuleFacts } from '#domain/rule-facts.js';
import { Metrics } from '#observability/metrics.js';
import type { ProcessedItem } from '#storage/processed-item.repository.js';
import { tagKey, TagRepository } from '#storage/tag.repository.js';
import type { ReadyItem } from '../stories/ready-item.js';
import type { Ruling } from './compiled-rules.js';
import { RuleBook } from './rule-book.js';

/** Items that are judged without a pause: other work of the process has its turn in between. */
const ITEMS_A_TURN = 25;

export interface JudgedItems {
  passed: ReadyItem[];
  refused: ProcessedItem[];
}

@Injectable()
export class RuleJudge {
  private readonly decisions;
  private readonly seconds;

  constructor(
    private readonly book: RuleBook,
    private readonly tags: TagRepository,
    metrics: Metrics,
  ) {
    this.decisions = metrics.counter('dateline_rules_items_total', 'Items by what rules made of them', ['outcome']);
    this.seconds = metrics.histogram('dateline_rules_chunk_seconds', 'Time to judge a chunk of items');
  }

  /** `isIn`: they are in their stories, and no rule drops or holds them. */
  async judge(ready: readonly ReadyItem[], isIn = false): Promise<JudgedItems> {
    const rules = await this.book.current();
    const end = this.seconds.startTimer();
    const passed: { one: ReadyItem; ruling: Ruling }[] = [];
    const refused: ProcessedItem[] = [];
    for (const [index, one] of ready.entries()) {
      if (index > 0 && index % ITEMS_A_TURN === 0) await nextTurn();
      const ruling = rules.judge(factsOf(one), isIn || one.item.isReleased);
      if (!isIn) this.decisions.inc({ outcome: outcomeOf(ruling) });
      if (ruling.refusal === null) passed.push({ one, ruling });
      else refused.push({ id: one.item.id, version: one.item.version, ...ruling.refusal });
    }
    end();
    const stored = await this.tags.ensure(passed.flatMap(({ ruling }) => [...ruling.dictionaryTags, ...ruling.tags]));
    return { passed: passed.map(({ one, ruling }) => ruled(one, ruling, stored)), refused };
  }
}

function factsOf({ item, clean, language }: ReadyItem): RuleFacts {
  return {
    title: clean.title,
    body: clean.bodyText,
    categories: item.parsed.categories.flatMap(({ term, label }) => (label === undefined ? [term] : [label, term])),
    url: clean.url,
    partner: item.partner.slug,
    feed: item.feed,
    language,
    at: item.publishedAt ?? item.receivedAt,
  };
}

/** Tags of rules and dictionaries come first: an operator's word weighs more than a partner's category. */
function ruled(one: ReadyItem, ruling: Ruling, stored: Awaited<ReturnType<TagRepository['ensure']>>): ReadyItem {
  const given = [...ruling.tags, ...ruling.dictionaryTags].flatMap(({ source, ...tag }) => {
    const row = stored.get(tagKey(tag));
    return row === undefined ? [] : [{ ...row, source, confidence: 1 }];
  });
  const untagged = new Set(ruling.untagged);
  const present = new Set(given.map(({ id }) => id));
  const tags = [...given, ...one.tags.filter(({ id }) => !present.has(id))].filter((tag) => !untagged.has(tagKey(tag)));
  const { item } = one;
  const partner = ruling.priority === null ? item.partner : { ...item.partner, priority: ruling.priority };
  return { ...one, tags, item: { ...item, partner }, ruling };
}

function outcomeOf({ refusal, rules, dictionaryTags }: Ruling): string {
  if (refusal !== null) return refusal.state;
  return rules.length > 0 || dictionaryTags.length > 0 ? 'changed' : 'untouched';
}
