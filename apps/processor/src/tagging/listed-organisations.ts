/** Which listed organisation is named at a word, and where its letters mean something else: the code of an exchange, another body's short form. Pure. */
import { bracketed, isLegalForm, isPlaceWithForm, type Known } from './joined-names.js';
import { listingCodes } from './listings.js';
import type { KnownOrganisation, NameIndex } from './name-index.js';
import { isCapital, isCapitalWord, isLowWord, type NameQuestion } from './name-shapes.js';
import {
  AGENCIES,
  ALSO_WORDS,
  COMPANIONS,
  FIRM_VERBS,
  LEGAL_CAPITALS,
  NAME_OPENERS,
  NEVER_PEOPLE,
  ORG_FIRST,
  ORG_LAST,
  TRADES,
} from './name-words.js';
import { type Token, written } from './text-tokens.js';

/** `name` is empty where no organisation is meant. `word`: a headline in capitals may mean the word. */
export interface ListedOrganisation {
  name: string;
  to: number;
  word: boolean;
}

/** Legal forms that are everyday words. */
const FORMS = /^(?:cos|company)$/;

export class ListedOrganisations implements Known {
  readonly isFirstName: (word: string) => boolean;
  /** Short forms that the text gives to bodies of its own. */
  private readonly others: ReadonlySet<string>;
  private readonly codes: readonly { from: number; to: number }[];

  /** The words behind places. */
  private readonly placeEnds: ReadonlySet<number>;

  constructor(
    private readonly index: NameIndex,
    private readonly question: NameQuestion,
  ) {
    this.isFirstName = index.isFirstName;
    this.placeEnds = new Set(question.taken.values());
    this.codes = listingCodes(question.text);
    this.others = this.shortFormsOfOthers();
  }

  readonly isListed = (at: number): boolean => this.at(at) !== undefined;

  /** The one whose name begins with the word at `from`; undefined where none does, or where it is a part of another name. */
  at(from: number): ListedOrganisation | undefined {
    const { tokens } = this.question;
    const match = this.match(from);
    if (match === undefined) return undefined;
    const { known, to } = match;
    const [first, before] = [tokens[from] as Token, tokens[from - 1]];
    if (to === from + 1 && (this.others.has(first.raw) || this.isCode(from))) return undefined;
    // "Ford Coppola", "Apple Martin": part of a longer name; its last word decides.
    if (first.gap === 'space' && before !== undefined && this.isFirstName(before.raw)) return undefined;
    // "Royal Bank of Canada", "Liberal Democratic Party", but "the British House of Commons".
    const isKind = ORG_FIRST.has(first.key) || tokens[to - 1]?.key === 'party';
    if (isKind && first.gap === 'space' && before !== undefined && isNamePart(before) && !this.placeEnds.has(from))
      return undefined;
    // "Kelso Savings Bank FSB": a legal form here.
    const isForm = to === from + 1 && LEGAL_CAPITALS.has(first.raw);
    if (isForm && first.gap === 'space' && before !== undefined && isCapital(before)) return undefined;
    return this.whole(known, from, to);
  }

  /** The word is a code behind a firm's name ("<QUIL>"), or the exchange that it is listed at. */
  isCode(at: number): boolean {
    const start = this.question.tokens[at]?.start ?? 0;
    return this.codes.some(({ from, to }) => start >= from && start < to);
  }

  private match(from: number): { known: KnownOrganisation; to: number } | undefined {
    const { tokens, language } = this.question;
    const match = this.index.organisations.longest(tokens, from);
    if (match === undefined) return undefined;
    const to = from + match.length;
    const [first, last, next] = [tokens[from] as Token, tokens[to - 1] as Token, tokens[to]];
    const known = match.values.find(
      ({ raws, possessive, doubtful, languages }) =>
        raws.every(
          (raw, at) =>
            raw === tokens[from + at]?.raw || (raw.length > 4 && raw.toUpperCase() === tokens[from + at]?.raw),
        ) &&
        (languages === undefined || languages.has(language ?? '')) &&
        (!possessive || last.possessive) &&
        !(doubtful && first.starts && !(last.possessive || FIRM_VERBS.has(next?.key ?? ''))),
    );
    return known && { known, to };
  }

