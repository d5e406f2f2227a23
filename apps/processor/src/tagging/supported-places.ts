/** Which of the names of places in a text the rest of it supports: smaller cities, towns of a country's name, institutions of one country. Pure. */
import type { PlaceHit } from './find-places.js';
import { isCapital } from './name-shapes.js';
import type { PlaceName } from './place-index.js';
import { ALSO_PEOPLE, DOUBTFUL_CITIES } from './place-words.js';
import type { Token } from './text-tokens.js';

/** Of institutions, those that have branches elsewhere. */
const EXCHANGES = new Set(['nasdaq', 'ftse', 'nyse']);
/** Enough of a million people to be known without a word of place before it. */
const KNOWN_CITY_THOUSANDS = 1_000;
/** Cities below this need their country in the text as well. */
const SMALL_CITY_THOUSANDS = 250;

/** Smaller and doubtful cities count when a word of place, their state or their country stands by them. */
export function supportedHits(hits: readonly PlaceHit[], tokens: readonly Token[]): PlaceHit[] {
  const countries = new Set(
    hits.filter(({ name }) => name.kind === 'country' || name.kind === 'region').map(({ name }) => name.country.code),
  );
  const named = new Set(hits.filter(({ name }) => name.kind !== 'institution').map(({ name }) => name.country.code));
  const borrowed = new Set(hits.flatMap((hit, at) => (isBorrowed(hits, at, tokens) ? [hit.name.country.code] : [])));
  return hits.filter(({ from, to, name, located, dateline }, position) => {
    const { city, country } = name;
    const next = hits[position + 1];
    if (name.kind === 'institution')
      return (
        !borrowed.has(country.code) &&
        ![...(name.alsoOf ?? [])].some((code) => named.has(code)) &&
        !isBranch(tokens, { from, to, name }, next)
      );
    if (city === undefined) return name.kind !== 'country' || !isTownOfState(tokens, { to, name }, next);
    // "Paris, Texas": another city of that name.
    if (next?.from === to && tokens[to]?.gap === 'comma' && isStateElsewhere(next.name, country.code)) return false;
    if (dateline) return true;
    // "IN SURPRISE DEFEAT" is no town in Arizona, "at Stamford Bridge" none in Connecticut.
    if (city.rank === 0 && (tokens[from]?.shape !== 'capital' || goesOn(tokens, to))) return false;
    if (city.rank === 0 && city.thousands < SMALL_CITY_THOUSANDS && !countries.has(country.code)) return false;
    if (located) return true;
    const key = tokens
      .slice(from, to)
      .map((token) => token.key)
      .join('-');
    if (next?.from === to && next.name.country.code === country.code && next.name.kind !== 'demonym') return true;
    if (DOUBTFUL_CITIES.has(key) || ALSO_PEOPLE.has(key)) return city.rank > 0 && !DOUBTFUL_CITIES.has(key);
    return city.rank > 0 || city.thousands >= KNOWN_CITY_THOUSANDS || (to - from > 1 && countries.has(country.code));
  });
}

/** "The Philippine Securities and Exchange Commission", "the … of Pakistan": another country's institution of that name. */
function isBorrowed(hits: readonly PlaceHit[], at: number, tokens: readonly Token[]): boolean {
  const [before, hit, next] = [hits[at - 1], hits[at] as PlaceHit, hits[at + 1]];
  if (hit.name.kind !== 'institution') return false;
  const isElsewhere = (other: PlaceHit): boolean => other.name.country.code !== hit.name.country.code;
  if (before?.to === hit.from && tokens[hit.from]?.gap === 'space' && isElsewhere(before)) return true;
  return next?.from === hit.to + 1 && tokens[hit.to]?.key === 'of' && isElsewhere(next);
}

/** "Nasdaq Stockholm": the exchange there. */
function isBranch(
  tokens: readonly Token[],
  { from, to, name }: Pick<PlaceHit, 'from' | 'to' | 'name'>,
  next: PlaceHit | undefined,
): boolean {
  if (next?.from !== to || tokens[to]?.gap !== 'space') return false;
  return EXCHANGES.has(tokens[from]?.key ?? '') && next.name.country.code !== name.country.code;
}

/** "Lebanon, New Hampshire": a town of that name. In a list ("France, California and Japan") it is the country. */
function isTownOfState(
  tokens: readonly Token[],
  { to, name }: Pick<PlaceHit, 'to' | 'name'>,
  next: PlaceHit | undefined,
): boolean {
  if (next?.from !== to || tokens[to]?.gap !== 'comma' || next.name.country.code !== 'US') return false;
  // Its neighbours are named beside its states.
  if (!isStateElsewhere(next.name, name.country.code) || name.country.code === 'MX' || name.country.code === 'CA')
    return false;
  const behind = tokens[next.to];
  const isMore = behind?.key === 'and' || behind?.key === 'or';
  return !isMore && !(behind?.gap === 'comma' && isCapital(behind));
}

function isStateElsewhere({ kind, country }: PlaceName, code: string): boolean {
  return kind === 'region' && country.code !== code;
}

function goesOn(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at];
  return next !== undefined && next.gap === 'space' && (next.shape === 'capital' || next.shape === 'capitals');
}
