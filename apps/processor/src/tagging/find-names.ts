/** Which people and organisations a text names, typed. Precision before recall: a wrong tag is worse than none. Pure. */
import { isDatelineAfterByline } from './byline.js';
import { organisationIn } from './find-organisation.js';
import { findPeople } from './find-people.js';
import { type FoundName, GatheredNames } from './gathered-names.js';
import { bracketed, joined, joinedByAnd } from './joined-names.js';
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
  ROMANCE,
} from './name-shapes.js';
import { LED_BODIES, OWNERS, TITLES } from './name-words.js';
import { shortForm, wholeName } from './whole-names.js';
import { organisationCue } from './organisation-cues.js';
import { listedPeople } from './people-lists.js';
import { isInitial, isSecondSyllable } from './person-shapes.js';
import { type Token, written } from './text-tokens.js';

/** Longer rows of capital letters are headlines or lists. */
const MAX_SPAN = 9;

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
          else found.organisation(known.name, 0.9, 'known');
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
    const { text, tokens, language } = question;
    const [body, person] = [tokens[from] as Token, tokens[from + 1]];
    if (ROMANCE.has(language ?? '') && LED_BODIES.has(body.key) && person?.shape === 'capital' && from + 2 < to)
      if (this.index.isFirstName(person.raw)) return findPeople(question, from + 1, to, found, this.index.isFirstName);
    const organisation = organisationIn(question, from, to);
    if (organisation !== undefined) {
      const name = wholeName(question, { ...organisation, row: from }, listed);
      if (name !== undefined) {
        found.organisation(name, organisation.confidence, organisation.cue);
        found.letters(shortForm(question, organisation.to), name);
      } else if (organisation.cue === 'legal form')
        found.firm(written(text, tokens, organisation.from, organisation.to));
      if (organisation.from > from) findPeople(question, from, organisation.from, found, this.index.isFirstName);
      // "Quillfeather Inc. Marrow Ltd": another sentence.
      if (tokens[organisation.to - 1]?.dotted === true && organisation.to < to)
        this.read(question, organisation.to, to, found, listed);
      // "Quillfeather Inc President Zog Marrow", "Stock Exchange of Kelso Robert Quill": who leads it.
      else if (organisation.cue === 'kind' || tokens.slice(organisation.to, to).some(({ key }) => TITLES.has(key)))
        findPeople(question, organisation.to, to, found, this.index.isFirstName);
      return;
    }
    let start = from;
    while (start < to && isLowWord(tokens[start] as Token)) start += 1;
    const cue = start < to ? organisationCue(question, start, to, this.index.isFirstName) : undefined;
    if (cue !== undefined) {
      found.organisation(written(text, tokens, start, to), 0.8, cue);
      return;
    }
    findPeople(question, from, to, found, this.index.isFirstName);
  }
}

/** Where the row of capital letters that begins here ends; `from` when none does. Over small particles it goes on. */
function spanEnd(question: NameQuestion, from: number, listed: ListedOrganisations): number {
  const { text, tokens, title } = question;
  if (!isCapital(tokens[from] as Token)) return from;
  let [end, words] = [from + 1, 1];
  // No row ends between an initial and the family name.
  const isOpen = (): boolean => words < MAX_SPAN || isInitial(tokens[end - 1]);
  for (; end < tokens.length && isOpen() && end !== title; words += 1) {
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
