/** Which people and organisations a text names, typed. Precision before recall: a wrong tag is worse than none. Pure. */
import type { NameIndex } from './name-index.js';
import {
  AGENCIES,
  DAYS,
  FAMILY_FIRST,
  FIRM_VERBS,
  HIGH_TITLES,
  LEGAL_CAPITALS,
  LEGAL_FORMS,
  NEVER_PEOPLE,
  ORG_FIRST,
  ORG_LAST,
  PARTICLES,
  ROYAL_TITLES,
  SAYING,
  TITLES,
} from './name-words.js';
import { type Token, written } from './text-tokens.js';

/** `taken`: words that are names of places by themselves. `title`: how many words are the title's. */
export interface NameQuestion {
  text: string;
  tokens: readonly Token[];
  title: number;
  language: string | null;
  taken: ReadonlyMap<number, number>;
}

export interface FoundName {
  scheme: 'person' | 'organisation';
  name: string;
  confidence: number;
  mentions: number;
  /** Why: "first name", "title", "known", "legal form"… */
  cue: string;
}

const MAX_PEOPLE = 15;
const MAX_ORGANISATIONS = 12;
/** Longer rows of capital letters are headlines or lists. */
const MAX_SPAN = 7;

/** Small words that have a capital letter at a sentence's start only. */
const ARTICLES = new Set(
  'the a an and but in on at for as if when by from to with his her its their der die das ein eine le la les un une el los las il lo gli'.split(
    ' ',
  ),
);

interface Organisation {
  from: number;
  to: number;
  confidence: number;
  cue: string;
}

/** Languages that write every noun with a capital letter: there only a first name or a legal form tells. */
const NOUNS_IN_CAPITALS = new Set(['de', 'lb']);

export class NameFinder {
  constructor(private readonly index: NameIndex) {}

  find(question: NameQuestion): FoundName[] {
    const found = new Gathered();
    const { tokens, title } = question;
    const isHeadline = title > 0 && isHeadlineCase(tokens.slice(0, title));
    for (let from = 0; from < tokens.length;) {
      const known = this.knownOrganisation(question, from);
      if (known !== undefined) {
        if (!isCredit(tokens, from, known.to)) found.organisation(known.name, 0.9, 'known', known.name);
        from = known.to;
        continue;
      }
      const first = tokens[from] as Token;
      // "The Bundestag": the article has its capital letter from the sentence.
      const isArticle = first.starts && first.shape === 'capital' && ARTICLES.has(first.key);
      const to = isArticle || (from < title && isHeadline) ? from : this.spanEnd(question, from);
      if (to > from) this.read(question, from, to, found);
      from = Math.max(to, from + 1);
    }
    return found.names();
  }

  /** Where the row of capital letters that begins here ends; `from` when none does. Over small particles it goes on. */
  private spanEnd(question: NameQuestion, from: number): number {
    const { tokens, title } = question;
    if (!isCapital(tokens[from] as Token)) return from;
    let end = from + 1;
    while (end < tokens.length && end - from < MAX_SPAN && end !== title) {
      const [token, before] = [tokens[end] as Token, tokens[end - 1] as Token];
      if (token.gap !== 'space' && token.gap !== 'hyphen') break;
      if (before.possessive || this.knownOrganisation(question, end) !== undefined) break;
      if (isCapital(token) || token.key === '&') end += 1;
      else if (joins(tokens, end)) end += 2;
      else if (isSecondSyllable(tokens, end)) end += 1;
      else break;
    }
    return Math.min(end, tokens.length);
  }

