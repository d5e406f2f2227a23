/** The classifier itself: multinomial logistic regression over weighted words, small enough to be kept in a database. Pure. */
import { DIMENSIONS, type TextVector } from './text-vector.js';

/** A topic that may be given, with the classes whose probabilities add up to its own: itself and what is narrower. */
export interface Target {
  slug: string;
  name: string;
  classes: number[];
  /** Given from this probability on, at least a half: so at most one topic and what is broader can pass. */
  threshold: number;
}

/** `weights` has a row of classes for each place of a word, in units of its class's scale. */
export interface TopicModel {
  classCount: number;
  /** Inverse document frequency of each place; 0 for places that are not used. */
  rarity: Float32Array;
  weights: Int8Array;
  scales: Float32Array;
  biases: Float32Array;
}

/** A model and what may be done with it. */
export interface Classifier {
  version: number;
  model: TopicModel;
  targets: Target[];
  /** Only texts in these languages (BCP 47 primary subtags, '' for the unknown) are classified. */
  languages: string[];
}

/** A text's words weighed by how often they occur here and how seldom elsewhere; of length one, or none. */
export function weighedWords({ places, counts }: TextVector, rarity: Float32Array): Float32Array {
  const values = new Float32Array(places.length);
  let square = 0;
  for (let at = 0; at < places.length; at += 1) {
    const value = (1 + Math.log(counts[at] as number)) * (rarity[places[at] as number] as number);
    values[at] = value;
    square += value * value;
  }
  if (square > 0) {
    const length = Math.sqrt(square);
    for (let at = 0; at < values.length; at += 1) values[at] = (values[at] as number) / length;
  }
  return values;
}

/** The probability of each class; they add up to one. */
export function probabilities(model: TopicModel, vector: TextVector): Float32Array {
  const { classCount, weights, scales, biases, rarity } = model;
  const values = weighedWords(vector, rarity);
  const scores = new Float32Array(classCount);
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] as number;
    if (value === 0) continue;
    const row = (vector.places[at] as number) * classCount;
    for (let one = 0; one < classCount; one += 1)
      scores[one] = (scores[one] as number) + value * (weights[row + one] as number);
  }
  for (let one = 0; one < classCount; one += 1)
    scores[one] = (scores[one] as number) * (scales[one] as number) + (biases[one] as number);
  softmax(scores);
  return scores;
}

export function softmax(scores: Float32Array): void {
  let most = -Infinity;
  for (const score of scores) if (score > most) most = score;
  let sum = 0;
  for (let one = 0; one < scores.length; one += 1) {
    const power = Math.exp((scores[one] as number) - most);
    scores[one] = power;
    sum += power;
  }
  for (let one = 0; one < scores.length; one += 1) scores[one] = (scores[one] as number) / sum;
}

/** How probable it is that a text has the topic, or a narrower one. */
export function confidence({ classes }: Pick<Target, 'classes'>, probability: Float32Array): number {
  let sum = 0;
  for (const one of classes) sum += probability[one] as number;
  return Math.min(sum, 1);
}

/** The narrowest topic that passes its threshold, if any does. */
export function chosenTopic(
  targets: readonly Target[],
  probability: Float32Array,
): { target: Target; confidence: number } | undefined {
  let best: { target: Target; confidence: number } | undefined;
  for (const target of targets) {
    const sure = confidence(target, probability);
    if (sure < target.threshold) continue;
    if (best === undefined || target.classes.length < best.target.classes.length) best = { target, confidence: sure };
  }
  return best;
}

/** Weights as small as they are kept: a byte each, which costs no precision that could be measured. */
export function rounded(weights: Float32Array, biases: Float32Array, rarity: Float32Array): TopicModel {
  const classCount = biases.length;
  const scales = new Float32Array(classCount);
  for (let at = 0; at < weights.length; at += 1) {
    const size = Math.abs(weights[at] as number);
    if (size > (scales[at % classCount] as number)) scales[at % classCount] = size;
  }
  for (let one = 0; one < classCount; one += 1) scales[one] = (scales[one] as number) / 127 || 1;
  const bytes = new Int8Array(DIMENSIONS * classCount);
  for (let at = 0; at < weights.length; at += 1)
    bytes[at] = Math.round((weights[at] as number) / (scales[at % classCount] as number));
  return { classCount, rarity, weights: bytes, scales, biases };
}
