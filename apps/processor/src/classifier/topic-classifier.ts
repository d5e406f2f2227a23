/** Gives topics to items whose partner named none, by the version of the classifier that has proved itself, if there is one. */
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Piscina } from 'piscina';
import { projectFile } from '#config/project-file.js';
import { Metrics } from '#observability/metrics.js';
import { RepeatedWork } from '#service/repeated-work.js';
import { ClassifierRepository } from '#storage/classifier.repository.js';
import type { ClassifierTask, GivenTopic } from './classifier.thread.js';
import { unpackClassifier } from './packed-model.js';
import { SAMPLE_LENGTH } from './text-vector.js';
import type { Classifier } from './topic-model.js';

const LOOK_EVERY_MS = 2_000;
/** A hundred texts take 10 ms; the rest is for a machine with too much to do. */
const DEADLINE_MS = 10_000;

export interface ItemText {
  title: string;
  bodyText: string;
  language: string | null;
}

/** `version` is of the classifier that gave the topic. */
export interface ClassifiedTopic extends GivenTopic {
  version: number;
}

@Injectable()
export class TopicClassifier implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger(TopicClassifier.name);
  private readonly repeated = new RepeatedWork(() => this.look(), this.logger, 'the classifier could not be looked up');
  private readonly asked;
  private readonly versionInUse;
  private classifier: Classifier | undefined;
  /** The version that could not be read: it is not tried again. */
  private unreadable: number | undefined;
  private pool: Piscina<ClassifierTask, (GivenTopic | null)[]> | undefined;
  private stopped = false;

  constructor(
    private readonly versions: ClassifierRepository,
    metrics: Metrics,
  ) {
    this.asked = metrics.counter('dateline_classifier_items_total', 'Items without a topic of their partner', [
      'outcome',
    ]);
    this.versionInUse = metrics.gauge('dateline_classifier_version', 'Version of the classifier in use, 0 for none');
  }

  async onModuleInit(): Promise<void> {
    await this.look();
    this.repeated.start(LOOK_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.repeated.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.pool?.destroy();
  }

  /** Takes the version in use from PostgreSQL when it is another one than before. */
  async look(): Promise<void> {
    const version = await this.versions.versionInUse();
    if (version === this.classifier?.version || (version !== undefined && version === this.unreadable)) return;
    const bytes = version === undefined ? undefined : await this.versions.model(version);
    this.classifier = version === undefined || bytes === undefined ? undefined : this.unpacked(bytes, version);
    this.versionInUse.set(this.classifier?.version ?? 0);
  }

  /**
   * A topic or null for each text, in order. While no version is in use, in other languages, or when the thread fails,
   * there are none: news is worth more than its labels. Throws only while the service ends.
   */
  async topicsOf(texts: readonly ItemText[]): Promise<(ClassifiedTopic | null)[]> {
    const by = this.classifier;
    if (by === undefined || texts.length === 0) return texts.map(() => null);
    const isKnown = ({ language }: ItemText): boolean => by.languages.includes(language ?? '');
    const given = (await this.ask(texts.filter(isKnown), by)).values();
    const topics = texts.map((text) => {
      const topic = isKnown(text) ? given.next().value : undefined;
      this.asked.inc({ outcome: !isKnown(text) ? 'other-language' : topic ? 'given' : 'unsure' });
      return topic ? { ...topic, version: by.version } : null;
    });
    return topics;
  }

  private async ask(texts: readonly ItemText[], by: Classifier): Promise<(GivenTopic | null)[]> {
    if (texts.length === 0) return [];
    const classify = texts.map(({ title, bodyText }) => ({ title, bodyText: bodyText.slice(0, SAMPLE_LENGTH) }));
    try {
      // The model lies in memory that threads share: it is not copied.
      return await this.thread().run({ classify, by }, { signal: AbortSignal.timeout(DEADLINE_MS) });
    } catch (error) {
      if (this.stopped) throw error;
      this.logger.warn({ msg: 'texts could not be classified; they go without a topic', error: String(error) });
      return texts.map(() => null);
    }
  }

  private thread(): Piscina<ClassifierTask, (GivenTopic | null)[]> {
    if (this.pool !== undefined) return this.pool;
    this.pool = new Piscina<ClassifierTask, (GivenTopic | null)[]>({
      filename: projectFile('dist/apps/processor/src/classifier/classifier.thread.js'),
      minThreads: 1,
      maxThreads: 1,
      // As for cleaning: polls, readers and webhooks come first.
      niceIncrement: 5,
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 },
    });
    // Whoever asked is told by the rejection; a thread that dies idle is replaced, and must not end the process.
    this.pool.on('error', () => undefined);
    return this.pool;
  }

  private unpacked(bytes: Uint8Array, version: number): Classifier | undefined {
    try {
      const classifier = unpackClassifier(bytes, version);
      this.logger.log({ msg: 'classifier in use', version, topics: classifier.targets.length });
      return classifier;
    } catch (error) {
      this.unreadable = version;
      this.logger.warn({ msg: 'classifier cannot be used; train another', version, error: String(error) });
      return undefined;
    }
  }
}
