/** Finds each topic's threshold on some samples and measures what comes of it on others, newer ones. Pure. */
import type { ClassifierLanguage, ClassifierTopic } from '#storage/schema.js';
import { chosenTopic, confidence, probabilities, type Target, type TopicModel } from './topic-model.js';
import type { TextVector } from './text-vector.js';

/** A sample that the model was not trained on. `language` '' when nobody knows it. */
export interface HeldOutSample {
  vector: TextVector;
  language: string;
  truth: ReadonlySet<string>;
}

/** `precision`: of the topics given, the share that is right; null when none is given. `coverage`: texts that get one. */
export interface Judgement {
  targets: Target[];
  languages: string[];
  topics: Omit<ClassifierTopic, 'samples'>[];
  byLanguage: Omit<ClassifierLanguage, 'samples'>[];
  given: number;
  right: number;
  precision: number | null;
  coverage: number;
}

/** Fewer cases prove nothing. */
export const MIN_CASES = 20;
const MIN_CASES_A_LANGUAGE = 10;
/** Below, two topics that exclude each other could both be given. */
const MIN_THRESHOLD = 0.5;

/** Thresholds come from `tuning`, all figures from `test`. `bar`: the precision to reach, 0 to 1. */
export function judgeModel(
  model: TopicModel,
  candidates: readonly Omit<Target, 'threshold'>[],
  { tuning, test, bar }: { tuning: readonly HeldOutSample[]; test: readonly HeldOutSample[]; bar: number },
): Judgement {
  const tuned = tuning.map((sample) => probabilities(model, sample.vector));
  const tested = test.map((sample) => probabilities(model, sample.vector));
  const judged = candidates.map((candidate) => {
    const threshold = findThreshold(candidate, tuning, tuned, bar);
    const topic =
      threshold === null ? unproven(candidate, test) : measure({ ...candidate, threshold }, test, tested, bar);
    return { candidate, threshold, topic };
  });
  const targets = judged.flatMap(({ candidate, threshold, topic }) =>
    topic.isUsed && threshold !== null ? [{ ...candidate, threshold }] : [],
  );
  return { ...judgeWhole(targets, test, tested, bar), targets, topics: judged.map(({ topic }) => topic) };
}

/** How a model that is in use does on newer samples. */
export function judgeAgain(
  model: TopicModel,
  targets: readonly Target[],
  languages: readonly string[],
  test: readonly HeldOutSample[],
): { given: number; right: number } {
  let [given, right] = [0, 0];
  for (const sample of test) {
    if (!languages.includes(sample.language)) continue;
    const chosen = chosenTopic(targets, probabilities(model, sample.vector));
    if (chosen === undefined) continue;
    given += 1;
    if (sample.truth.has(chosen.target.slug)) right += 1;
  }
  return { given, right };
}

/** The least threshold above which enough is right, with some room: it was chosen on the very samples it is measured on. */
function findThreshold(
  candidate: Omit<Target, 'threshold'>,
  samples: readonly HeldOutSample[],
  probability: readonly Float32Array[],
  bar: number,
): number | null {
  const wanted = bar + (1 - bar) / 3;
  const ranked = samples
    .map(({ truth }, index) => ({
      sure: confidence(candidate, probability[index] as Float32Array),
      isRight: truth.has(candidate.slug),
    }))
    .filter(({ sure }) => sure >= MIN_THRESHOLD)
    .toSorted((a, b) => b.sure - a.sure);
  let [right, best] = [0, null as number | null];
  ranked.forEach(({ sure, isRight }, index) => {
    if (isRight) right += 1;
    if (index + 1 >= MIN_CASES && right / (index + 1) >= wanted) best = Math.floor(sure * 1_000) / 1_000;
  });
  return best === null ? null : Math.max(best, MIN_THRESHOLD);
}

function measure(
  target: Target,
  samples: readonly HeldOutSample[],
  probability: readonly Float32Array[],
  bar: number,
): Omit<ClassifierTopic, 'samples'> {
  let [given, right, positives] = [0, 0, 0];
  samples.forEach(({ truth }, index) => {
    const isTrue = truth.has(target.slug);
    if (isTrue) positives += 1;
    if (confidence(target, probability[index] as Float32Array) < target.threshold) return;
    given += 1;
    if (isTrue) right += 1;
  });
  const isUsed = given >= MIN_CASES && right / given >= bar;
  const reason = isUsed
    ? `${right} of ${given} held-out items right`
    : given < MIN_CASES
      ? `only ${given} held-out items would get it; ${MIN_CASES} are needed to know`
      : `only ${right} of ${given} held-out items right; ${bar} is asked for`;
  const { slug, name, threshold } = target;
  return { slug, name, threshold, positives, given, right, isUsed, reason };
}

function unproven(
  { slug, name }: Omit<Target, 'threshold'>,
  test: readonly HeldOutSample[],
): Omit<ClassifierTopic, 'samples'> {
  const positives = test.filter(({ truth }) => truth.has(slug)).length;
  const reason = 'at no confidence was it right often enough';
  return { slug, name, threshold: null, positives, given: 0, right: 0, isUsed: false, reason };
}

/** What is given when each text gets the narrowest topic that passes; languages that fall short are left out. */
function judgeWhole(
  targets: readonly Target[],
  test: readonly HeldOutSample[],
  probability: readonly Float32Array[],
  bar: number,
): Pick<Judgement, 'languages' | 'byLanguage' | 'given' | 'right' | 'precision' | 'coverage'> {
  const tally = new Map<string, { given: number; right: number }>();
  test.forEach(({ language, truth }, index) => {
    const of = tally.get(language) ?? { given: 0, right: 0 };
    tally.set(language, of);
    const chosen = chosenTopic(targets, probability[index] as Float32Array);
    if (chosen === undefined) return;
    of.given += 1;
    if (truth.has(chosen.target.slug)) of.right += 1;
  });
  const byLanguage = [...tally]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([language, { given, right }]) => ({
      ...{ language, given, right },
      isUsed: given >= MIN_CASES_A_LANGUAGE && right / given >= bar,
    }));
  const used = byLanguage.filter(({ isUsed }) => isUsed);
  const given = used.reduce((sum, one) => sum + one.given, 0);
  const right = used.reduce((sum, one) => sum + one.right, 0);
  return {
    languages: used.map(({ language }) => language),
    ...{ byLanguage, given, right },
    precision: given === 0 ? null : right / given,
    coverage: test.length === 0 ? 0 : given / test.length,
  };
}