  private knownOrganisation({ tokens }: NameQuestion, from: number): { name: string; to: number } | undefined {
    const match = this.index.organisations.longest(tokens, from);
    if (match === undefined) return undefined;
    const to = from + match.length;
    const [first, last, next] = [tokens[from] as Token, tokens[to - 1] as Token, tokens[to]];
    const known = match.values.find(
      ({ raws, possessive, doubtful }) =>
        raws.every(
          (raw, at) =>
            raw === tokens[from + at]?.raw || (raw.length > 4 && raw.toUpperCase() === tokens[from + at]?.raw),
        ) &&
        (!possessive || last.possessive) &&
        !(doubtful && first.starts && !(last.possessive || FIRM_VERBS.has(next?.key ?? ''))),
    );
    if (known === undefined) return undefined;
    // "Ford Coppola", "Apple Martin": part of a longer name; its last word decides.
    const before = tokens[from - 1];
    if (first.gap === 'space' && before !== undefined && this.index.isFirstName(before.raw)) return undefined;
    const goesOn = next !== undefined && next.gap === 'space' && isCapital(next) && !last.possessive;
    if (goesOn && known.doubtful) return undefined;
    // "U.N. Security Council", "Ford Foundation": a longer name, that its own last word tells.
    for (let at = to; goesOn && at < to + 3; at += 1) {
      const token = tokens[at];
      if (token === undefined || !isCapital(token) || token.gap !== 'space') break;
      if (ORG_LAST.has(token.key)) return undefined;
    }
    return { name: known.name, to };
  }

  /** A row of words with capital letters: an organisation by its words, else people. */
  private read(question: NameQuestion, from: number, to: number, found: Gathered): void {
    const { tokens } = question;
    const organisation = organisationIn(question, from, to);
    if (organisation !== undefined) {
      const name = written(question.text, tokens, organisation.from, organisation.to);
      found.organisation(name, organisation.confidence, organisation.cue, name);
      if (organisation.from > from) this.people(question, from, organisation.from, found);
      return;
    }
    this.people(question, from, to, found);
  }

  private people(question: NameQuestion, from: number, to: number, found: Gathered): void {
    const { tokens, taken, text } = question;
    for (let at = from; at < to;) {
      const token = tokens[at] as Token;
      const before = tokens[at - 1];
      const title = before !== undefined && token.gap === 'space' ? before.key : '';
      const titled = TITLES.has(title) || ROYAL_TITLES.has(title);
      const first = token.shape === 'capital' && this.index.isFirstName(token.raw) && !NEVER_PEOPLE.has(token.key);
      const familyFirst = token.shape === 'capital' && FAMILY_FIRST.has(token.key);
      const initials = token.raw.endsWith('.') || (token.raw.length === 1 && token.dotted);
      const end = nameEnd(tokens, at, to, taken);
      const words = end - at;
      if (isNoName(token, taken, at, first) || words === 0) {
        at += Math.max(1, (taken.get(at) ?? at) - at);
        continue;
      }
      if (words >= 2) {
        const cue = titled
          ? 'title'
          : first
            ? 'first name'
            : familyFirst && words <= 3
              ? 'family name'
              : initials
                ? 'initials'
                : this.afterCue(tokens, end, question, at);
        if (cue !== undefined && !isShadowed(tokens, at, end)) {
          const known = first || titled || cue === 'family name';
          found.person(written(text, tokens, at, end), known ? 0.85 : 0.8, cue, tokens[end - 1]?.raw ?? '');
          at = end;
          continue;
        }
      }
      if (words === 1 && token.shape === 'capital') found.surname(token.raw, titled ? title : '', before?.raw ?? '');
      at += 1;
    }
  }

  /** What follows two unknown words with capital letters: an age, a country in brackets, a verb of saying. */
  private afterCue(
    tokens: readonly Token[],
    end: number,
    { language, taken }: NameQuestion,
    from: number,
  ): string | undefined {
    if (NOUNS_IN_CAPITALS.has(language ?? '') || end - from > 3) return undefined;
    for (let at = from + 1; at < end; at += 1) if (this.index.isFirstName(tokens[at]?.raw ?? '')) return undefined;
    const [next, after] = [tokens[end], tokens[end + 1]];
    if (next === undefined) return undefined;
    if (
      next.gap === 'comma' &&
      next.shape === 'number' &&
      /^\d\d$/.test(next.raw) &&
      (after?.gap === 'comma' || after?.key === 'ans')
    )
      return 'age';
    if (next.gap === 'bracket' && taken.has(end) && after?.gap === 'bracket') return 'country in brackets';
    if (tokens[from]?.starts !== true && next.gap === 'space' && SAYING.has(next.key) && next.shape === 'small')
      return 'says';
    return undefined;
  }
}

