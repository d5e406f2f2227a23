/** Which newsroom writes a wire story: mostly English, every tenth story German, French, Spanish and Arabic each. */
import { arabic } from './arabic.js';
import { english } from './english/newsroom.js';
import { french } from './french.js';
import { german } from './german.js';
import { type Newsroom } from './plot.js';
import { spanish } from './spanish.js';
import { type Story, tellStory } from './tell-story.js';

const TURNS: readonly Newsroom[] = [
  english,
  english,
  german,
  english,
  french,
  english,
  english,
  spanish,
  english,
  arabic,
];

/** The wire's story of this number (from 0), in the language whose turn it is. */
export function tellWireStory(seed: string, number: number, wrongFigure = false): Story {
  const turn = number % TURNS.length;
  const newsroom = TURNS[turn] as Newsroom;
  const perCycle = TURNS.filter((other) => other === newsroom).length;
  const before = TURNS.slice(0, turn).filter((other) => other === newsroom).length;
  return tellStory(newsroom, seed, Math.floor(number / TURNS.length) * perCycle + before, wrongFigure);
}
