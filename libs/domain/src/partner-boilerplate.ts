/** Learns what a partner writes under everything: footers, "read more at", subscription lines. By frequency alone, bounded. */
import type { TextPrint } from './text-print.js';

/** How many items of the partner were counted, and how many of them hold a sentence, by its hash. */
export interface SentenceCounts {
  items: number;
  sentences: Map<number, number>;
}

/** Boilerplate stands at the ends of a text; what stands in the middle is its own. */
const FIRST_SENTENCES = 2;
const LAST_SENTENCES = 6;
/** Fewer are chance: an update or two that begins like the story. */
const LEAST_ITEMS = 5;
const LEAST_SHARE = 0.15;
/** Of a batch that is being read, for a partner of whom little is known: more than one of several languages or desks may have. */
const LEAST_SHARE_AT_ONCE = 0.3;
/** Sentences remembered of a partner; the rarest are forgotten first. */
const SENTENCES_KEPT = 1_000;
/** Then all is halved, so that a footer that is no longer used is forgotten. */
const ITEMS_REMEMBERED = 5_000;

export function emptyCounts(): SentenceCounts {
  return { items: 0, sentences: new Map() };
}

/** Counts an item's first and last sentences, each once. */
export function countSentences(counts: SentenceCounts, { sentences }: TextPrint): void {
  counts.items += 1;
  const ends = new Set(
    [...sentences.slice(0, FIRST_SENTENCES), ...sentences.slice(-LAST_SENTENCES)].map((s) => s.hash),
  );
  for (const hash of ends) counts.sentences.set(hash, (counts.sentences.get(hash) ?? 0) + 1);
  if (counts.sentences.size > SENTENCES_KEPT * 2) replace(counts, pruned(counts));
}

/** The most frequent sentences of all that were counted. */
export function pruned({ items, sentences }: SentenceCounts): SentenceCounts {
  const kept = [...sentences].sort(([, a], [, b]) => b - a).slice(0, SENTENCES_KEPT);
  if (items < ITEMS_REMEMBERED) return { items, sentences: new Map(kept) };
  return { items: items >> 1, sentences: new Map(kept.map(([hash, count]) => [hash, count >> 1])) };
}

/** Whether a sentence is the partner's boilerplate, by what is `known` and what comes in the same batch. */
export function isBoilerplate(hash: number, known: SentenceCounts, batch: SentenceCounts = emptyCounts()): boolean {
  const count = known.sentences.get(hash) ?? 0;
  if (count >= LEAST_ITEMS && count >= LEAST_SHARE * known.items) return true;
  const all = count + (batch.sentences.get(hash) ?? 0);
  return all >= LEAST_ITEMS && all >= LEAST_SHARE_AT_ONCE * (known.items + batch.items);
}

/** Every sentence that is boilerplate, by its hash. */
export function boilerplateOf(known: SentenceCounts): number[] {
  return [...known.sentences.keys()].filter((hash) => isBoilerplate(hash, known));
}

function replace(counts: SentenceCounts, by: SentenceCounts): void {
  counts.items = by.items;
  counts.sentences = by.sentences;
}
