/** Which of very many rules hold for an item: one pass over its texts wakes the few rules that can, and only these are evaluated. */
import type { ConditionLeaf, RuleCondition } from '#contracts/rule.js';
import { languageAsked } from './language-tag.js';
import { type IndexedPhrase, PhraseIndex } from './phrase-index.js';
import { type RuleRegex, ruleRegex } from './regex-literals.js';
import {
  feedKey,
  type Field,
  FIELD_BITS,
  fieldBits,
  FIELDS_OF,
  inHand,
  type ItemInHand,
  namesOf,
  type RuleFacts,
} from './rule-facts.js';
import { timeHolds } from './rule-time.js';

/** A condition whose atoms have numbers; an atom that must be worked out is asked last. */
type Node =
  { kind: 'atom'; atom: number; isLazy: boolean } | { kind: 'and' | 'or'; of: Node[] } | { kind: 'not'; of: Node };

/** One condition without others inside. `test`: for those that the pass over the texts cannot settle. */
interface Atom {
  test?: (item: ItemInHand) => boolean;
}

const FAILS = 0;
const HOLDS = 1;

export class RuleMatcher {
  private readonly nodes: Node[];
  private readonly atoms: Atom[] = [];
  private readonly phrases: PhraseIndex;
  private readonly named = new Map<string, number[]>();
  /** Rules that an atom wakes, and those that nothing in particular wakes: they are evaluated for every item. */
  private readonly wakes: number[][];
  private readonly always: number[] = [];
  private readonly seenIn: Int32Array;
  private readonly settledIn: Int32Array;
  private readonly settledAs: Uint8Array;
  private readonly wokenIn: Int32Array;
  private round = 0;
  private namedAtoms: Set<number> | undefined;

  /** `regexOf`: how expressions are compiled, where that was done before. @throws {Error} for an expression that is malformed. */
  constructor(
    conditions: readonly RuleCondition[],
    private readonly regexOf: (pattern: string) => RuleRegex = ruleRegex,
  ) {
    const phrases: IndexedPhrase[] = [];
    this.nodes = conditions.map((condition) => this.compile(condition, phrases));
    this.phrases = new PhraseIndex(phrases);
    this.wakes = this.atoms.map(() => []);
    this.nodes.forEach((node, rule) => {
      const wakers = this.wakersOf(node);
      if (wakers === null) this.always.push(rule);
      else for (const atom of new Set(wakers)) this.wakes[atom]?.push(rule);
    });
    this.seenIn = new Int32Array(this.atoms.length);
    this.settledIn = new Int32Array(this.atoms.length);
    this.settledAs = new Uint8Array(this.atoms.length);
    this.wokenIn = new Int32Array(this.nodes.length);
  }

  /** The places of the conditions that hold, ascending. */
  match(facts: RuleFacts): number[] {
    if (this.nodes.length === 0) return [];
    this.round += 1;
    const item = inHand(facts);
    const woken = [...this.always];
    const see = (atom: number): void => {
      if (this.seenIn[atom] === this.round) return;
      this.seenIn[atom] = this.round;
      for (const rule of this.wakes[atom] as number[]) {
        if (this.wokenIn[rule] === this.round) continue;
        this.wokenIn[rule] = this.round;
        woken.push(rule);
      }
    };
    for (const field of Object.keys(FIELD_BITS) as Field[])
      for (const text of item.texts[field]) this.phrases.scan(text, FIELD_BITS[field], see);
    for (const name of namesOf(facts)) this.named.get(name)?.forEach(see);
    return woken.filter((rule) => this.holds(this.nodes[rule] as Node, item)).sort((a, b) => a - b);
  }

  /** Whether the condition at this place is evaluated for every item because nothing in particular must be there. */
  isWide(place: number): boolean {
    return this.always.includes(place);
  }

  private holds(node: Node, item: ItemInHand): boolean {
    switch (node.kind) {
      case 'and':
        return node.of.every((part) => this.holds(part, item));
      case 'or':
        return node.of.some((part) => this.holds(part, item));
      case 'not':
        return !this.holds(node.of, item);
      case 'atom':
        return this.atomHolds(node.atom, item);
    }
  }

