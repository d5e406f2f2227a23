/** Invented news in prose: a headline and paragraphs whose every sentence is drawn anew. */
import type { Random } from '../../demo/texts/random.js';
import { ADJECTIVES, FIRST_NAMES, LAST_NAMES, NOUNS, ORGANISATIONS, PLACES, ROLES, VERBS } from './vocabulary.js';

/** `paragraphs` of plain text. */
export interface WrittenNews {
  title: string;
  paragraphs: string[];
}

/** Who and what a story is about; its sentences come back to them. */
interface Cast {
  place: string;
  people: string[];
  things: string[];
  organisation: string;
}

/** A story of three to nine paragraphs. */
export function writeProse(random: Random): WrittenNews {
  const cast: Cast = {
    place: random.pick(PLACES),
    people: Array.from({ length: 3 }, () => `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`),
    things: random.sample(NOUNS, 6),
    organisation: random.pick(ORGANISATIONS),
  };
  const [first = '', second = ''] = cast.things;
  const title = random.pick([
    `${cast.place} ${random.pick(NOUNS)} ${random.pick(VERBS)} after ${random.pick(ADJECTIVES)} ${first}`,
    `${capital(random.pick(ADJECTIVES))} ${first} divides ${cast.place} over ${second}`,
    `${cast.people[0] ?? ''} to lead ${random.pick(ADJECTIVES)} ${first} inquiry in ${cast.place}`,
    `Why the ${first} of ${cast.place} is ${random.pick(VERBS)} for the ${second}`,
  ]);
  const paragraphs = Array.from({ length: random.integer(3, 9) }, () =>
    Array.from({ length: random.integer(2, 4) }, () => capital(sentence(random, cast))).join(' '),
  );
  return { title, paragraphs };
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function sentence(random: Random, cast: Cast): string {
  const noun = (): string => (random.next() < 0.4 ? random.pick(cast.things) : random.pick(NOUNS));
  const thing = (): string => (random.next() < 0.6 ? `${random.pick(ADJECTIVES)} ${noun()}` : noun());
  const person = (): string => random.pick(cast.people);
  const verb = (): string => random.pick(VERBS);
  const figure = (): string => random.integer(2, 9_800).toLocaleString('en-US');
  switch (random.integer(0, 11)) {
    case 0:
      return `the ${thing()} near ${cast.place} was ${verb()} on ${weekday(random)} after a ${thing()} had ${verb()} the ${thing()}.`;
    case 1:
      return `"No ${noun()} of this size was ever ${verb()} without a ${thing()}," said ${person()}, ${random.pick(ROLES)}.`;
    case 2:
      return `${cast.organisation} ${verb()} ${figure()} ${noun()} plans and ${verb()} the ${thing()} of ${random.pick(PLACES)}.`;
    case 3:
      return `${person()} ${verb()} the ${noun()}, while ${random.pick(ORGANISATIONS)} ${verb()} a ${thing()} and its ${noun()}.`;
    case 4:
      return `about ${figure()} people had ${verb()} the ${thing()} by ${weekday(random)}, more than any ${noun()} before.`;
    case 5:
      return `in ${random.pick(PLACES)} a ${thing()} remains ${verb()} until the ${noun()} is ${verb()} by ${cast.organisation}.`;
    case 6:
      return `costs of ${figure()} thousand crowns for the ${noun()} were ${verb()}, although ${person()} ${verb()} the ${thing()}.`;
    case 7:
      return `critics of the ${noun()} say that its ${thing()} was ${verb()} too late, and that no ${noun()} ${verb()} it.`;
    case 8:
      return `${random.pick(ROLES)}, ${person()}, ${verb()} the ${noun()} and asked for a ${thing()} beside the ${thing()}.`;
    case 9:
      return `since the ${thing()} of ${random.integer(1950, 2024)}, every ${noun()} in ${cast.place} has been ${verb()} twice.`;
    case 10:
      return `neither the ${thing()} nor the ${noun()} were ${verb()}, ${cast.organisation} told reporters in ${random.pick(PLACES)}.`;
    default:
      return `what happens to the ${noun()} now depends on a ${thing()} that ${person()} ${verb()} last ${weekday(random)}.`;
  }
}

function weekday(random: Random): string {
  return random.pick(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']);
}
