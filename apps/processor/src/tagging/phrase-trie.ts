/** Finds which of many phrases begin at a word, the longest first. Pure. */
import { textTokens, type Token } from './text-tokens.js';

interface Node<Value> {
  values: Value[];
  next: Map<string, Node<Value>> | undefined;
}

export interface PhraseMatch<Value> {
  values: readonly Value[];
  /** In words. */
  length: number;
}

export class PhraseTrie<Value> {
  private readonly root: Node<Value> = { values: [], next: new Map() };
  /** First words that are written small: every other small word begins no phrase, and most words are small. */
  private readonly smallStarts = new Set<string>();

  add(phrase: string, value: Value): void {
    let node = this.root;
    const tokens = textTokens(phrase);
    if (tokens[0]?.shape === 'small') this.smallStarts.add(tokens[0].key);
    for (const { key } of tokens) {
      node.next ??= new Map();
      let child = node.next.get(key);
      if (child === undefined) node.next.set(key, (child = { values: [], next: undefined }));
      node = child;
    }
    if (node !== this.root) node.values.push(value);
  }

  /** The longest phrase that begins with the word at `from` and goes over no comma, bracket or sentence's end. */
  longest(tokens: readonly Token[], from: number): PhraseMatch<Value> | undefined {
    const first = tokens[from];
    if (first === undefined || (first.shape === 'small' && !this.smallStarts.has(first.key))) return undefined;
    let node = this.root.next?.get(first.key);
    let found: PhraseMatch<Value> | undefined;
    for (let at = from; node !== undefined;) {
      if (node.values.length > 0) found = { values: node.values, length: at - from + 1 };
      at += 1;
      const token = tokens[at];
      if (token === undefined || node.next === undefined) break;
      if (token.gap !== 'space' && token.gap !== 'hyphen' && token.gap !== 'sign') break;
      node = node.next.get(token.key);
    }
    return found;
  }
}
