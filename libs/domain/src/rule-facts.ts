/** What rules can ask of an item, and its texts prepared for all of them at once. */
import type { ConditionLeaf } from '#contracts/rule.js';
import { matchableText, type MatchableText } from './matchable-text.js';
import { parseUrl } from './parse-url.js';

/** What rules can ask of an item. `partner` is its slug, `at` when it was published, else received. `formerUrl`: the feed's before it moved. */
export interface RuleFacts {
  title: string;
  body: string;
  categories: readonly string[];
  url: string | null;
  partner: string;
  feed: { id: string; url: string; formerUrl?: string | null };
  language: string | null;
  at: Date;
}

export type Field = 'title' | 'body' | 'category' | 'url';
export const FIELD_BITS: Record<Field, number> = { title: 1, body: 2, category: 4, url: 8 };
export const FIELDS_OF: Record<Extract<ConditionLeaf, { field: unknown }>['field'], readonly Field[]> = {
  title: ['title'],
  body: ['body'],
  text: ['title', 'body'],
  category: ['category'],
  url: ['url'],
};

/** An item's texts, prepared once for all rules; categories are asked one by one. */
export interface ItemInHand {
  facts: RuleFacts;
  texts: Record<Field, MatchableText[]>;
}

export function fieldBits(field: keyof typeof FIELDS_OF): number {
  return FIELDS_OF[field].reduce((sum, one) => sum | FIELD_BITS[one], 0);
}

export function inHand(facts: RuleFacts): ItemInHand {
  return {
    facts,
    texts: {
      title: [matchableText(facts.title)],
      body: [matchableText(facts.body)],
      category: facts.categories.map(matchableText),
      url: facts.url === null ? [] : [matchableText(facts.url)],
    },
  };
}

/** Partner, feed and language as one kind of name. */
export function* namesOf({ partner, feed, language }: RuleFacts): Generator<string> {
  yield `partner ${partner}`;
  yield `feed ${feed.id}`;
  yield `feed ${feed.url}`;
  if (feed.formerUrl) yield `feed ${feed.formerUrl}`;
  if (language !== null) yield `language ${language}`;
}

/** How rules name a feed, written as feeds are stored: its id, or its URL without fragment. */
export function feedKey(idOrUrl: string): string {
  if (isFeedId(idOrUrl)) return idOrUrl.toLowerCase();
  const url = parseUrl(idOrUrl);
  if (url === null) return idOrUrl;
  url.hash = '';
  return url.href;
}

export function isFeedId(idOrUrl: string): boolean {
  return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(idOrUrl);
}
