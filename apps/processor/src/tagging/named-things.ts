/** What a partner's category names when it names no topic: a country, a well-known city or an organisation that ships with Dateline. */
import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { projectFile } from '#config/project-file.js';
import { slugify } from '#domain/slug.js';
import type { PlaceData } from './place-index.js';

/** `name` is what the thing is shown by, whatever it was called. */
export interface NamedThing {
  scheme: 'place' | 'organisation';
  name: string;
}

/** The thing that a whole category names; undefined where it names none, or more than one. */
export type ThingIndex = (category: string) => NamedThing | undefined;

/** "us", "who" and "fed" are words as well: names this short must be written as they are known. */
const SHORT = 4;
/** Cities below are merely large: as a category their names may be anybody's. */
const KNOWN_FROM_NEWS = 1;

@Injectable()
export class NamedThings {
  private index: ThingIndex | undefined;

  /** The lists are read when the first category asks. */
  readonly find: ThingIndex = (category) => {
    this.index ??= thingIndex(
      JSON.parse(readFileSync(projectFile('libs/domain/data/places.json'), 'utf8')) as PlaceData,
      readFileSync(projectFile('libs/domain/data/organisations.txt'), 'utf8'),
    );
    return this.index(category);
  };
}

/** From the lists as `PlaceIndex` and `NameIndex` read them. */
function thingIndex(places: PlaceData, organisations: string): ThingIndex {
  const regions = new Set(places.countries.flatMap((country) => country.regions ?? []).map((name) => slugify(name)));
  const things = new Map<string, NamedThing>();
  const add = (names: readonly string[], thing: NamedThing): void => {
    for (const name of names) if (!things.has(keyOf(name))) things.set(keyOf(name), thing);
  };
  for (const { name, names } of places.countries) {
    // "Georgia" is a state of another country as well: nobody says which.
    const own = [name, ...Object.values(names).flat()].filter((one) => !regions.has(slugify(one)));
    add(own, { scheme: 'place', name });
  }
  for (const [name, , , rank, ...others] of places.cities) {
    if (rank >= KNOWN_FROM_NEWS) add([name, ...others], { scheme: 'place', name });
  }
  for (const line of organisations.split('\n')) {
    const names = line
      .split(' = ')
      .map((name) => name.replace(/@.*/, ''))
      .filter((name) => !/^(?:[?!#]|$)/.test(name));
    const [shown] = names;
    if (shown !== undefined && line.startsWith(shown)) add(names, { scheme: 'organisation', name: shown });
  }
  return (category) => things.get(keyOf(category));
}

/** Spelling counts for short names only. */
function keyOf(name: string): string {
  const trimmed = name.trim();
  const isShort = trimmed.length <= SHORT && trimmed.toLowerCase() !== trimmed.toUpperCase();
  return isShort ? `=${trimmed}` : slugify(trimmed);
}
