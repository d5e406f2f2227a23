/** A search as an address asks it, `?q=&tag=&partner=&language=&from=&until=`, made fit for asking; pages and feeds read it alike. */
import { tagSchemeSchema } from '#contracts/story-body.js';
import { cleanLine } from '#domain/clean-text.js';
import type { SearchQuestion } from '#storage/search-question.js';

/** `tag`: SCHEME/SLUG; `partner`: a slug; `language`: a primary subtag; `from`, `until`: days, 2026-11-23, both included. */
export interface AskedSearch {
  words: string;
  tag?: string;
  partner?: string;
  language?: string;
  from?: string;
  until?: string;
}

/** What was asked that cannot be: `text` as it came. The rest of the search stands without it. */
export interface SearchProblem {
  kind: 'too-long' | 'tag' | 'partner' | 'language' | 'date' | 'reversed';
  text: string;
}

/** Longer questions find nothing that shorter ones would not, and cost more. */
export const MAX_QUERY_LENGTH = 200;
const FILTERS = ['tag', 'partner', 'language', 'from', 'until'] as const;
const DAY_MS = 86_400_000;

/** `query` is what the address held under each name: nothing, a text, or several. */
export function readSearch(query: Record<string, unknown>): { asked: AskedSearch; problems: SearchProblem[] } {
  const problems: SearchProblem[] = [];
  const refuse = (kind: SearchProblem['kind'], text: string): void => {
    problems.push({ kind, text: cleanLine(text, 80) });
  };
  const asked: AskedSearch = { words: '' };
  const words = first(query['q']);
  if (words.length > MAX_QUERY_LENGTH) refuse('too-long', words);
  else asked.words = cleanLine(words, MAX_QUERY_LENGTH);
  for (const name of FILTERS) {
    const text = first(query[name]);
    if (text === '') continue;
    if (text.length > MAX_QUERY_LENGTH || !isFilter(name, text)) refuse(KINDS[name], text);
    else asked[name] = name === 'language' ? text.toLowerCase() : text;
  }
  if (asked.from !== undefined && asked.until !== undefined && asked.from > asked.until) {
    refuse('reversed', `${asked.from} – ${asked.until}`);
    delete asked.from;
    delete asked.until;
  }
  return { asked, problems };
}

export function isEmpty(asked: AskedSearch): boolean {
  return asked.words === '' && !hasFilters(asked);
}

export function hasFilters(asked: AskedSearch): boolean {
  return FILTERS.some((name) => asked[name] !== undefined);
}

/** The address's query, without the `?`: the same search always has the same one. */
export function searchQuery(asked: AskedSearch): string {
  const filters = FILTERS.filter((name) => asked[name] !== undefined);
  return [
    ...(asked.words === '' && filters.length > 0 ? [] : [`q=${encodeURIComponent(asked.words)}`]),
    ...filters.map((name) => `${name}=${encodeURIComponent(asked[name] ?? '')}`),
  ].join('&');
}

/** The search without one of its filters. */
export function withoutFilter(asked: AskedSearch, ...names: (typeof FILTERS)[number][]): AskedSearch {
  return Object.fromEntries(
    Object.entries(asked).filter(([name]) => !names.some((gone) => gone === name)),
  ) as typeof asked;
}

/** As the stores are asked. */
export function questionOf(asked: AskedSearch): SearchQuestion {
  const { words, partner, language, from, until } = asked;
  return {
    words,
    tag: tagOf(asked),
    partner,
    language,
    from: from === undefined ? undefined : new Date(from),
    until: until === undefined ? undefined : new Date(Date.parse(until) + DAY_MS),
  };
}

/** The tag's two parts. */
export function tagOf({ tag }: AskedSearch): SearchQuestion['tag'] {
  const [scheme, ...slug] = (tag ?? '').split('/');
  const known = tagSchemeSchema.safeParse(scheme);
  return known.success ? { scheme: known.data, slug: slug.join('/') } : undefined;
}

const KINDS = { tag: 'tag', partner: 'partner', language: 'language', from: 'date', until: 'date' } as const;

function isFilter(name: (typeof FILTERS)[number], text: string): boolean {
  switch (name) {
    case 'tag':
      return /^[^/]+\/.+$/.test(text) && tagOf({ words: '', tag: text }) !== undefined && !text.includes('\0');
    case 'partner':
      return !text.includes('\0');
    case 'language':
      return /^[a-z]{2,3}$/i.test(text);
    case 'from':
    case 'until':
      return isDay(text);
  }
}

/** A day of the calendar that pages have: 2026-02-30 is none. */
function isDay(text: string): boolean {
  if (!/^[12]\d{3}-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function first(value: unknown): string {
  const text = Array.isArray(value) ? (value as unknown[])[0] : value;
  return typeof text === 'string' ? text.trim() : '';
}
