/** Tells templates: fills slots with words and numbers that stay the same throughout one story. */
import { type Newsroom } from './plot.js';
import { type Random } from './random.js';

const INNERMOST = /\{([^{}]*)\}/;
const NUMBER_SLOT = /^(\w+):(\d+)-(\d+)$/;

/**
 * Templates hold: `{a|b}` one of several wordings · `{name}` a word of the vocabulary's list `name`, remembered for the
 * story · `{name2}` another of that list · `{name.last}` its last word · `{~name}` a fresh word, not remembered ·
 * `{n:3-40}` a number, remembered as `{n}`. Braces nest.
 */
export class Narrator {
  private readonly facts = new Map<string, string>();
  private readonly numberFormat: Intl.NumberFormat;

  /** `given` are facts known beforehand; `slip` is added to the number `n`, as a reporter in a hurry would. */
  constructor(
    private readonly newsroom: Newsroom,
    private readonly random: Random,
    given: Readonly<Record<string, string>>,
    private readonly slip = 0,
  ) {
    this.numberFormat = new Intl.NumberFormat(newsroom.numberLocale);
    for (const [name, value] of Object.entries(given)) this.facts.set(name, value);
  }

  /** The template as a finished sentence or paragraph, its first letter capital. */
  tell(template: string): string {
    const text = this.fill(template);
    return text.charAt(0).toLocaleUpperCase(this.newsroom.code) + text.slice(1);
  }

  private fill(template: string): string {
    let text = template;
    for (let found = INNERMOST.exec(text); found; found = INNERMOST.exec(text)) {
      const value = this.slot(found[1] as string);
      text = text.slice(0, found.index) + value + text.slice(found.index + found[0].length);
    }
    return text;
  }

  private slot(slot: string): string {
    if (slot.includes('|')) return this.random.pick(slot.split('|'));
    if (slot.startsWith('~')) return this.word(slot.slice(1));
    const [name, part] = slot.split('.') as [string, string | undefined];
    if (part === 'last') return this.remembered(name).split(' ').at(-1) as string;
    return this.remembered(slot);
  }

  private remembered(slot: string): string {
    const numbered = NUMBER_SLOT.exec(slot);
    const name = numbered ? (numbered[1] as string) : slot;
    let value = this.facts.get(name);
    if (value === undefined) {
      value = numbered ? this.number(name, Number(numbered[2]), Number(numbered[3])) : this.otherWord(name);
      this.facts.set(name, value);
    }
    return value;
  }

  private number(name: string, low: number, high: number): string {
    const value = this.random.integer(low, high) + (name === 'n' ? this.slip : 0);
    return name === 'year' ? String(value) : this.numberFormat.format(value);
  }

  /** A word that no slot of the same list holds yet. */
  private otherWord(slot: string): string {
    const list = slot.replace(/\d+$/, '');
    const taken = new Set(
      [...this.facts].filter(([name]) => name.replace(/\d+$/, '') === list).map(([, word]) => word),
    );
    for (let tries = 0; tries < 20; tries++) {
      const word = this.word(list);
      if (!taken.has(word)) return word;
    }
    return this.word(list);
  }

  private word(list: string): string {
    const words = this.newsroom.vocabulary[list];
    if (words === undefined) throw new Error(`the ${this.newsroom.code} newsroom has no words for {${list}}`);
    return this.fill(this.random.pick(words));
  }
}
