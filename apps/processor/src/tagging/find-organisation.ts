/** Which words of a row with capital letters are an organisation, by its last word, its first or its legal form. Pure. */
import { isCommonKind, isLegalForm } from './joined-names.js';
import { isCapital, isCapitalWord, isLowWord, type NameQuestion, NOUNS_IN_CAPITALS, ROMANCE } from './name-shapes.js';
import { KINDS_FIRST, NAME_OPENERS, NO_BODIES, NO_ORGANISATIONS, ORG_FIRST, ORG_LAST, TITLES } from './name-words.js';
import type { Token } from './text-tokens.js';

export interface Organisation {
  from: number;
  to: number;
  confidence: number;
  cue: string;
}

/** The organisation in a row of capital letters, by its last word, its first word, its legal form or its abbreviation. */
export function organisationIn(
  { tokens, taken, language }: NameQuestion,
  from: number,
  to: number,
): Organisation | undefined {
  let start = from;
  // A first word of the sentence that is everyday is no part of it, but of a place ("New Zealand"); nor is "the".
  const opens = (at: number): boolean => NAME_OPENERS.has(tokens[at]?.key ?? '') || taken.has(at);
  while (start < to && isLowWord(tokens[start] as Token) && !opens(start)) start += 1;
  if ((taken.get(start) ?? 0) >= to || to - start < 2) return undefined;
  const isList =
    tokens[start - 1]?.key === 'and' && tokens[start - 2] !== undefined && isCapital(tokens[start - 2] as Token);
  to = sentenceEnd(tokens, start, to);
  for (let at = to - 1; at > start; at -= 1) {
    const token = tokens[at] as Token;
    if (!isCapital(token)) continue;
    // "Hospital Corp of Kelso", but "Quillfeather Corp | President".
    if (isLegalForm(token)) {
      const end = tokens[at + 1]?.key === 'of' && at + 1 < to ? to : at + 1;
      return { from: start, to: end, confidence: 0.9, cue: 'legal form' };
    }
    if (
      at === to - 1 &&
      !isList &&
      ORG_LAST.has(token.key) &&
      token.shape === 'capital' &&
      !NOUNS_IN_CAPITALS.has(language ?? '')
    )
      return { from: start, to: at + 1, confidence: 0.8, cue: 'kind' };
  }
  if (ROMANCE.has(language ?? '') && KINDS_FIRST.has(tokens[start]?.key ?? '') && isCapital(tokens[start + 1] as Token))
    return { from: start, to, confidence: 0.8, cue: 'kind' };
  if (isAbbreviated(tokens, start, to)) return { from: start, to, confidence: 0.9, cue: 'abbreviation' };
  for (let at = start; at < to - 2; at += 1) {
    if (!/^(?:of|for|de|del|du|des|da|do|di|della|dei|für|der)$/.test(tokens[at + 1]?.key ?? '')) continue;
    // "Servicio de Pesca de la Consejería de Kelso": what comes before is another's.
    if (ORG_FIRST.has(tokens[at]?.key ?? ''))
      return {
        from: ROMANCE.has(language ?? '') ? at : start,
        to: titleIn(tokens, at, to),
        confidence: 0.8,
        cue: 'kind',
      };
    // "Stock Exchange of Kelso | Index".
    if (isCommonKind(tokens, start, at))
      return { from: start, to: taken.get(at + 2) ?? to, confidence: 0.8, cue: 'kind' };
  }
  return undefined;
}

/** "Quillfeather Inc. Robert Marrow": the stop after a legal form ends the name as well. */
function sentenceEnd(tokens: readonly Token[], from: number, to: number): number {
  for (let at = from + 1; at < to - 1; at += 1)
    if (
      tokens[at]?.dotted === true &&
      isLegalForm(tokens[at]) &&
      !isLegalForm(tokens[at + 1]) &&
      tokens[at + 1]?.gap === 'space' &&
      isCapital(tokens[at + 1] as Token)
    )
      return at + 1;
  return to;
}

/** "Office of Tides and Harbours | Managing Director Robert": who leads it is no part of its name. */
function titleIn(tokens: readonly Token[], from: number, to: number): number {
  for (let at = from + 3; at < to - 1; at += 1) {
    const key = tokens[at]?.key ?? '';
    const isTitle = TITLES.has(key) || /^(?:managing|vice)$/.test(key);
    // "Ministry of Trade and | Justice".
    if (isTitle && isCapitalWord(tokens[at]) && isCapital(tokens[at - 1] as Token)) return at;
  }
  return to;
}

/** "Economic Community of Northern States (ECNS)". */
function isAbbreviated(tokens: readonly Token[], from: number, to: number): boolean {
  const next = tokens[to];
  if (NO_BODIES.has(tokens[to - 1]?.key ?? '') || NO_ORGANISATIONS.has(next?.key ?? '')) return false;
  if (next === undefined || next.gap !== 'bracket' || next.shape !== 'capitals' || next.raw.length < 3) return false;
  const initials = tokens
    .slice(from, to)
    .filter(isCapital)
    .map(({ raw }) => raw[0]);
  return initials.join('') === next.raw;
}
