/** First names and organisations that ship with Dateline. */
import { slugify } from '#domain/slug.js';
import { PhraseTrie } from './phrase-trie.js';
import { textTokens } from './text-tokens.js';

/** `name` is empty where no organisation is meant. `doubtful`: a word as well, so that a capital letter at a sentence's start proves nothing. `raws`: exactly so it is written. `languages`: it is called so in these only. */
export interface KnownOrganisation {
  name: string;
  raws: string[];
  possessive: boolean;
  doubtful: boolean;
  languages: ReadonlySet<string> | undefined;
}

/** "Fujitsu Ltd" is Fujitsu. */
const LEGAL_ENDING = /,? (?:inc|corp|corporation|co|company|ltd|plc|llc|ag|sa|nv|spa|se|gmbh)\.?$/i;

export class NameIndex {
  private readonly firstNames: ReadonlySet<string>;
  private readonly shown = new Map<string, string>();
  /** Names of several words, by the name shown. */
  private readonly long = new Map<string, string[]>();
  readonly organisations = new PhraseTrie<KnownOrganisation>();

  /** Lists as in libs/domain/data: names parted by white space; organisations one a line, other names after "=". */
  constructor(firstNames: string, organisations: string) {
    this.firstNames = new Set(firstNames.split(/\s+/));
    for (const line of organisations.split('\n')) {
      if (line === '' || line.startsWith('#')) continue;
      const names = line.split(' = ');
      const shown = (names[0] ?? '').replace(/^\?/, '');
      for (const entry of names) this.addOrganisation(shown, entry);
    }
  }

  /** With its capital letter: "Mark" is a name, "mark" is not. */
  readonly isFirstName = (word: string): boolean => this.firstNames.has(word);

  /** The name that an organisation is shown by, for any of its names; undefined for unknown ones. */
  canonicalName(name: string): string | undefined {
    return this.shown.get(slugify(name)) ?? this.shown.get(slugify(name.replace(LEGAL_ENDING, '')));
  }

  /** It cannot be a name of the organisation shown so: that has names of several words, and none is like it. */
  isOther(shown: string, name: string): boolean {
    const names = this.long.get(shown);
    return names !== undefined && !names.includes(stems(name));
  }

  private addOrganisation(name: string, entry: string): void {
    const [phrase = '', languages] = entry.replace(/^[?!]/, '').split('@');
    const tokens = textTokens(phrase);
    if (!this.shown.has(slugify(phrase))) this.shown.set(slugify(phrase), name);
    if (phrase.includes(' ')) this.long.set(name, [...(this.long.get(name) ?? []), stems(phrase)]);
    this.organisations.add(phrase, {
      name: entry.startsWith('!') ? '' : name,
      raws: tokens.map(({ raw }) => raw),
      possessive: tokens.at(-1)?.possessive === true,
      doubtful: entry.startsWith('?'),
      languages: languages === undefined ? undefined : new Set(languages.split(' ')),
    });
  }
}

/** How the words begin, without small ones: "Organisation" is "Organization". */
function stems(name: string): string {
  return (name.match(/\p{Lu}[\p{L}\p{N}]*/gu) ?? []).map((word) => word.slice(0, 4)).join(' ');
}
