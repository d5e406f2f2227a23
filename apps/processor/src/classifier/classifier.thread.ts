/** The worker thread that reads words, trains and classifies: all that takes a classifier more than a moment. */
import { chosenTopic, type Classifier, probabilities } from './topic-model.js';
import { type TextVector, textVector } from './text-vector.js';
import { trainClassifier, type TrainingResult, type TrainingTask } from './training.js';

export interface TextToRead {
  title: string;
  bodyText: string;
}

/** `confidence` from 0 to 1. */
export interface GivenTopic {
  slug: string;
  name: string;
  confidence: number;
}

export type ClassifierTask =
  { read: TextToRead[] } | { train: TrainingTask } | { classify: TextToRead[]; by: Classifier };

export type ClassifierAnswer = TextVector[] | TrainingResult | (GivenTopic | null)[];

export default function work(task: ClassifierTask): ClassifierAnswer {
  if ('read' in task) return task.read.map(({ title, bodyText }) => textVector(title, bodyText));
  if ('train' in task) return trainClassifier(task.train);
  const { model, targets } = task.by;
  return task.classify.map(({ title, bodyText }) => {
    const chosen = chosenTopic(targets, probabilities(model, textVector(title, bodyText)));
    if (chosen === undefined) return null;
    const { slug, name } = chosen.target;
    return { slug, name, confidence: chosen.confidence };
  });
}
