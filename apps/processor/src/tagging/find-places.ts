/** Which countries and cities a text is about. Precision before recall: what may be a person, a club or a paper is left out. Pure. */
import { isDatelineAfterByline } from './byline.js';
import { isMoney } from './money-names.js';
import { isCapital, isLowWord } from './name-shapes.js';
import { LEGAL_CAPITALS, LEGAL_FORMS } from './name-words.js';
import type { PlaceIndex, PlaceName } from './place-index.js';
import {
  ALSO_PEOPLE,
  AMERICA,
  AMERICAN_STATE,
  CAUCASUS,
  DOUBTFUL_CITIES,
  LOCATIVE,
  MAKES_NO_PLACE,
  MAKES_NO_PLACE_BEFORE,
  NAMESAKES,
  NEAR_CAUCASUS,
  PLACE_NOUNS,
  SPEECH,
  TREATIES,
} from './place-words.js';
import type { Token } from './text-tokens.js';

/** A place in the text: words `from` to `to` (not included). `dateline`: the city that the report was written in. */
export interface PlaceHit {
  from: number;
  to: number;
  name: PlaceName;
  located: boolean;
  dateline: boolean;
}

/** `title`: how many of the words are the title's. `text` is what the tokens were cut from. */
export interface PlaceQuestion {
  text: string;
  tokens: readonly Token[];
  title: number;
  language: string | null;
  isFirstName: (word: string) => boolean;
}

/** How far behind a city's name a firm's legal form may stand. */
const MAX_FIRM_WORDS = 4;

/** All names of places, in order, none over another; those that are nothing of the kind are left out already. */
export function placeHits(question: PlaceQuestion, index: PlaceIndex): PlaceHit[] {
  const { tokens, language } = question;
  const [names, cities] = [index.countryNames(language), index.cityNames];
  const hits: PlaceHit[] = [];
  const surnames = new Set<string>();
  for (let from = 0; from < tokens.length;) {
    const [inNames, inCities] = [names.longest(tokens, from), cities.longest(tokens, from)];
    const match = (inCities?.length ?? 0) > (inNames?.length ?? 0) ? inCities : (inNames ?? inCities);
    if (match === undefined) {
      from += 1;
      continue;
    }
    const to = from + match.length;
    const name = choose(question, match.values, from, to);
    if (name !== undefined) {
      const dateline = name.kind === 'city' && isDateline(question, from, to);
      const located = dateline || LOCATIVE.has(tokens[from - 1]?.key ?? '');
      const hit = { from, to, name, located, dateline };
      if (isSurname(question, hit)) {
        const { key } = tokens[from] as Token;
        if (ALSO_PEOPLE.has(key) || DOUBTFUL_CITIES.has(key)) surnames.add(key);
      } else if (accepted(question, hit)) hits.push(hit);
    }
    from = to;
  }
  return surnames.size === 0 ? hits : withoutSurnames(hits, tokens, surnames);
}

/** Which of a phrase's meanings is meant, by how it is written and what the text says besides. */
function choose(
  { text, tokens }: PlaceQuestion,
  values: readonly PlaceName[],
  from: number,
  to: number,
): PlaceName | undefined {
  const [first, last] = [tokens[from] as Token, tokens[to - 1] as Token];
  const fitting = values.filter((name) => {
    if (name.exact?.startsWith(', ') === true)
      return (
        first.gap === 'comma' &&
        (first.dotted || first.raw.endsWith('.') || first.shape === 'capitals') &&
        first.raw.replace(/\.$/, '') === name.exact.slice(2)
      );
    if (name.exact !== undefined) return first.raw === name.exact && !isShouted(tokens, from);
    return name.small === true || (first.shape !== 'small' && last.shape !== 'small');
  });
  const georgia = fitting.find(({ kind, country }) => kind === 'country' && country.code === 'GE');
  if (georgia !== undefined && fitting.length > 1) {
    return first.gap === 'comma' || isAmericanGeorgia(text) ? fitting.find(({ kind }) => kind === 'region') : georgia;
  }
  // "Georgians" live in both.
  if (fitting[0]?.country.code === 'GE' && first.key === 'georgians' && isAmericanGeorgia(text)) return undefined;
  return fitting[0];
}

function isAmericanGeorgia(text: string): boolean {
  if (CAUCASUS.test(text)) return false;
  return AMERICAN_STATE.test(text) || (AMERICA.test(text) && !NEAR_CAUCASUS.test(text));
}

/** Its neighbours are in capitals too, so that "US" may be "us". */
function isShouted(tokens: readonly Token[], at: number): boolean {
  const neighbours = [tokens[at - 1], tokens[at + 1]].filter((token) => token !== undefined);
  return neighbours.length > 0 && neighbours.every(({ shape, raw }) => shape === 'capitals' && raw.length > 2);
}