  private atomHolds(atom: number, item: ItemInHand): boolean {
    const { test } = this.atoms[atom] as Atom;
    if (test === undefined) return this.seenIn[atom] === this.round;
    if (this.settledIn[atom] !== this.round) {
      this.settledIn[atom] = this.round;
      this.settledAs[atom] = test(item) ? HOLDS : FAILS;
    }
    return this.settledAs[atom] === HOLDS;
  }

  private compile(condition: RuleCondition, phrases: IndexedPhrase[]): Node {
    if (condition.kind === 'not') return { kind: 'not', of: this.compile(condition.of, phrases) };
    if (condition.kind !== 'and' && condition.kind !== 'or') return this.compileLeaf(condition, phrases);
    const parts = condition.of.map((part) => this.compile(part, phrases));
    return { kind: condition.kind, of: [...parts.filter((part) => !isLazy(part)), ...parts.filter(isLazy)] };
  }

  private compileLeaf(leaf: ConditionLeaf, phrases: IndexedPhrase[]): Node {
    const owner = this.atoms.length;
    const atom: Atom = {};
    this.atoms.push(atom);
    switch (leaf.kind) {
      case 'phrase': {
        const { wholeWords = true, matchCase = false } = leaf;
        for (const phrase of leaf.phrases)
          phrases.push({ phrase, owner, wholeWords, matchCase, fields: fieldBits(leaf.field) });
        break;
      }
      case 'regex': {
        const { test, literals } = this.regexOf(leaf.pattern);
        const fields = FIELDS_OF[leaf.field];
        atom.test = ({ texts }) => fields.some((field) => texts[field].some(({ cased }) => test(cased)));
        const words = literals.map((list) => this.compileLiterals(list, fieldBits(leaf.field), phrases));
        return { kind: 'and', of: [...words, { kind: 'atom', atom: owner, isLazy: true }] };
      }
      case 'partner':
        this.name(leaf.partners, 'partner', owner);
        break;
      case 'feed':
        this.name([...leaf.feeds, ...leaf.feeds.map(feedKey)], 'feed', owner);
        break;
      case 'language':
        // Items have one code a language: "nb" and "deu" are "no" and "de" there.
        this.name(leaf.languages.map(languageAsked), 'language', owner);
        break;
      case 'time':
        atom.test = ({ facts }) => timeHolds(leaf, facts.at);
        break;
    }
    return { kind: 'atom', atom: owner, isLazy: atom.test !== undefined };
  }

  private compileLiterals(literals: readonly string[], fields: number, phrases: IndexedPhrase[]): Node {
    const owner = this.atoms.length;
    this.atoms.push({});
    for (const phrase of literals) phrases.push({ phrase, owner, wholeWords: false, matchCase: false, fields });
    return { kind: 'atom', atom: owner, isLazy: false };
  }

  private name(values: readonly string[], kind: string, owner: number): void {
    for (const value of new Set(values)) {
      const name = `${kind} ${value}`;
      const owners = this.named.get(name);
      if (owners === undefined) this.named.set(name, [owner]);
      else owners.push(owner);
    }
  }

  /** Atoms of which at least one is seen whenever the condition holds; null when none need be. */
  private wakersOf(node: Node): number[] | null {
    switch (node.kind) {
      case 'and': {
        const parts = node.of.map((part) => this.wakersOf(part)).filter((part) => part !== null);
        // A partner or a language is in every item; what stands in a text is rarer.
        const rare = parts.filter((part) => !part.some((atom) => this.isNamed(atom)));
        return (rare.length > 0 ? rare : parts).reduce<number[] | null>(
          (fewest, part) => (fewest === null || part.length < fewest.length ? part : fewest),
          null,
        );
      }
      case 'or': {
        const parts = node.of.map((part) => this.wakersOf(part));
        return parts.includes(null) ? null : parts.flatMap((part) => part ?? []);
      }
      case 'not':
        return null;
      case 'atom':
        return node.isLazy ? null : [node.atom];
    }
  }

  private isNamed(atom: number): boolean {
    this.namedAtoms ??= new Set([...this.named.values()].flat());
    return this.namedAtoms.has(atom);
  }
}

function isLazy(node: Node): boolean {
  if (node.kind === 'atom') return node.isLazy;
  return node.kind === 'not' ? isLazy(node.of) : node.of.some(isLazy);
}
