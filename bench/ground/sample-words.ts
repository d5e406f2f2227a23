/** Sentences whose words are spread as a language's are: a few in every text, some hundreds often, tens of thousands hardly ever. */
import { Random } from '../../demo/texts/random.js';
import { ADJECTIVES, NOUNS, PLACES, VERBS } from '../corpus/vocabulary.js';

const SENTENCES = 16_000;
const WORDS = 18;
const SELDOM = 40_000;
const LINKS = 'the of in a to and for on that with was by at from it an as has its after but over not'.split(' ');
const SYLLABLES =
  'ba be bor dan del fa fen gar gol ha hem in jor ka kel la lun ma mir na nor o pa pel ra ros sa sel ta tor u val wen yor za'.split(
    ' ',
  );

/** The same sentences each time. */
export function sampleOf(): string[] {
  const random = new Random('stories');
  const known = [...NOUNS, ...VERBS, ...ADJECTIVES, ...PLACES.map((place) => place.toLowerCase())];
  const seldom = Array.from({ length: SELDOM }, () =>
    Array.from({ length: random.integer(3, 4) }, () => random.pick(SYLLABLES)).join(''),
  );
  const skewed = (words: readonly string[], power: number): string =>
    words[Math.floor(words.length * random.next() ** power)] as string;
  const word = (): string => {
    const kind = random.next();
    if (kind < 0.45) return skewed(LINKS, 2);
    return kind < 0.85 ? skewed(known, 1.7) : skewed(seldom, 2);
  };
  return Array.from({ length: SENTENCES }, () => Array.from({ length: WORDS }, word).join(' '));
}