/** The organisation in a row of capital letters, by its last word, its first word, its legal form or its abbreviation. */
function organisationIn({ tokens, taken, language }: NameQuestion, from: number, to: number): Organisation | undefined {
  let start = from;
  // A first word of the sentence that is everyday is no part of it; nor is "the".
  while (start < to && isLowWord(tokens[start] as Token)) start += 1;
  if ((taken.get(start) ?? 0) >= to || to - start < 2) return undefined;
  const isList =
    tokens[start - 1]?.key === 'and' && tokens[start - 2] !== undefined && isCapital(tokens[start - 2] as Token);
  for (let at = to - 1; at > start; at -= 1) {
    const token = tokens[at] as Token;
    if (!isCapital(token)) continue;
    if (LEGAL_FORMS.has(token.key) || LEGAL_CAPITALS.has(token.raw))
      return { from: start, to: at + 1, confidence: 0.9, cue: 'legal form' };
    if (
      at === to - 1 &&
      !isList &&
      ORG_LAST.has(token.key) &&
      token.shape === 'capital' &&
      !NOUNS_IN_CAPITALS.has(language ?? '')
    )
      return { from: start, to: at + 1, confidence: 0.8, cue: 'kind' };
  }
  if (isAbbreviated(tokens, start, to)) return { from: start, to, confidence: 0.9, cue: 'abbreviation' };
  for (let at = start; at < to - 2; at += 1)
    if (ORG_FIRST.has(tokens[at]?.key ?? '') && /^(of|for|de|di|della|für|der)$/.test(tokens[at + 1]?.key ?? ''))
      return { from: start, to, confidence: 0.8, cue: 'kind' };
  return undefined;
}

/** "Economic Community of Northern States (ECNS)". */
function isAbbreviated(tokens: readonly Token[], from: number, to: number): boolean {
  const next = tokens[to];
  if (next === undefined || next.gap !== 'bracket' || next.shape !== 'capitals' || next.raw.length < 3) return false;
  const initials = tokens
    .slice(from, to)
    .filter(isCapital)
    .map(({ raw }) => raw[0]);
  return initials.join('') === next.raw;
}

/** Words that begin a sentence without being a name's part. */
function isLowWord(token: Token): boolean {
  if (DAYS.has(token.key) || (ARTICLES.has(token.key) && token.shape !== 'capitals')) return true;
  return token.starts && NEVER_PEOPLE.has(token.key) && token.shape === 'capital';
}

function isCapital({ shape }: Token): boolean {
  return shape === 'capital' || shape === 'capitals';
}

/** "Chang Chi-cheng": given names in two syllables, after a family name that stands first. */
function isSecondSyllable(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  return token?.gap === 'hyphen' && token.shape === 'small' && FAMILY_FIRST.has(tokens[at - 2]?.key ?? '');
}

/** A small word in a name's middle: "de", "van der", and "of" or "and" in an organisation's. */
function joins(tokens: readonly Token[], at: number): boolean {
  const [token, next, before] = [tokens[at], tokens[at + 1], tokens[at - 1]];
  if (token === undefined || next === undefined || token.shape !== 'small') return false;
  if (next.gap !== 'space' && next.gap !== 'hyphen') return false;
  if (PARTICLES.has(token.key)) return isCapital(next) || PARTICLES.has(next.key);
  return (
    isCapital(next) && (token.key === 'of' || token.key === 'for') && before !== undefined && ORG_FIRST.has(before.key)
  );
}

/** Where a person's name that begins here ends: two to four words, none of them another's. */
function nameEnd(tokens: readonly Token[], from: number, to: number, taken: ReadonlyMap<number, number>): number {
  let end = from;
  while (end < to && end - from < 6) {
    const token = tokens[end] as Token;
    if (token.key === '&') break;
    if (token.shape === 'small') {
      if (isSecondSyllable(tokens, end)) return end + 1;
      if (end === from || !PARTICLES.has(token.key)) break;
    } else if (token.shape === 'capitals' && token.raw.length < 3 && !token.dotted && end > from) break;
    else if (end > from && (NEVER_PEOPLE.has(token.key) || TITLES.has(token.key) || ORG_LAST.has(token.key))) break;
    // A place may be a family name, but not in the middle of a name.
    else if (end > from && taken.has(end) && end > from + 1) break;
    end += 1;
    if (token.possessive) break;
  }
  while (end > from && tokens[end - 1]?.shape === 'small') end -= 1;
  return end;
}

