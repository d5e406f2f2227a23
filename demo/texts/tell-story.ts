/** Makes a whole story of a newsroom's plots: the same seed and order always tell the same story. */
import { Narrator } from './narrator.js';
import { type Beat, type Newsroom, type Plot } from './plot.js';
import { Random } from './random.js';

/** A story as first written, and the paragraphs that an update or a correction of it would add. */
export interface Story {
  language: string;
  beat: string;
  title: string;
  correctedTitle: string;
  paragraphs: string[];
  categories: string[];
  place: string;
  author: string;
  /** The number in the lead, as printed. */
  figure: string;
  updateNote: string;
  correctionNote: string;
}

/** Coprime with the length of every list of places, so that a plot visits all of them before any comes twice. */
const PLACE_STRIDE = 7;

/**
 * Tells the `order`-th story of a newsroom (from 0). Plots take turns; each time round, a plot happens in another place,
 * so headlines repeat only after plots × places stories. With `wrongFigure`, the lead's number is off and the
 * correction says what it was.
 */
export function tellStory(newsroom: Newsroom, seed: string, order: number, wrongFigure = false): Story {
  if (wrongFigure) return tell(newsroom, seed, order, SLIP, '');
  return tell(newsroom, seed, order, 0, tell(newsroom, seed, order, SLIP, '').figure);
}

const SLIP = 3;

function tell(newsroom: Newsroom, seed: string, order: number, slip: number, wrong: string): Story {
  const assignments = assign(newsroom);
  const turn = order % assignments.length;
  const { beat, plot } = assignments[turn] as { beat: Beat; plot: Plot };
  const random = new Random(`${seed}/${newsroom.code}/${order}`);
  const places = newsroom.vocabulary.place as readonly string[];
  const round = Math.floor(order / assignments.length);
  const start = new Random(seed).integer(0, places.length - 1);
  const place = places[(start + turn * 3 + round * PLACE_STRIDE) % places.length] as string;

  const narrator = new Narrator(newsroom, random, { place, wrong }, slip);
  const headline = narrator.tell(random.pick(plot.headlines));
  const paragraphs = [narrator.tell(random.pick(plot.leads))];
  for (const text of inOrder(random, plot.body, random.integer(2, 3))) paragraphs.push(narrator.tell(text));
  paragraphs.splice(random.integer(2, 3), 0, narrator.tell(random.pick(beat.quotes)));
  if (random.next() < 0.6) paragraphs.push(narrator.tell(random.pick(beat.background)));
  return {
    language: newsroom.code,
    beat: beat.name,
    title: headline,
    correctedTitle: newsroom.correctedPrefix + headline,
    paragraphs,
    categories: [beat.category, ...plot.categories],
    place,
    author: narrator.tell('{~person}'),
    figure: narrator.tell('{n}'),
    updateNote: narrator.tell(random.pick(newsroom.updates)),
    correctionNote: narrator.tell(newsroom.correction),
  };
}

/** Every plot with its beat, the beats taking turns. */
function assign(newsroom: Newsroom): { beat: Beat; plot: Plot }[] {
  const longest = Math.max(...newsroom.beats.map((beat) => beat.plots.length));
  return Array.from({ length: longest }, (_, index) =>
    newsroom.beats.flatMap((beat) => {
      const plot = beat.plots[index];
      return plot ? [{ beat, plot }] : [];
    }),
  ).flat();
}

/** Some of the texts, in the order in which they stand. */
function inOrder(random: Random, texts: readonly string[], count: number): string[] {
  const chosen = new Set(random.sample(texts, count));
  return texts.filter((text) => chosen.has(text));
}
