/** A training from samples to a judged classifier: the oldest teach, the next set thresholds, the newest are the examination. Pure. */
import type { ClassifierLanguage, ClassifierTopic } from '#storage/schema.js';
import { type HeldOutSample, judgeAgain, judgeModel } from './judge-model.js';
import { packClassifier, unpackClassifier } from './packed-model.js';
import { MIN_SAMPLES, topicClasses, type TopicChains, type TopicName, trueTopics } from './topic-classes.js';
import type { TextVector } from './text-vector.js';
import { trainModel } from './train-model.js';

export interface LabelledText {
  vector: TextVector;
  /** '' when nobody knows it. */
  language: string;
  /** At least one. */
  topics: TopicName[];
}

export interface TrainingTask {
  /** Oldest first. */
  samples: LabelledText[];
  chains: TopicChains;
  /** The precision to reach, 0 to 1. */
  bar: number;
  /** The classifier in use, to be examined again. */
  present: Uint8Array | null;
}

export interface TrainingResult {
  /** Null when not good enough to be used. */
  packed: Buffer | null;
  trainedSamples: number;
  testedSamples: number;
  precision: number | null;
  coverage: number;
  topics: ClassifierTopic[];
  languages: ClassifierLanguage[];
  /** How the classifier in use did in the same examination. */
  present: { given: number; right: number } | null;
}

/** Shares of the samples that set thresholds and that examine; more than so many prove nothing more. */
const HELD_OUT = 0.2;
const MAX_HELD_OUT = 4_000;

export function trainClassifier({ samples, chains, bar, present }: TrainingTask): TrainingResult {
  const heldOut = Math.min(MAX_HELD_OUT, Math.floor(samples.length * HELD_OUT));
  const teaching = samples.slice(0, samples.length - 2 * heldOut);
  const tuning = samples.slice(teaching.length, samples.length - heldOut).map((sample) => asked(sample, chains));
  const test = samples.slice(samples.length - heldOut).map((sample) => asked(sample, chains));

  const {
    classesOf,
    classCount,
    targets: candidates,
  } = topicClasses(
    teaching.map(({ topics }) => topics),
    chains,
  );
  const model = trainModel(
    teaching.map(({ vector }, index) => ({ vector, classes: classesOf[index] as number[] })),
    classCount,
  );
  const judgement = judgeModel(model, candidates, { tuning, test, bar });
  const { targets, precision, coverage } = judgement;
  const languages = judgement.languages.filter((language) => countOf(teaching, language) >= MIN_SAMPLES);
  const isGood = targets.length > 0 && languages.length > 0 && precision !== null && precision >= bar;
  return {
    packed: isGood ? packClassifier({ model, targets, languages }) : null,
    trainedSamples: teaching.length,
    testedSamples: test.length,
    ...{ precision, coverage },
    topics: judgement.topics.map((topic) => ({
      ...topic,
      samples: teaching.filter(({ topics }) => trueTopics(topics, chains).has(topic.slug)).length,
    })),
    languages: judgement.byLanguage.map((one) => ({
      ...one,
      samples: countOf(teaching, one.language),
      isUsed: languages.includes(one.language),
    })),
    present: present === null ? null : examined(present, test),
  };
}

function asked({ vector, language, topics }: LabelledText, chains: TopicChains): HeldOutSample {
  return { vector, language, truth: trueTopics(topics, chains) };
}

function countOf(samples: readonly LabelledText[], language: string): number {
  return samples.filter((sample) => sample.language === language).length;
}

/** Bytes that cannot be read are as good as a classifier that is never right. */
function examined(present: Uint8Array, test: readonly HeldOutSample[]): { given: number; right: number } {
  try {
    const { model, targets, languages } = unpackClassifier(present, 0);
    return judgeAgain(model, targets, languages, test);
  } catch {
    return { given: 0, right: 0 };
  }
}
