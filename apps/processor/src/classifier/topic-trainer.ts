/** Trains the classifier from the installation's own stories, when there is enough new to learn from, and stores what came of it. */
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Piscina } from 'piscina';
import { CONFIG, type Config } from '#config/config.js';
import { projectFile } from '#config/project-file.js';
import { slugify } from '#domain/slug.js';
import { Metrics } from '#observability/metrics.js';
import { ClassifierRepository, type LabelledStory } from '#storage/classifier.repository.js';
import { TopicCatalogue } from '../tagging/topic-catalogue.js';
import type { ClassifierTask } from './classifier.thread.js';
import { MIN_CASES } from './judge-model.js';
import { SAMPLE_LENGTH, type TextVector } from './text-vector.js';
import { MIN_SAMPLES, type TopicChains, type TopicName } from './topic-classes.js';
import type { LabelledText, TrainingResult } from './training.js';

const LEASE_SECONDS = 900;
/** Reading, teaching and examining the most samples takes a minute; the rest is for a busy machine. */
const DEADLINE_MS = 600_000;
const BATCH = 250;
/** Samples of one topic at most: one that everybody writes about must not crowd the others out. */
const SAMPLES_A_TOPIC = 4_000;
/** Fewer samples than this are not worth a training. */
const MIN_STORIES = 200;
/** Trained again when so many stories are newer than the last training's, or this share of its samples. */
const NEW_STORIES = 500;
const NEW_SHARE = 0.1;

