/** What an item is recognised by: keys that another partner's copy of the same story is likely to carry too. */
import { createHash } from 'node:crypto';
import { canonicalUrl, isLandingPage } from '#domain/canonical-url.js';
import { countWords, normaliseText } from '#domain/normalised-text.js';

/** One way to recognise an item. Two items with an equal kind and key may be copies of one story. */
export interface IdentityKey {
  kind: 'guid' | 'url' | 'text';
  key: string;
}

/** `guid` as the partner wrote it, `body` the normalised text with its number of `words`, `at` when it was published, else received. */
export interface ItemFacts {
  guid: string | undefined;
  url: string | undefined;
  title: string;
  body: string;
  words: number;
  at: Date;
}

/** From this many words on, an equal body alone is evidence. */
const WORDS_OF_A_BODY = 20;
/** Title and body of a short item together need this many to count as evidence at all. */
const WORDS_OF_A_SHORT_ITEM = 8;
/** Short items are copies only when at most this far apart (never when twice as far): two overlapping windows. */
const SHORT_ITEM_WINDOW_MS = 24 * 3_600_000;
/** Longer keys are stored as their hash: an index entry has its limits. */
const MAX_KEY_LENGTH = 400;

/**
 * An item's keys, without repeats:
 * - guid: only when it looks unique in the world; another one ("123") counts together with the title;
 * - url: canonical, unless it is a site's root or section, which many items share;
 * - text: the normalised body from 20 words on; below, title, body and the day together, never the title alone.
 */
export function itemKeys({ guid, url, title, body, words, at }: ItemFacts): IdentityKey[] {
  const keys = [...guidKeys(guid, title), ...urlKeys(url), ...textKeys(title, body, words, at)];
  return keys.map(({ kind, key }) => ({ kind, key: key.length > MAX_KEY_LENGTH ? `sha256:${hash(key)}` : key }));
}

function guidKeys(guid: string | undefined, title: string): IdentityKey[] {
  const id = guid?.trim() ?? '';
  if (id === '') return [];
  const page = canonicalUrl(id);
  if (page !== null) return isLandingPage(page) ? [] : [{ kind: 'guid', key: page }];
  if (isGloballyUnique(id)) return [{ kind: 'guid', key: /^(urn:|[0-9a-f-]{36}$)/i.test(id) ? id.toLowerCase() : id }];
  const words = normaliseText(title);
  return words === '' ? [] : [{ kind: 'guid', key: `weak:${id} title:${hash(words)}` }];
}

/** A URI or tag (RFC 3986, RFC 4151), a UUID, an id that names its site, or a long mix of letters and digits. */
function isGloballyUnique(guid: string): boolean {
  return (
    /^(tag:[^,\s]+,\d{4}|urn:[a-z0-9][a-z0-9-]+:.)/i.test(guid) ||
    /^(urn:uuid:)?[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(guid) ||
    /\bat https?:\/\/\S/.test(guid) ||
    (guid.length >= 20 && /[a-z]/i.test(guid) && (guid.match(/\d/g)?.length ?? 0) >= 4 && !/\s/.test(guid))
  );
}

function urlKeys(url: string | undefined): IdentityKey[] {
  const page = url === undefined ? null : canonicalUrl(url);
  return page === null || isLandingPage(page) ? [] : [{ kind: 'url', key: page }];
}

function textKeys(title: string, body: string, words: number, at: Date): IdentityKey[] {
  if (words >= WORDS_OF_A_BODY) return [{ kind: 'text', key: `body:${hash(body)}` }];
  const headline = normaliseText(title);
  if (headline === '' || countWords(headline) + words < WORDS_OF_A_SHORT_ITEM) return [];
  const short = hash(`${headline}\n${body}`);
  const window = at.getTime() / SHORT_ITEM_WINDOW_MS / 2;
  // Numbers are part of both texts, so "1-0" and "2-0" differ; the windows overlap by half, so midnight parts no copies.
  return [
    { kind: 'text', key: `short:${short} window:${Math.floor(window)}` },
    { kind: 'text', key: `short:${short} half-window:${Math.floor(window + 0.5)}` },
  ];
}

/** 128 bits suffice to tell texts apart; the key of an index should be short. */
function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
