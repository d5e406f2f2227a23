/** What five thousand rules cost an item: invented conditions of every kind over invented texts, in the processor's time. */
import { loadavg } from 'node:os';
import type { RuleCondition } from '#contracts/rule.js';
import type { RuleFacts } from '#domain/rule-facts.js';
import { RuleMatcher } from '#domain/rule-matcher.js';
import { Random } from '../../demo/texts/random.js';
import { type Figure } from '../ground/figures.js';
import { percentiles } from '../ground/percentiles.js';

const RULES = 5_000;
const ITEMS = 500;
const TITLE_WORDS = 10;
const BODY_WORDS = 350;
const WORDS = 20_000;
const SYLLABLES = 'ka lo men ti ru se do va bri ston pel gar wun mor eth qui zan fol der nix'.split(' ');
/** Texts say common words more often than rules ask for them. */
const SKEW = 3;

export function rules(): Promise<Figure[]> {
  const random = new Random('rules');
  const one = <T>(values: readonly T[], skew = 1): T => values[Math.floor(values.length * random.next() ** skew)] as T;
  const vocabulary = Array.from({ length: WORDS }, () =>
    Array.from({ length: 3 + Math.floor(random.next() * 3) }, () => one(SYLLABLES)).join(''),
  );
  const words = (count: number, skew: number): string =>
    Array.from({ length: count }, () => one(vocabulary, skew)).join(' ');
  const matcher = new RuleMatcher(
    Array.from({ length: RULES }, (_, index) => condition(index, (count) => words(count, 1))),
  );
  const items = Array.from({ length: ITEMS }, (): RuleFacts => ({
    title: words(TITLE_WORDS, SKEW),
    body: words(BODY_WORDS, SKEW),
    categories: ['Business/Shipping', 'Travel'],
    url: 'https://gazette.example/sport/ferry?id=7',
    partner: 'p3',
    feed: { id: '0198a6f5-2222-7000-8000-000000000001', url: 'https://gazette.example/feed' },
    language: 'en',
    at: new Date('2026-03-06T22:30:00Z'),
  }));
  for (const item of items) matcher.match(item);
  let matched = 0;
  const times = items.map((item) => {
    const from = process.cpuUsage();
    matched += matcher.match(item).length;
    const { user, system } = process.cpuUsage(from);
    return (user + system) / 1_000;
  });
  const { p50, p99 } = percentiles(times);
  const note = `processor time of an item of ${BODY_WORDS} words: p50 ${p50.toFixed(2)}, p99 ${p99.toFixed(2)} ms; ${(matched / ITEMS).toFixed(1)} rules hold; load ${(loadavg()[0] ?? 0).toFixed(1)}`;
  return Promise.resolve([
    { part: 'rules', name: `${RULES} rules, an item`, value: p50, unit: 'ms', ceilings: [], target: { most: 1 }, note },
  ]);
}

/** Every kind of condition in turn; `asked` invents phrases of so many words. */
function condition(index: number, asked: (words: number) => string): RuleCondition {
  const phrase = (field: 'title' | 'body' | 'text' | 'category', ...phrases: string[]): RuleCondition => ({
    kind: 'phrase',
    field,
    phrases,
  });
  const first = phrase('text', asked(2), asked(3), asked(1));
  switch (index % 5) {
    case 0:
      return first;
    case 1:
      return { kind: 'and', of: [first, { kind: 'language', languages: ['en'] }] };
    case 2:
      return { kind: 'regex', field: 'text', pattern: `(?i)\\b${asked(1)}\\w* \\d+ (${asked(1)}|${asked(1)})` };
    case 3: {
      const others: RuleCondition = { kind: 'partner', partners: [`p${index % 50}`] };
      return { kind: 'and', of: [others, { kind: 'not', of: first }] };
    }
    default:
      return { kind: 'or', of: [phrase('title', asked(2)), phrase('category', asked(1)), phrase('body', asked(3))] };
  }
}
