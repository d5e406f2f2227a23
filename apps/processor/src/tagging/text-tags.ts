/** The tags that a text itself gives: the places, people and organisations it names. Pure; runs in a worker thread. */
import { cleanLine } from '#domain/clean-text.js';
import { slugify } from '#domain/slug.js';
import type { SourcedTag } from './category-tags.js';
import { placeHits, type PlaceQuestion } from './find-places.js';
import { NameFinder } from './find-names.js';
import { homeByLegalForm } from './home-by-legal-form.js';
import { firstListing } from './listings.js';
import type { NameIndex } from './name-index.js';
import type { PlaceIndex } from './place-index.js';
import { supportedHits } from './supported-places.js';
import { TEXT_SOURCE } from './text-source.js';
import { textTokens } from './text-tokens.js';
import { unspacedPlaces } from './unspaced-places.js';
import { type FoundPlace, leadEnd, placesOf } from './weigh-places.js';

export interface TextQuestion {
  title: string;
  bodyText: string;
  language: string | null;
}

/** News says what it is about within this much, in UTF-16 units; more only costs. */
export const SAMPLE_LENGTH = 5_000;
/** How sure a country is that nobody named. */
const [BY_LISTING, BY_LEGAL_FORM] = [0.7, 0.6];
const AMERICA = 'US';
/** Scripts that part no words, or hang particles on them. */
const UNSPACED = new Set(['zh', 'ja', 'ko', 'th']);
/** Languages in Latin letters whose capital letters are names; German is in, with care. */
const NAMED = new Set(
  'en de fr es it pt nl sv da no fi pl cs sk hu ro ca hr sl et lt lv tr id ms sq eu gl is ga cy af'.split(' '),
);

export class TextTagger {
  private readonly names: NameFinder;

  constructor(
    private readonly places: PlaceIndex,
    private readonly nameIndex: NameIndex,
  ) {
    this.names = new NameFinder(nameIndex);
  }

  /** The name that a tag has for any name of the same thing ("usa", "U.N."); undefined where only one is known. */
  canonicalName(scheme: SourcedTag['scheme'], name: string): string | undefined {
    if (scheme === 'place') return this.places.canonicalName(name);
    return scheme === 'organisation' ? this.nameIndex.canonicalName(name) : undefined;
  }

  /** Never throws for any text. Places first; each slug once within its scheme. */
  tags({ title, bodyText, language }: TextQuestion): SourcedTag[] {
    const text = `${title}\n${bodyText.slice(0, SAMPLE_LENGTH)}`;
    if (UNSPACED.has(language ?? ''))
      return unique(
        unspacedPlaces(text, title.length, language as string, this.places).map((place) => tag('place', place)),
      );
    const tokens = textTokens(text);
    const titleWords = tokens.findIndex(({ start }) => start > title.length);
    const question: PlaceQuestion = {
      text,
      tokens,
      title: titleWords === -1 ? tokens.length : titleWords,
      language,
      isFirstName: this.nameIndex.isFirstName,
    };
    const all = placeHits(question, this.places);
    const hits = supportedHits(all, tokens);
    const places = unique(this.withHome(question, placesOf(question, hits)).map((place) => tag('place', place)));
    if (!NAMED.has(language ?? 'en')) return places;
    // A city of two words is nobody's name, even where it is too small to be a tag.
    const nobody = [...hits, ...all.filter(({ from, to }) => to - from > 1)];
    const taken = new Map(
      nobody.filter(({ name }) => name.kind !== 'institution').map(({ from, to }) => [from, to] as const),
    );
    const names = this.names.find({ ...question, taken });
    return unique([
      ...places,
      ...names.map(({ scheme, name, confidence, cue }) =>
        tag(scheme, { name, confidence, evidence: cue === 'known' ? name : `${name}, by its ${cue}` }),
      ),
    ]);
  }

  /** With what the firms of a text say of its country: where the first is listed, else, without any place, their legal forms. */
  private withHome({ text, tokens, title }: PlaceQuestion, about: FoundPlace[]): FoundPlace[] {
    const listing = firstListing(text.slice(0, tokens[leadEnd(tokens, title) - 1]?.end ?? text.length));
    // Firms of everywhere are listed in America.
    if (listing !== undefined && (listing.code !== AMERICA || about.length === 0)) {
      const { name } = this.places.country(listing.code);
      return [...about, { name, confidence: BY_LISTING, evidence: `${listing.evidence}, its listing` }];
    }
    const home = about.length === 0 ? homeByLegalForm(text, tokens) : undefined;
    if (home === undefined) return about;
    const { name } = this.places.country(home.code);
    return [{ name, confidence: BY_LEGAL_FORM, evidence: `${home.evidence}, by its legal form` }];
  }
}

function tag(scheme: SourcedTag['scheme'], found: { name: string; confidence: number; evidence: string }): SourcedTag {
  const { name, slug } = named(found.name);
  return {
    scheme,
    name,
    slug,
    source: `${TEXT_SOURCE} (${found.evidence.slice(0, 100)})`,
    confidence: found.confidence,
  };
}

/** The same few hundred names come again and again. */
const recent = new Map<string, { name: string; slug: string }>();
const MAX_RECENT = 5_000;

function named(text: string): { name: string; slug: string } {
  let known = recent.get(text);
  if (known === undefined) {
    const name = cleanLine(text, 80);
    known = { name, slug: slugify(name) };
    if (recent.size >= MAX_RECENT) recent.clear();
    recent.set(text, known);
  }
  return known;
}

function unique(tags: readonly SourcedTag[]): SourcedTag[] {
  const seen = new Map<string, SourcedTag>();
  for (const one of tags) {
    const key = `${one.scheme}/${one.slug}`;
    if (one.slug !== '' && !seen.has(key)) seen.set(key, one);
  }
  return [...seen.values()];
}
