/** Squads and results: a name in a row of people is a person's, whether its first name is known or not. Pure. */
import type { Token } from './text-tokens.js';

/** Words `from` to `to` (not included). `sure`: it was found to be a person by itself. */
export interface ListedName {
  from: number;
  to: number;
  sure: boolean;
}

/** Between two of a list: numbers, a country in brackets and signs, but no word and no sentence's end. */
const MAX_BETWEEN = 8;
const AND = /^(?:and|y|et|und|en|e|i)$/;
const MIN_LIST = 3;

/** Those that are people because the names before and after them are: most of three or more that follow on each other. */
export function listedPeople(
  names: readonly ListedName[],
  tokens: readonly Token[],
  taken: ReadonlyMap<number, number>,
): ListedName[] {
  const people: ListedName[] = [];
  let list: ListedName[] = [];
  const close = (): void => {
    const doubtful = list.filter(({ sure }) => !sure);
    if (list.length >= MIN_LIST && doubtful.length * 2 <= list.length) people.push(...doubtful);
    list = [];
  };
  for (const name of names) {
    const last = list.at(-1);
    if (last !== undefined && !followsOn(tokens, last.to, name.from, taken)) close();
    list.push(name);
  }
  close();
  return people;
}

function followsOn(tokens: readonly Token[], from: number, to: number, taken: ReadonlyMap<number, number>): boolean {
  if (to - from > MAX_BETWEEN) return false;
  if (from === to) return tokens[to]?.gap === 'comma' || tokens[to]?.gap === 'sign';
  for (let at = from; at < to;) {
    const token = tokens[at] as Token;
    const place = taken.get(at);
    if (place !== undefined && token.gap === 'bracket') at = place;
    else if (token.shape === 'number' || (at === to - 1 && AND.test(token.key))) at += 1;
    else return false;
  }
  return true;
}
