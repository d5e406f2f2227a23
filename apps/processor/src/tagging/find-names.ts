/** Which people and organisations a text names, typed. Precision before recall: a wrong tag is worse than none. Pure. */
import { isDatelineAfterByline } from './byline.js';
import { organisationIn } from './find-organisation.js';
import { type FoundName, GatheredNames } from './gathered-names.js';
import { bracketed, isCapitalWord, joined, joinedByAnd } from './joined-names.js';
import { ListedOrganisations } from './listed-organisations.js';
import type { NameIndex } from './name-index.js';
import {
  ARTICLES,
  isCapital,
  isCredit,
  isHeadlineCase,
  isLowWord,
  isShouted,
  type NameQuestion,
  NOUNS_IN_CAPITALS,
  ROMANCE,
} from './name-shapes.js';
import {
  FAMILY_FIRST,
  ALSO_FIRST_NAMES,
  LED_BODIES,
  NEVER_PEOPLE,
  NOT_AFTER_FIRST_NAMES,
  ORG_LAST,
  OWNERS,
  PARTICLES,
  ROYAL_TITLES,
  TITLES,
} from './name-words.js';
import { shortForm, wholeName } from './whole-names.js';
import { organisationCue } from './organisation-cues.js';
import { listedPeople } from './people-lists.js';
import { isPlaced, isRole, personCue } from './person-cues.js';
import { type Token, written } from './text-tokens.js';

/** Longer rows of capital letters are headlines or lists. */
const MAX_SPAN = 7;

export class NameFinder {
  constructor(private readonly index: NameIndex) {}

  find(question: NameQuestion): FoundName[] {
    const found = new GatheredNames();
    const { tokens, title, text, taken } = question;
    const isHeadline = title > 0 && isHeadlineCase(tokens.slice(0, title));
    const isCapitals = isShouted(tokens.slice(0, title));
    const listed = new ListedOrganisations(this.index, question);
    for (let from = 0; from < tokens.length;) {
      const known = listed.at(from);
      if (known !== undefined) {
        if (known.name !== '' && !isCredit(tokens, from, known.to)) {
          if (isCapitals && from < title && known.word) found.perhaps(known.name);
          else found.organisation(known.name, 0.9, 'known', known.name);
        }
        from = known.to;
        continue;
      }
      if (listed.isCode(from)) {
        from += 1;
        continue;
      }
      const first = tokens[from] as Token;
      // "The Bundestag": the article has its capital letter from the sentence.
      const isArticle = first.starts && first.shape === 'capital' && ARTICLES.has(first.key);
      const to = isArticle || (from < title && isHeadline) ? from : spanEnd(question, from, listed);
      if (to > from) this.read(question, from, to, found, listed);
      from = Math.max(to, from + 1);
    }
    for (const { from, to } of listedPeople(found.listed, tokens, taken))
      found.person(written(text, tokens, from, to), 0.8, 'company in a list', tokens[to - 1]?.raw ?? '');
    return found.names();
  }

  /** A row of words with capital letters: an organisation by its words, else people. */
  private read(
    question: NameQuestion,
    from: number,
    to: number,
    found: GatheredNames,
    listed: ListedOrganisations,
  ): void {
    const { tokens, language } = question;
    const [body, person] = [tokens[from] as Token, tokens[from + 1]];
    if (ROMANCE.has(language ?? '') && LED_BODIES.has(body.key) && person?.shape === 'capital' && from + 2 < to)
      if (this.index.isFirstName(person.raw)) return this.people(question, from + 1, to, found);
    const organisation = organisationIn(question, from, to);
    if (organisation !== undefined) {
      const name = wholeName(question, { ...organisation, row: from }, listed);
      if (name !== undefined) {
        found.organisation(name, organisation.confidence, organisation.cue, name);
        found.letters(shortForm(question, organisation.to), name);
      }
      if (organisation.from > from) this.people(question, from, organisation.from, found);
      // "Quillfeather Inc. Marrow Ltd": another sentence.
      if (tokens[organisation.to - 1]?.dotted === true && organisation.to < to)
        this.read(question, organisation.to, to, found, listed);
      return;
    }
    let start = from;
    while (start < to && isLowWord(tokens[start] as Token)) start += 1;
    const cue = start < to ? organisationCue(question, start, to, this.index.isFirstName) : undefined;
    if (cue !== undefined) {
      const name = written(question.text, tokens, start, to);
      found.organisation(name, 0.8, cue, name);
      return;
    }
    this.people(question, from, to, found);
  }