/** "WASHINGTON, Feb 26 -", "PARIS (AP) —": the first words of the body. */
function isDateline({ tokens, title }: PlaceQuestion, from: number, to: number): boolean {
  const isAfterByline = isDatelineAfterByline(tokens, title, from);
  if (from < title || (from > title + 3 && !isAfterByline)) return false;
  const next = tokens[to];
  const beginsLine = from === title || tokens[from]?.gap === 'break' || isAfterByline;
  return (
    beginsLine &&
    next !== undefined &&
    (next.gap === 'comma' || next.gap === 'bracket' || next.gap === 'break' || next.shape === 'number')
  );
}

/** "Michael Jordan", "Jack London", "Booker T. Washington", "Mr Ireland": what stands before makes a surname of it. */
function isSurname({ tokens, isFirstName }: PlaceQuestion, { from, to, name, dateline }: PlaceHit): boolean {
  const [before, first] = [tokens[from - 1], tokens[from] as Token];
  if (to - from > 1 || dateline || name.kind === 'none' || before === undefined) return false;
  if (first.gap !== 'space' || before.shape !== 'capital' || before.possessive) return false;
  return (
    isFirstName(before.raw) ||
    (before.raw.length === 1 && before.dotted && first.shape === 'capital') ||
    /^(mr|mrs|ms|dr|sir|lord|lady|miss)$/.test(before.key)
  );
}

/** Where a person was named in full, the surname alone is that person, unless the text is of the place as well. */
function withoutSurnames(
  hits: readonly PlaceHit[],
  tokens: readonly Token[],
  surnames: ReadonlySet<string>,
): PlaceHit[] {
  const isBare = ({ from, to, name, located }: PlaceHit): boolean =>
    to - from === 1 && !located && name.kind !== 'demonym' && surnames.has(tokens[from]?.key ?? '');
  const places = new Set(hits.filter((hit) => !isBare(hit)).map(({ name }) => name.country.code));
  return hits.filter((hit) => !isBare(hit) || places.has(hit.name.country.code));
}

function accepted({ text, tokens, title }: PlaceQuestion, hit: PlaceHit): boolean {
  const { from, to, name } = hit;
  if (name.kind === 'none') return false;
  // "(NYSE: QUIL)": American exchanges list firms of everywhere.
  if (name.kind === 'institution' && text[tokens[to - 1]?.end ?? 0] === ':') return false;
  const [before, first, next] = [tokens[from - 1], tokens[from] as Token, tokens[to]];
  const after =
    next !== undefined && (next.gap === 'space' || next.gap === 'hyphen') && next.shape !== 'small' ? next : undefined;
  const leading = before !== undefined && first.gap === 'space' && before.shape !== 'small' ? before : undefined;
  // "French-speaking", "the Spanish language": of the language, wherever it is spoken.
  if (name.kind === 'demonym' && (next?.gap === 'space' || next?.gap === 'hyphen') && SPEECH.has(next.key))
    return false;
  // "US$20 million".
  if (text[tokens[to - 1]?.end ?? 0] === '$') return false;
  if (isMoney(tokens, hit, title)) return false;
  if (to - from === 1 && isNamesake(tokens, from)) return false;
  if (to - from === 1 && !hit.dateline) {
    // "Paris Hilton": a first name itself.
    if (
      after?.shape === 'capital' &&
      first.shape === 'capital' &&
      !first.possessive &&
      ALSO_PEOPLE.has(first.key) &&
      name.kind !== 'demonym'
    )
      if (!PLACE_NOUNS.has(after.key) && next?.gap === 'space')
        return MAKES_NO_PLACE.has(after.key) ? false : isWordOfPlace(before);
  }
  if (name.kind !== 'city') return true;
  if (next?.gap === 'space' && TREATIES.has(next.key)) return false;
  if (after !== undefined && MAKES_NO_PLACE.has(after.key) && next?.gap === 'space') return false;
  if (leading !== undefined && !isLowWord(leading) && !leading.possessive && !first.possessive && isFirmTo(tokens, to))
    return false;
  if (leading !== undefined && MAKES_NO_PLACE_BEFORE.has(leading.key)) return false;
  return true;
}

/** "First Boston | Ltd", "Rugby Portland | Cement Plc": the row of capital letters goes on to a legal form. */
function isFirmTo(tokens: readonly Token[], from: number): boolean {
  for (let at = from; at < from + MAX_FIRM_WORDS; at += 1) {
    const token = tokens[at];
    if (token === undefined || token.gap !== 'space' || !isCapital(token)) return false;
    // "Fire Hits Mumbai Plant Of Quillfeather Ltd": the firm begins behind it.
    if (token.key === 'of' || LOCATIVE.has(token.key)) return false;
    if (LEGAL_FORMS.has(token.key) || LEGAL_CAPITALS.has(token.raw)) return true;
  }
  return false;
}

/** "French fries", "a Panama hat": a thing, and no country. */
function isNamesake(tokens: readonly Token[], from: number): boolean {
  const things = NAMESAKES.get(tokens[from]?.key ?? '');
  const [one, two] = [tokens[from + 1], tokens[from + 2]];
  if (things === undefined || one?.gap !== 'space') return false;
  return things.includes(one.key) || (two?.gap === 'space' && things.includes(`${one.key} ${two.key}`));
}

function isWordOfPlace(token: Token | undefined): boolean {
  return token !== undefined && LOCATIVE.has(token.key);
}