function isNoName(token: Token, taken: ReadonlyMap<number, number>, at: number, first: boolean): boolean {
  if (!isCapital(token)) return true;
  if (taken.has(at)) return true;
  return (
    !first &&
    (NEVER_PEOPLE.has(token.key) || TITLES.has(token.key) || ROYAL_TITLES.has(token.key) || ORG_LAST.has(token.key))
  );
}

/** Everything in capitals: a headline inside the text, whose words say nothing. */
function isShadowed(tokens: readonly Token[], from: number, to: number): boolean {
  return tokens.slice(from, to).every(({ shape, raw }) => shape === 'capitals' || raw.length === 1);
}

function isCredit(tokens: readonly Token[], from: number, to: number): boolean {
  return AGENCIES.has(tokens[from]?.key ?? '') && (tokens[from]?.gap === 'bracket' || tokens[to]?.gap === 'bracket');
}

function isHeadlineCase(title: readonly Token[]): boolean {
  const words = title.filter(({ shape, raw }) => shape !== 'number' && raw.length > 3);
  const capital = words.filter(isCapital).length;
  return words.length > 3 && capital / words.length > 0.75;
}

/** Gathers mentions: a family name alone is the person whose full name was read. */
class Gathered {
  private readonly found = new Map<string, FoundName>();
  private readonly surnames = new Map<string, { mentions: number; title: string; written: string }>();

  person(name: string, confidence: number, cue: string, surname: string): void {
    this.add('person', name.replace(/\s+/g, ' '), confidence, cue);
    if (surname !== '') this.surnames.delete(surname);
  }

  organisation(name: string, confidence: number, cue: string, written: string): void {
    this.add(
      'organisation',
      (cue === 'known' ? name : written).replace(/\s+/g, ' ').replace(/^The /, ''),
      confidence,
      cue,
    );
  }

  surname(name: string, title: string, before: string): void {
    const seen = this.surnames.get(name) ?? { mentions: 0, title: '', written: '' };
    seen.mentions += 1;
    if (HIGH_TITLES.has(title) && seen.title === '') {
      seen.title = title;
      seen.written = before;
    }
    this.surnames.set(name, seen);
  }

  names(): FoundName[] {
    const people = this.of('person');
    for (const [name, { mentions, title, written: asWritten }] of this.surnames) {
      const owner = people.find((person) => person.name.endsWith(` ${name}`) || person.name.startsWith(`${name} `));
      if (owner !== undefined) owner.mentions += mentions;
      else if (title !== '') {
        const shown = ROYAL_TITLES.has(title) && /^\p{Lu}/u.test(asWritten) ? `${asWritten} ${name}` : name;
        people.push({ scheme: 'person', name: shown, confidence: 0.8, mentions, cue: 'title' });
      }
    }
    return [...first(people, MAX_PEOPLE), ...first(this.of('organisation'), MAX_ORGANISATIONS)];
  }

  private of(scheme: FoundName['scheme']): FoundName[] {
    return [...this.found.values()].filter((one) => one.scheme === scheme);
  }

  private add(scheme: FoundName['scheme'], name: string, confidence: number, cue: string): void {
    const key = `${scheme}/${name}`;
    const seen = this.found.get(key);
    if (seen === undefined) this.found.set(key, { scheme, name, confidence, mentions: 1, cue });
    else seen.mentions += 1;
  }
}

/** The most named, in the order of the text. */
function first(names: FoundName[], limit: number): FoundName[] {
  const kept = new Set([...names].sort((a, b) => b.mentions - a.mentions).slice(0, limit));
  return names
    .filter((name) => kept.has(name))
    .map((name) => ({
      ...name,
      confidence: Math.round(Math.min(0.97, name.confidence + 0.03 * (name.mentions - 1)) * 100) / 100,
    }));
}
