/** The people in a row of words with capital letters, by what stands in their names and beside them. Pure. */
import { isFirm, isIssueManager, isSomebody } from './firm-cues.js';
import type { GatheredNames } from './gathered-names.js';
import { isCapital, type NameQuestion } from './name-shapes.js';
import { FAMILY_FIRST, ROYAL_TITLES, SAYING, TITLES } from './name-words.js';
import { isPlaced, isRole, personCue } from './person-cues.js';
import {
  goesOn,
  hasMiddleInitial,
  isCutOff,
  isEverydayFamily,
  isHyphenated,
  isInitials,
  isListable,
  isNoName,
  isShadowed,
  isWord,
  nameEnd,
} from './person-shapes.js';
import { type Token, written } from './text-tokens.js';

/** Nothing but people has them. */
const SURE_CUES = new Set(['age', 'role', 'verb']);

/** Tells `found` of each; `from` to `to` (not included) is no organisation. */
export function findPeople(
  question: NameQuestion,
  from: number,
  to: number,
  found: GatheredNames,
  isFirstName: (word: string) => boolean,
): void {
  const { tokens, taken, text } = question;
  for (let at = from; at < to;) {
    const token = tokens[at] as Token;
    const before = tokens[at - 1];
    const title = before !== undefined && token.gap === 'space' && !before.possessive ? before.key : '';
    const titled =
      (TITLES.has(title) || ROYAL_TITLES.has(title) || (title !== '' && isRole(before))) &&
      !isIssueManager(tokens, at - 1);
    const first = token.shape === 'capital' && isFirstName(token.raw) && !isWord(tokens, at);
    const familyFirst = token.shape === 'capital' && FAMILY_FIRST.has(token.key);
    let end = nameEnd(tokens, at, to, taken);
    if (first && end === at + 1 && isEverydayFamily(tokens, end) && (titled || speaks(tokens, at, end + 1)))
      end = Math.max(end + 1, nameEnd(tokens, end + 1, to, taken));
    const words = end - at;
    if (isNoName(tokens, taken, at, first) || words === 0) {
      at += Math.max(1, (taken.get(at) ?? at) - at);
      continue;
    }
    if (words >= 2 && isHyphenated(tokens, at, end)) {
      // "Quillfeather-Marrow" is a family name, a treaty or a firm.
      found.surname(written(text, tokens, at, end), titled ? title : '', before?.raw ?? '');
      at = end;
      continue;
    }
    if (words >= 2) {
      const cue = titled
        ? 'title'
        : first
          ? 'first name'
          : familyFirst && words <= 3
            ? 'family name'
            : isInitials(tokens, at) || hasMiddleInitial(question, at, end)
              ? 'initials'
              : (personCue(question, at, end, isFirstName) ?? besides(question, at, end, found));
      if (cue !== undefined && !isShadowed(tokens, at, end) && (titled || !isCutOff(tokens, end))) {
        const name = written(text, tokens, at, end);
        const isSure = titled || SURE_CUES.has(cue) || isSomebody(tokens, end);
        if (!isSure && isFirm(question, at, end)) found.firm(name);
        else {
          const known = first || titled || cue === 'family name';
          found.person(name, known ? 0.85 : 0.8, cue, tokens[end - 1]?.raw ?? '', isSure);
          found.listed.push({ from: at, to: end, sure: true });
        }
        at = end;
        continue;
      }
    }
    if (words === 1 && token.shape === 'capital') {
      const isWhole = !(first && goesOn(tokens, end));
      found.surname(token.raw, titled && isWhole ? title : '', before?.raw ?? '');
    }
    at += 1;
  }
  if ((found.listed.at(-1)?.to ?? 0) <= from && isListable(question, from, to))
    found.listed.push({ from, to, sure: false });
}

/** "John Hall said", "John Hall, who …"; not "the Albert Hall said". */
function speaks(tokens: readonly Token[], from: number, end: number): boolean {
  const [next, before] = [tokens[end], tokens[from - 1]];
  if (
    tokens[from]?.gap === 'space' &&
    before !== undefined &&
    (/^(?:the|of|for|at)$/.test(before.key) || isCapital(before))
  )
    return false;
  return isSomebody(tokens, end) || (next?.gap === 'space' && next.shape === 'small' && SAYING.has(next.key));
}

/** "Robert Quillfeather and Zog Marrow said": so is who speaks with a person. */
function besides({ tokens, taken }: NameQuestion, from: number, end: number, found: GatheredNames): string | undefined {
  const [last, next] = [found.listed.at(-1), tokens[end]];
  if (tokens[from - 1]?.key !== 'and' || last?.sure !== true || last.to !== from - 1) return undefined;
  if (next?.gap !== 'space' || !SAYING.has(next.key) || isPlaced(taken, from, end)) return undefined;
  return tokens.slice(from, end).every(({ shape }) => shape === 'capital') ? 'company of a person' : undefined;
}
