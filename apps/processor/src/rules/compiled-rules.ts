/** Rules and dictionaries made ready for use: the matchers, and what to do with what they find. */
import { CompiledRegexes } from '#domain/compiled-regexes.js';
import { DictionaryMatcher } from '#domain/dictionary-matcher.js';
import {
  DICTIONARY_SOURCE,
  type HoldingRule,
  ruleOutcome,
  type RuleOutcome,
  type RuleTag,
} from '#domain/rule-outcome.js';
import type { RuleFacts } from '#domain/rule-facts.js';
import { RuleMatcher } from '#domain/rule-matcher.js';
import type { StoredRuleBook } from '#storage/rule-book.repository.js';

/** More tags of dictionaries say little of what an item is about. */
const MAX_DICTIONARY_TAGS = 20;

/** What rules make of an item; `dictionaryTags` come before those of rules, which may take them away again. */
export interface Ruling extends RuleOutcome {
  dictionaryTags: RuleTag[];
}

export class CompiledRules {
  readonly version: number;
  /** Rules that cannot be used, with the reason: the API lets none of them in. */
  readonly broken: { name: string; reason: string }[] = [];
  private readonly regexes = new CompiledRegexes();
  private readonly rules: readonly HoldingRule[];
  private readonly matcher: RuleMatcher;
  private readonly dictionary: DictionaryMatcher;
  private readonly dictionaryTags: readonly RuleTag[];

  constructor(stored: StoredRuleBook) {
    this.version = stored.version;
    const usable = stored.rules.filter((rule) => this.isUsable(rule));
    this.rules = usable;
    this.matcher = new RuleMatcher(
      usable.map(({ condition }) => condition),
      this.regexes.of,
    );
    const places = new Map(stored.dictionaries.map(({ id }, place) => [id, place]));
    const entries = stored.entries.filter(({ dictionaryId }) => places.has(dictionaryId));
    const dictionaryOf = (id: string) => stored.dictionaries[places.get(id) ?? 0];
    this.dictionary = new DictionaryMatcher(
      entries.map(({ dictionaryId, phrase }) => ({
        dictionary: places.get(dictionaryId) ?? 0,
        phrase,
        matchCase: dictionaryOf(dictionaryId)?.matchCase ?? false,
      })),
    );
    this.dictionaryTags = entries.map(({ dictionaryId, scheme, slug, name }) => ({
      scheme,
      slug,
      name,
      source: `${DICTIONARY_SOURCE}${dictionaryOf(dictionaryId)?.name ?? ''}"`,
    }));
  }

  get size(): { rules: number; phrases: number } {
    return { rules: this.rules.length, phrases: this.dictionaryTags.length };
  }

  judge(facts: RuleFacts, isReleased: boolean): Ruling {
    // By tag and not by phrase: the many names of one thing must not crowd the others out.
    const met = new Map<string, RuleTag>();
    for (const place of this.dictionary.match([facts.title, facts.body])) {
      const tag = this.dictionaryTags[place] as RuleTag;
      const key = `${tag.scheme}/${tag.slug}`;
      if (met.size < MAX_DICTIONARY_TAGS && !met.has(key)) met.set(key, tag);
    }
    const dictionaryTags = [...met.values()];
    const holding = this.matcher.match(facts).map((place) => this.rules[place] as HoldingRule);
    return { ...ruleOutcome(holding, isReleased), dictionaryTags };
  }

  /** One bad row must not put all the others out of force. */
  private isUsable({ name, condition }: StoredRuleBook['rules'][number]): boolean {
    try {
      new RuleMatcher([condition], this.regexes.of);
      return true;
    } catch (error) {
      this.broken.push({ name, reason: error instanceof Error ? error.message : String(error) });
      return false;
    }
  }
}
