/** Keep and block rules of a feed: which of its items the hub takes, and the reason for each that it does not. */
import { RE2JS } from 're2js';
import type { ItemRule } from '#contracts/feed-settings.js';
import type { ParsedItem } from '#contracts/parsed-feed.js';
import { excessOf } from './regex-literals.js';

/** A rule whose expression is not understood, or too large. `index` is its place in the list, from 0. */
export class RuleError extends Error {
  constructor(
    readonly index: number,
    message: string,
  ) {
    super(message);
  }
}

interface CompiledRule {
  rule: ItemRule;
  /** From 1, as people count. */
  number: number;
  matches: (text: string) => boolean;
}
export type CompiledRules = readonly CompiledRule[];

/** Characters of one field that rules look at: an item that hides a word behind so much text is read by nobody. */
const MAX_TEXT = 200_000;

/**
 * Rules ready for use. Expressions are RE2's: they run in time linear in the text, so none can be made to hang; look-ahead and
 * back references are refused. @throws {RuleError} for the first expression that is malformed.
 */
export function compileRules(rules: readonly ItemRule[]): CompiledRules {
  return rules.map((rule, index) => ({ rule, number: index + 1, matches: matcherOf(rule, index) }));
}

/**
 * What is wrong with rules that are to be stored: malformed expressions, and those that are too large. Stored ones of the latter kind go on
 * working, for a feed whose rules are left out brings what it should not. In order; empty when they can be stored.
 */
export function ruleErrors(rules: readonly ItemRule[]): RuleError[] {
  return rules.flatMap(({ operator, value }, index) => {
    if (operator === 'contains') return [];
    try {
      const excess = excessOf(compiled(value, index));
      return excess === null ? [] : [new RuleError(index, excess)];
    } catch (error) {
      return error instanceof RuleError ? [error] : [];
    }
  });
}

/**
 * Why the rules refuse an item, as a sentence for operators; null when they take it. Block rules come first, whatever their place;
 * then, where there are keep rules, one of them must match.
 */
export function refusal(rules: CompiledRules, item: ParsedItem): string | null {
  const texts = new Map<string, string[]>();
  const hits = ({ rule, matches }: CompiledRule): boolean => fieldTexts(item, rule.field, texts).some(matches);
  const blocking = rules.find((one) => one.rule.action === 'block' && hits(one));
  if (blocking) return `blocked by rule ${blocking.number}: ${inWords(blocking.rule)}`;
  const keeping = rules.filter(({ rule }) => rule.action === 'keep');
  if (keeping.length === 0 || keeping.some(hits)) return null;
  const [only] = keeping;
  if (keeping.length === 1 && only) return `not kept by rule ${only.number}: ${inWords(only.rule)} does not hold`;
  return `not kept: none of the ${keeping.length} keep rules holds`;
}

function inWords({ field, operator, value }: ItemRule): string {
  const what = field === 'any' ? 'any field' : field;
  return `${what} ${operator === 'contains' ? 'contains' : 'matches'} ${JSON.stringify(value)}`;
}

function matcherOf({ operator, value }: ItemRule, index: number): (text: string) => boolean {
  if (operator === 'contains') {
    const wanted = folded(value);
    return (text) => folded(text).includes(wanted);
  }
  const expression = compiled(value, index);
  return (text) => expression.matcher(text).find();
}

function compiled(value: string, index: number): RE2JS {
  try {
    return RE2JS.compile(value);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RuleError(index, reason.replace(/^error parsing regexp: /, ''));
  }
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ');
}

/** The texts of a field, worked out once for all rules that ask for it. */
function fieldTexts(item: ParsedItem, field: ItemRule['field'], known: Map<string, string[]>): string[] {
  const before = known.get(field);
  if (before) return before;
  const texts = textsOf(item, field)
    .filter((text) => text !== undefined && text !== '')
    .map((text) => (text as string).slice(0, MAX_TEXT));
  known.set(field, texts);
  return texts;
}

function textsOf(item: ParsedItem, field: ItemRule['field']): (string | undefined)[] {
  switch (field) {
    case 'title':
      return [item.title];
    case 'content':
      return [plain(item.summary), plain(item.content)];
    case 'url':
      return [item.url, item.externalUrl];
    case 'author':
      return item.authors.flatMap(({ name, email }) => [name, email]);
    case 'category':
      return item.categories.flatMap(({ term, label }) => [term, label]);
    case 'any':
      return (['title', 'content', 'url', 'author', 'category'] as const).flatMap((one) => textsOf(item, one));
  }
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** The text between tags. Scans once: a regular expression for tags can be made to hang. */
function plain(html: string | undefined): string | undefined {
  if (html === undefined) return undefined;
  const pieces: string[] = [];
  let at = 0;
  for (let size = 0; at < html.length && size < MAX_TEXT * 2;) {
    const open = html.indexOf('<', at);
    const close = open === -1 ? -1 : html.indexOf('>', open);
    if (close === -1) break;
    pieces.push(html.slice(at, open));
    size += open - at;
    at = close + 1;
  }
  pieces.push(html.slice(at, at + MAX_TEXT * 2));
  return pieces
    .join(' ')
    .replace(/&(amp|lt|gt|quot|apos|nbsp|#\d{1,7}|#x[\da-f]{1,6});/gi, (whole, name: string) => character(whole, name))
    .replace(/\s+/g, ' ')
    .trim();
}

function character(whole: string, name: string): string {
  if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()] ?? whole;
  const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}
