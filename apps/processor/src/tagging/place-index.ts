/** The places that ship with Dateline, by what they are called in a language. */
import { slugify } from '#domain/slug.js';
import { nationalInstitutions } from './national-institutions.js';
import { PhraseTrie } from './phrase-trie.js';

/** libs/domain/data/places.json, made by scripts/make-places.mjs. `names` and `demonyms` by language; `name` is shown. */
export interface PlaceData {
  countries: {
    code: string;
    name: string;
    names: Record<string, string[]>;
    demonyms: Record<string, string[]>;
    regions?: string[];
  }[];
  /** How states are abbreviated after a city: `{US: ['Ill', …]}`. */
  stateCodes: Record<string, string[]>;
  /** Name, country, thousands of people, 2 capital · 1 known from the news · 0 merely large, other names. */
  cities: [name: string, country: string, thousands: number, rank: number, ...others: string[]][];
}

export interface Country {
  code: string;
  name: string;
}

export interface City {
  name: string;
  country: Country;
  rank: number;
  thousands: number;
}

/** What a phrase means. `exact`: how it must be written, for short names in capitals ("US"). */
export interface PlaceName {
  kind: 'country' | 'demonym' | 'region' | 'city' | 'institution' | 'none';
  country: Country;
  city?: City;
  exact?: string;
  /** Codes of other countries that have an institution of that name. */
  alsoOf?: ReadonlySet<string>;
  /** It is written without a capital letter: adjectives in many languages, everything in some scripts. */
  small?: boolean;
}

export type PlaceTrie = PhraseTrie<PlaceName>;

/** Phrases with a place's name in them that name no such place. */
const NO_PLACES =
  'South China Sea,East China Sea,English Channel,Indian Ocean,Persian Gulf,Gulf of Mexico,Sea of Japan,Gulf of Guinea,Bay of Bengal,Gulf of Oman,Irish Sea,' +
  'Latin America,Latin American,Latin Americans,South America,South American,South Americans,Central America,Central American,North America,North American,Bank of America,' +
  'Native American,Native Americans,Pan American,American Indian,American Samoan,New South,West Indies,West Indian,East Indies,' +
  'New Britain,Korean peninsula,Washington Post,New York Times,Los Angeles Times,Chicago Tribune,Boston Globe,Chelsea,Miami Vice,Paris Match,Paris Club,Berlin Wall,' +
  'Vienna Convention,Geneva Convention,Geneva Conventions,Kyoto Protocol,Oslo accords,Bermuda shorts,Bermuda Triangle,' +
  'Jordan River,River Jordan,Air Jordan,Jordan Brand,Turkey Day,Notre Dame,Santa Claus,San Andreas,Victoria Cross,American English,British English,Dutch auction,Spanish flu,Baker Street,' +
  // Exchanges, indices and papers of elsewhere.
  'Nasdaq Nordic,Nasdaq Baltic,Nasdaq First North,FTSE All-World,FTSE World,FTSE Global,FTSE Russell,FTSE/JSE,FTSE Straits Times,' +
  'Nikkei Asia,Nikkei Asian Review,Nikkei newspaper,Nikkei daily,Nikkei business daily,' +
  // Firms that are at home elsewhere.
  'Georgia-Pacific,Bethlehem Steel,Manufacturers Hanover,Rio Tinto,Hong Kong and Shanghai Banking,Hongkong and Shanghai Banking';

/** Inflected endings of one-word names, by language, after a final vowel is taken off. */
const ENDINGS: Record<string, string[]> = {
  ru: 'а,я,ы,и,у,ю,е,ой,ей,ом,ем'.split(','),
  uk: 'а,я,и,і,ї,у,ю,єю,ою,ом,ем,о'.split(','),
  pl: 'a,i,y,ę,ą,e,u,o,em,ie,ii,ią,ię'.split(','),
  cs: 'a,e,u,y,i,ou,em,í,ě'.split(','),
  sk: 'a,e,u,y,i,ou,om,í'.split(','),
  hr: 'a,e,u,i,om,oj'.split(','),
  sr: 'а,е,у,и,ом,ој'.split(','),
  sl: 'a,e,u,i,o,om'.split(','),
  fi: 'n,ssa,ssä,sta,stä,an,än,lle,a,ä'.split(','),
  hu: 'ban,ben,ba,be,ból,ből,nak,nek,ra,re,t,ot,i'.split(','),
  de: ['s'],
};
/** Prepositions that Arabic and Hebrew write as one with the name. */
const PREFIXES: Record<string, string[]> = { ar: 'و,ب,ل,ف,ك'.split(','), he: 'ב,ל,מ,ה,ו,ש'.split(',') };
const FINAL_VOWEL = /[аяиіоыеaeoy]$/u;
/** Endings stand after the whole word here. */
const AGGLUTINATING = new Set(['fi', 'hu', 'de']);