@Injectable()
export class TopicTrainer {
  private readonly logger = new Logger(TopicTrainer.name);
  private readonly seconds;
  private readonly stop = new AbortController();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly repository: ClassifierRepository,
    private readonly catalogue: TopicCatalogue,
    metrics: Metrics,
  ) {
    this.seconds = metrics.gauge('dateline_classifier_training_seconds', 'How long the last training took');
  }

  /** The process ends: what is under way is left to whoever comes next. */
  giveUp(): void {
    this.stop.abort();
  }

  /**
   * Trains when it is wanted, or time to look and there is enough new; one process at a time. Answers the note it left,
   * or undefined when there was nothing to do. A process killed in between leaves a lease that runs out.
   */
  async trainIfDue(): Promise<string | undefined> {
    const due = await this.repository.claim(LEASE_SECONDS);
    if (due === undefined) return undefined;
    const note = await this.attempt(due).catch((error: unknown) => {
      if (this.stop.signal.aborted) return undefined;
      this.logger.warn({ msg: 'classifier training failed', error: String(error) });
      return `training failed: ${String(error).slice(0, 200)}`;
    });
    // Undefined: the process ends. Whoever comes next begins anew as soon as the lease is free.
    await this.repository.release(due.token, note);
    return note;
  }

  private async attempt({ token, isWanted }: { token: string; isWanted: boolean }): Promise<string> {
    const begun = Date.now();
    const most = this.config.classifierSamples;
    if (most === 0) return 'not trained: CLASSIFIER_SAMPLES is 0';
    const stories = await this.repository.labelledStories(SAMPLES_A_TOPIC, most);
    if (stories.length < MIN_STORIES)
      return `not trained: ${stories.length} stories have a topic from their partners or an operator, ${MIN_STORIES} are needed`;
    if (enoughIn(stories) < 2) return `not trained: two topics with ${MIN_SAMPLES} stories each are needed`;
    const last = await this.repository.lastVersion();
    const wait = last === undefined || isWanted ? undefined : whyToWait(stories, last);
    if (wait !== undefined) return wait;

    const { result, samples } = await this.inThread(stories);
    const seconds = (Date.now() - begun) / 1_000;
    const bar = this.config.classifierPrecision;
    const stored = await this.repository.store(token, {
      ...result,
      samples,
      bar,
      seconds,
      newestSampleAt: stories.at(-1)?.sortAt ?? null,
      isPresentGood: isGoodStill(result, bar),
    });
    if (stored === undefined) return 'trained in vain: another process has taken over';
    this.seconds.set(seconds);
    this.logger.log({ msg: 'classifier trained', samples, seconds, ...stored });
    return `version ${stored.version} trained: ${stored.reason}`;
  }

  /** The threads live for one training: their memory is given back. */
  private async inThread(stories: readonly LabelledStory[]): Promise<{ result: TrainingResult; samples: number }> {
    const pool = new Piscina<ClassifierTask, TextVector[] | TrainingResult>({
      filename: projectFile('dist/apps/processor/src/classifier/classifier.thread.js'),
      minThreads: 1,
      maxThreads: 1,
      idleTimeout: 60_000,
      // Everything else comes first.
      niceIncrement: 10,
      resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 },
    });
    pool.on('error', () => undefined);
    const signal = AbortSignal.any([this.stop.signal, AbortSignal.timeout(DEADLINE_MS)]);
    try {
      const samples: LabelledText[] = [];
      for (let at = 0; at < stories.length; at += BATCH) {
        signal.throwIfAborted();
        const batch = stories.slice(at, at + BATCH);
        const texts = await this.repository.texts(
          batch.map(({ id }) => id),
          SAMPLE_LENGTH,
        );
        const found = batch.flatMap(({ id, topics }) => {
          const text = texts.get(id);
          return text === undefined ? [] : [{ ...text, topics }];
        });
        const read = found.map(({ title, bodyText }) => ({ title, bodyText }));
        const vectors = (await pool.run({ read }, { signal })) as TextVector[];
        found.forEach(({ language, topics }, index) =>
          samples.push({ vector: vectors[index] as TextVector, language: language ?? '', topics }),
        );
      }
      const present = (await this.repository.activeModel()) ?? null;
      const bar = this.config.classifierPrecision;
      const task = { samples, chains: this.chains(stories), bar, present };
      return { result: (await pool.run({ train: task }, { signal })) as TrainingResult, samples: samples.length };
    } finally {
      await pool.destroy();
    }
  }

  /** The broader topics of those that occur. */
  private chains(stories: readonly LabelledStory[]): TopicChains {
    const byCode = new Map(this.catalogue.topics.map((topic) => [topic.code, topic]));
    const bySlug = new Map(this.catalogue.topics.map((topic) => [slugify(topic.name), topic]));
    const used = new Map(stories.flatMap(({ topics }) => topics).map((topic) => [topic.slug, topic]));
    const chains = new Map<string, TopicName[]>();
    for (const { slug, name } of used.values()) {
      const chain: TopicName[] = [];
      for (let topic = bySlug.get(slug); topic !== undefined; topic = byCode.get(topic.parent ?? ''))
        chain.push({ slug: slugify(topic.name), name: topic.name });
      if (chain.length === 0) chain.push({ slug, name });
      chain.forEach((link, index) => chains.set(link.slug, chain.slice(index)));
    }
    return Object.fromEntries(chains);
  }
}

/** How many topics have stories enough. */
function enoughIn(stories: readonly LabelledStory[]): number {
  const counts = new Map<string, number>();
  for (const { topics } of stories) for (const { slug } of topics) counts.set(slug, (counts.get(slug) ?? 0) + 1);
  return [...counts.values()].filter((count) => count >= MIN_SAMPLES).length;
}

/** Undefined when there is enough that the last training did not know: newer stories, or older ones that came late. */
function whyToWait(
  stories: readonly LabelledStory[],
  last: { version: number; samples: number; newestSampleAt: Date | null },
): string | undefined {
  const newer = stories.filter(({ sortAt }) => sortAt > (last.newestSampleAt ?? new Date(0))).length;
  const fresh = Math.max(newer, stories.length - last.samples);
  const enough = Math.min(NEW_STORIES, Math.ceil(last.samples * NEW_SHARE));
  if (fresh >= enough) return undefined;
  return `not trained again: ${fresh} new stories with a topic since version ${last.version}, ${enough} are needed`;
}

/** Null: there is none, or too few items got a topic from it to know. */
function isGoodStill({ present }: TrainingResult, bar: number): boolean | null {
  if (present === null || present.given < MIN_CASES) return null;
  return present.right / present.given >= bar;
}