  /** With its legal forms and partners; undefined where it is a part of a longer name. */
  private whole({ name, doubtful }: KnownOrganisation, from: number, listed: number): ListedOrganisation | undefined {
    const { tokens, text, taken } = this.question;
    const word = listed === from + 1 && (doubtful || ALSO_WORDS.has(tokens[from]?.key ?? ''));
    if (tokens[listed - 1]?.possessive === true) return { name, to: listed, word };
    const goesOn = isCapitalWord(tokens[listed]);
    if (goesOn && doubtful) return undefined;
    const to = formsEnd(tokens, listed);
    // "Santa Fe Inc": the place is none, the firm called after it is.
    if (to > listed) return name === '' ? undefined : { name, to, word: false };
    // "U.S. Steel exports": the country's.
    if (
      /^U\.S\.$/.test(tokens[from]?.raw ?? '') &&
      TRADES.has(tokens[to - 1]?.key ?? '') &&
      !FIRM_VERBS.has(tokens[to]?.key ?? '')
    )
      return undefined;
    // "Ford (Kelso) Ltd", "Ford of Kelso Ltd", "Ford-Kelso Plc": firms of their own.
    if (bracketed(text, tokens, to) > 0) return undefined;
    if (tokens[to]?.key === 'of' && isPlaceWithForm(tokens, taken, to + 1)) return undefined;
    const behind = tokens[to];
    if (behind?.gap === 'hyphen' && isCapital(behind) && endsInForm(tokens, to)) return undefined;
    // "U.N. Security Council", "Ford Foundation": a longer name, that its own last word tells.
    for (let at = to; goesOn && at < to + 4; at += 1) {
      const token = tokens[at];
      if (bracketed(text, tokens, at) > 0) return undefined;
      if (token?.key === 'of' && isPlaceWithForm(tokens, taken, at + 1)) return undefined;
      if (!isCapitalWord(token)) break;
      if (ORG_LAST.has(token.key)) return undefined;
    }
    return { name, to, word };
  }

  /** "Kelso Harbour Council (KHC)", where KHC is a listed body elsewhere. */
  private shortFormsOfOthers(): Set<string> {
    const { text, tokens } = this.question;
    const others = new Set<string>();
    tokens.forEach((token, at) => {
      if (token.gap !== 'bracket' || token.shape !== 'capitals' || tokens[at + 1]?.gap === 'space') return;
      const short = this.match(at);
      if (short === undefined || short.to !== at + 1) return;
      const from = startOfInitials(tokens, at, token.raw);
      if (from === undefined || this.match(from)?.known.name === short.known.name) return;
      if (this.index.isOther(short.known.name, written(text, tokens, from, at))) others.add(token.raw);
    });
    return others;
  }
}

/** A word of a name, and not the first of a sentence that merely has a capital letter. */
function isNamePart(token: Token): boolean {
  if (!isCapital(token) || token.possessive || AGENCIES.has(token.key)) return false;
  if (/^(?:opposition|ruling)$/.test(token.key)) return false;
  return NAME_OPENERS.has(token.key) || !(isLowWord(token) || NEVER_PEOPLE.has(token.key));
}

/** "Fujitsu Ltd.", "Merrill Lynch and Co Inc", "PaineWebber Group Inc": the forms and partners behind a listed name. */
function formsEnd(tokens: readonly Token[], from: number): number {
  let at = isAndPartners(tokens, from) ? from + 2 : from;
  const [word, next] = [tokens[at], tokens[at + 1]];
  if (isCapitalWord(word) && word.key === 'group' && isCapitalWord(next) && isLegalForm(next)) at += 1;
  while (isCapitalWord(tokens[at]) && (isLegalForm(tokens[at]) || FORMS.test(tokens[at]?.key ?? ''))) at += 1;
  return at;
}

function isAndPartners(tokens: readonly Token[], at: number): boolean {
  const [and, co] = [tokens[at], tokens[at + 1]];
  return (and?.key === 'and' || and?.key === '&') && isCapitalWord(co) && COMPANIONS.has(co.key);
}

/** The row of words with hyphens and capitals that goes on here has a legal form at its end. */
function endsInForm(tokens: readonly Token[], from: number): boolean {
  let at = from + 1;
  while (at < from + 4 && isCapitalWord(tokens[at])) {
    if (isLegalForm(tokens[at])) return true;
    at += 1;
  }
  return false;
}

/** Where the words begin whose initials stand at `at`; undefined where they are not before it. */
function startOfInitials(tokens: readonly Token[], at: number, initials: string): number | undefined {
  let from = at;
  for (let letter = initials.length - 1; letter >= 0; letter -= 1) {
    from -= 1;
    while (tokens[from]?.shape === 'small' && at - from < 2 * initials.length) from -= 1;
    const word = tokens[from];
    if (word === undefined || !isCapital(word) || word.raw[0] !== initials[letter]) return undefined;
  }
  return from;
}