export class PlaceIndex {
  private readonly countries: Map<string, Country>;
  private readonly cities: PlaceTrie;
  private canonical: Map<string, string> | undefined;
  private readonly byLanguage = new Map<string, PlaceTrie>();

  constructor(private readonly data: PlaceData) {
    this.countries = new Map(data.countries.map(({ code, name }) => [code, { code, name }]));
    this.cities = this.buildCities();
  }

  /** Cities by their own and their English names; a name that several carry has them all, the best known first. */
  get cityNames(): PlaceTrie {
    return this.cities;
  }

  /** Countries, demonyms and regions as the language calls them; English where it is not known. */
  countryNames(language: string | null): PlaceTrie {
    const wanted = language !== null && this.data.countries[0]?.names[language] !== undefined ? language : 'en';
    let trie = this.byLanguage.get(wanted);
    if (trie === undefined) this.byLanguage.set(wanted, (trie = this.build(wanted)));
    return trie;
  }

  /** Names of countries in a script that parts no words, the longest first. */
  unspacedNames(language: string): [name: string, country: Country][] {
    return this.data.countries
      .flatMap(({ code, name, names }): [string, Country][] =>
        (names[language] ?? []).filter((one) => one.length > 1).map((one) => [one, { code, name }]),
      )
      .sort(([a], [b]) => b.length - a.length);
  }

  /** The name that a place is shown by, for any name or code of it ("usa", "west-germany", "Kiew"); undefined for others. */
  canonicalName(name: string): string | undefined {
    this.canonical ??= this.allNames();
    return this.canonical.get(slugify(name));
  }

  /** By its ISO 3166 code. */
  country(code: string): Country {
    return this.countries.get(code) ?? { code, name: code };
  }

  private allNames(): Map<string, string> {
    const names = new Map<string, string>();
    const add = (all: readonly string[], shown: string): void => {
      for (const one of all) if (!names.has(slugify(one))) names.set(slugify(one), shown);
    };
    for (const { code, name, names: own } of this.data.countries) add([name, ...(own['en'] ?? []), code], name);
    for (const { name, names: own } of this.data.countries) for (const all of Object.values(own)) add(all, name);
    for (const [name, , , , ...others] of this.data.cities) add([name, ...others], name);
    return names;
  }

  private build(language: string): PlaceTrie {
    const trie: PlaceTrie = new PhraseTrie();
    for (const { code, names, demonyms, regions } of this.data.countries) {
      const country = this.country(code);
      for (const name of names[language] ?? []) {
        trie.add(name, { kind: 'country', country, ...exactly(name), ...caseless(name) });
        for (const form of inflections(name, language)) trie.add(form, { kind: 'country', country, ...caseless(name) });
      }
      for (const name of demonyms[language] ?? [])
        trie.add(name, { kind: 'demonym', country, small: language !== 'en' && language !== 'nl' });
      for (const name of regions ?? []) trie.add(name, { kind: 'region', country });
    }
    for (const [code, states] of Object.entries(this.data.stateCodes))
      for (const state of states)
        trie.add(state.includes('.') ? `${state}.` : state, {
          kind: 'region',
          country: this.country(code),
          exact: `, ${state}`,
        });
    for (const { name, code, alsoOf } of nationalInstitutions(language))
      trie.add(name, { kind: 'institution', country: this.country(code), alsoOf, ...exactly(name) });
    for (const phrase of NO_PLACES.split(',')) trie.add(phrase, { kind: 'none', country: { code: '', name: '' } });
    return trie;
  }

  private buildCities(): PlaceTrie {
    const trie: PlaceTrie = new PhraseTrie();
    const ranked = [...this.data.cities].sort((a, b) => b[3] - a[3] || b[2] - a[2]);
    for (const [name, code, thousands, rank, ...others] of ranked) {
      const country = this.country(code);
      const city = { name, country, rank, thousands };
      for (const one of new Set([name, ...others])) trie.add(one, { kind: 'city', country, city });
    }
    return trie;
  }
}

/** Scripts without capital letters write no name with one. */
function caseless(name: string): { small?: boolean } {
  return name.toLowerCase() === name.toUpperCase() ? { small: true } : {};
}

/** "US", "UAE" or "РФ" in small letters is another word. */
function exactly(name: string): { exact?: string } {
  return name.length <= 4 && name === name.toUpperCase() && name !== name.toLowerCase() && /^\p{L}+$/u.test(name)
    ? { exact: name }
    : {};
}

function inflections(name: string, language: string): string[] {
  const prefixes = PREFIXES[language];
  if (prefixes !== undefined) return name.length < 4 ? [] : prefixes.map((prefix) => prefix + name);
  const endings = ENDINGS[language];
  if (endings === undefined || name.length < 4 || !/^\p{L}+$/u.test(name) || name === name.toUpperCase()) return [];
  const stem = AGGLUTINATING.has(language) ? name : name.replace(FINAL_VOWEL, '').replace(/й$/u, '');
  return endings.map((ending) => stem + ending).filter((form) => form !== name);
}