  private people(question: NameQuestion, from: number, to: number, found: GatheredNames): void {
    const { tokens, taken, text } = question;
    for (let at = from; at < to;) {
      const token = tokens[at] as Token;
      const before = tokens[at - 1];
      const title = before !== undefined && token.gap === 'space' && !before.possessive ? before.key : '';
      const titled = TITLES.has(title) || ROYAL_TITLES.has(title) || (title !== '' && isRole(before));
      const first = token.shape === 'capital' && this.index.isFirstName(token.raw) && !isWord(tokens, at);
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
                : personCue(question, at, end, this.index.isFirstName);
        if (cue !== undefined && !isShadowed(tokens, at, end)) {
          const known = first || titled || cue === 'family name';
          found.person(written(text, tokens, at, end), known ? 0.85 : 0.8, cue, tokens[end - 1]?.raw ?? '');
          found.listed.push({ from: at, to: end, sure: true });
          at = end;
          continue;
        }
      }
      if (words === 1 && token.shape === 'capital') found.surname(token.raw, titled ? title : '', before?.raw ?? '');
      at += 1;
    }
    if ((found.listed.at(-1)?.to ?? 0) <= from && isListable(question, from, to))
      found.listed.push({ from, to, sure: false });
  }
}

/** Where the row of capital letters that begins here ends; `from` when none does. Over small particles it goes on. */
function spanEnd(question: NameQuestion, from: number, listed: ListedOrganisations): number {
  const { text, tokens, title } = question;
  if (!isCapital(tokens[from] as Token)) return from;
  let [end, words] = [from + 1, 1];
  for (; end < tokens.length && words < MAX_SPAN && end !== title; words += 1) {
    const [token, before] = [tokens[end] as Token, tokens[end - 1] as Token];
    const inBrackets = bracketed(text, tokens, end);
    if (inBrackets === 0 && token.gap !== 'space' && token.gap !== 'hyphen') break;
    if (from === title && isDatelineAfterByline(tokens, title, end)) break;
    if ((before.possessive && !OWNERS.has(before.key)) || listed.isListed(end)) break;
    const further = inBrackets > 0 ? inBrackets : wordsFurther(question, from, end, listed);
    if (further === 0) break;
    end += further;
  }
  return Math.min(end, tokens.length);
}

/** How many words further a name goes on at `end`; 0 where it ends. */
function wordsFurther(question: NameQuestion, from: number, end: number, listed: ListedOrganisations): number {
  const token = question.tokens[end] as Token;
  if (isCapital(token) || token.key === '&') return 1;
  const over = joined(question, from, end, listed);
  if (over > 0) return over;
  if (isSecondSyllable(question.tokens, end)) return 1;
  return token.key === 'and' && joinedByAnd(question, from, end, listed) === 'one' ? 2 : 0;
}

/** "Chang Chi-cheng": given names in two syllables, after a family name that stands first. */
function isSecondSyllable(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  return token?.gap === 'hyphen' && token.shape === 'small' && FAMILY_FIRST.has(tokens[at - 2]?.key ?? '');
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
    // "Sackville-West": the second half of a name may be any word.
    else if (end > from && token.gap !== 'hyphen' && isNoPart(token)) break;
    // A place may be a family name, but not in the middle of a name.
    else if (end > from && taken.has(end) && end > from + 1) break;
    end += 1;
    if (token.possessive) break;
  }
  while (end > from && tokens[end - 1]?.shape === 'small') end -= 1;
  return end;
}

function isNoPart({ key, raw, dotted }: Token): boolean {
  // "Robert A. Quillfeather": an initial is no article.
  if (raw.length === 1 && dotted) return false;
  return NEVER_PEOPLE.has(key) || TITLES.has(key) || ORG_LAST.has(key);
}

/** "The Harbour Bill", "Christian Democrats": a word here, that is a first name elsewhere ("Bill Quillfeather"). */
function isWord(tokens: readonly Token[], at: number): boolean {
  const [before, token, next] = [tokens[at - 1], tokens[at] as Token, tokens[at + 1]];
  if (!NEVER_PEOPLE.has(token.key)) return false;
  const isInside = before !== undefined && token.gap === 'space' && isCapital(before);
  if (isInside && !TITLES.has(before.key) && !isLowWord(before)) return true;
  return !isCapitalWord(next) || NOT_AFTER_FIRST_NAMES.test(next?.key ?? '') || !ALSO_FIRST_NAMES.has(token.key);
}

/** It could be the name of one in a list: two or three words as names are written, and small particles. */
function isListable({ tokens, language, taken }: NameQuestion, from: number, to: number): boolean {
  const words = tokens.slice(from, to).filter(({ shape }) => shape !== 'small');
  return (
    words.length > 1 &&
    words.length <= 3 &&
    !NOUNS_IN_CAPITALS.has(language ?? '') &&
    words.every(({ shape, possessive }) => shape === 'capital' && !possessive) &&
    !isPlaced(taken, from, to) &&
    nameEnd(tokens, from, to, taken) === to &&
    !isNoName(tokens[from] as Token, taken, from, false)
  );
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
