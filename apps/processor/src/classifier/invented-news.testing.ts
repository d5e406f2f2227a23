/** Invented news for tests of the classifier: texts whose words tell their topic about as well as real ones do. */

/** The same numbers from the same seed, 0 to 1. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

const SYLLABLES = 'ba ko ri tel mun sar vi nop gra des lu fen ti rok ham pel wo jin cas dro'.split(' ');

function word(random: () => number): string {
  const length = 2 + Math.floor(random() * 2);
  return Array.from({ length }, () => SYLLABLES[Math.floor(random() * SYLLABLES.length)]).join('');
}

export interface InventedText {
  title: string;
  bodyText: string;
}

/**
 * A writer of news: `topic` 0 to `topics` - 1. One word in five is the topic's own, the others everybody's, and frequent
 * words are far more frequent than rare ones.
 */
export function newsWriter(topics: number, seed: number): (topic: number) => InventedText {
  const random = seeded(seed);
  const words = (count: number) => Array.from({ length: count }, () => word(random));
  const common = words(3_000);
  const own = Array.from({ length: topics }, () => words(250));
  const pick = (from: string[]) => from[Math.floor(random() ** 3 * from.length)] ?? '';
  const text = (topic: number, length: number, share: number) =>
    Array.from({ length }, () => pick(random() < share ? (own[topic] ?? common) : common)).join(' ');
  return (topic) => ({ title: text(topic, 8, 0.3), bodyText: text(topic, 60 + Math.floor(random() * 120), 0.2) });
}
