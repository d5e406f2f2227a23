/** Learns which words speak for which class, by stochastic gradient descent. Pure: the same samples give the same model. */
import { rounded, softmax, type TopicModel, weighedWords } from './topic-model.js';
import { DIMENSIONS, type TextVector } from './text-vector.js';

export interface TrainingSample {
  vector: TextVector;
  /** Numbers of the sample's classes, at least one. */
  classes: readonly number[];
}

const EPOCHS = 8;
const FIRST_STEP = 4;
const LAST_STEP = 0.2;
/** A word that only one text has says nothing about the next. */
const MIN_TEXTS_OF_A_WORD = 2;

export function trainModel(samples: readonly TrainingSample[], classCount: number): TopicModel {
  const rarity = rarities(samples);
  const weights = new Float32Array(DIMENSIONS * classCount);
  const biases = new Float32Array(classCount);
  const scores = new Float32Array(classCount);
  const values = samples.map(({ vector }) => weighedWords(vector, rarity));
  const order = samples.map((_, index) => index);
  const random = generator(samples.length);
  const steps = EPOCHS * samples.length;
  let step = 0;
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    shuffle(order, random);
    for (const index of order) {
      const rate = FIRST_STEP * (LAST_STEP / FIRST_STEP) ** (step++ / steps);
      learn(samples[index] as TrainingSample, values[index] as Float32Array, { weights, biases, scores, rate });
    }
  }
  return rounded(weights, biases, rarity);
}

interface Learning {
  weights: Float32Array;
  biases: Float32Array;
  scores: Float32Array;
  rate: number;
}

/** One step: the classes of the sample gain what all lose by their share of the prediction. */
function learn({ vector, classes }: TrainingSample, values: Float32Array, state: Learning): void {
  const { weights, biases, scores, rate } = state;
  const classCount = biases.length;
  scores.set(biases);
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] as number;
    if (value === 0) continue;
    const row = (vector.places[at] as number) * classCount;
    for (let one = 0; one < classCount; one += 1)
      scores[one] = (scores[one] as number) + value * (weights[row + one] as number);
  }
  softmax(scores);
  for (let one = 0; one < classCount; one += 1) scores[one] = -rate * (scores[one] as number);
  for (const one of classes) scores[one] = (scores[one] as number) + rate / classes.length;
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] as number;
    if (value === 0) continue;
    const row = (vector.places[at] as number) * classCount;
    for (let one = 0; one < classCount; one += 1)
      weights[row + one] = (weights[row + one] as number) + value * (scores[one] as number);
  }
  for (let one = 0; one < classCount; one += 1) biases[one] = (biases[one] as number) + 0.1 * (scores[one] as number);
}

function rarities(samples: readonly TrainingSample[]): Float32Array {
  const texts = new Uint32Array(DIMENSIONS);
  for (const { vector } of samples) for (const place of vector.places) texts[place] = (texts[place] as number) + 1;
  return Float32Array.from(texts, (count) =>
    count < MIN_TEXTS_OF_A_WORD ? 0 : Math.log((samples.length + 1) / (count + 1)) + 0.1,
  );
}

function shuffle(order: number[], random: () => number): void {
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [order[at], order[other]] = [order[other] as number, order[at] as number];
  }
}

/** Mulberry32: good enough for an order, and the same every time. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
