/** Finds out which stories are related, after they were written and beside everything else: one process at a time holds the window in memory. */
import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { storyTerms } from '#domain/story-terms.js';
import {
  type ClusterLease,
  type StoredCluster,
  StoryClusterRepository,
  type WaitingStory,
} from '#storage/story-cluster.repository.js';
import { uuidV7 } from '#storage/uuid.js';
import { type ClusterChange, EventClusters } from './event-clusters.js';
import { inTurns } from './in-turns.js';
import { packTerms, slotOf } from './term-weights.js';

/** Stories of one step: about fifty milliseconds of work, in pieces. */
const STEP = 50;
/** Words that explain why two stories are related. */
const SHOWN_WORDS = 8;

/** A waiting story with its words. */
interface Worded extends WaitingStory {
  terms: Int32Array;
  words: Map<number, string>;
}

@Injectable()
export class RelatedClusterer {
  private readonly holder = randomUUID();
  /** The window as of a generation of the lane; thrown away when anything else wrote, or a step failed. */
  private memory: { clusters: EventClusters; generation: number } | null = null;

  /** Whoever asks for a step at the same time waits for its turn. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly repository: StoryClusterRepository,
  ) {}

  /** Clusters the next stories. Answers how many changes of stories it took; 0 when none wait, or while another process does it. Throws what PostgreSQL throws. */
  step(): Promise<number> {
    const step = this.turn.then(() => this.next());
    this.turn = step.catch(() => undefined);
    return step;
  }

  private async next(): Promise<number> {
    if (await this.repository.isIdle()) return 0;
    const lease = await this.repository.hold(this.holder);
    if (lease === null) {
      this.memory = null;
      return 0;
    }
    try {
      return await this.cluster(lease);
    } catch (error) {
      this.memory = null;
      throw error;
    }
  }

  /** Until nothing waits: for whoever needs the result now. */
  async drain(): Promise<void> {
    while ((await this.step()) > 0);
  }

  /** Another process may go on at once. */
  async leave(): Promise<void> {
    this.memory = null;
    await this.repository.release(this.holder);
  }

  private async cluster(lease: ClusterLease): Promise<number> {
    const clusters = await this.remembered(lease);
    const { queueIds, stories } = await this.repository.next(STEP);
    if (queueIds.length === 0) return 0;
    const gone = stories.filter(({ isShown }) => !isShown).map(({ id }) => id);
    for (const id of gone) clusters.forget(id);
    const shown = await inTurns(wordedAll(stories.filter(({ isShown }) => isShown)));
    const { changes, retired } = await inTurns(
      clusters.add(
        shown.map(({ id, publishedAt, terms, clusterId }) => ({ id, at: publishedAt.getTime(), terms, clusterId })),
      ),
    );
    const written = await this.repository.write(lease, {
      queueIds,
      clusters: rows(shown, changes),
      gone,
      retired,
      isVisible: gone.length > 0 || changes.some(({ nearest, wasAlone }) => nearest !== null || !wasAlone),
    });
    this.memory = written ? { clusters, generation: lease.generation + 1 } : null;
    return written ? queueIds.length : 0;
  }

  private async remembered(lease: ClusterLease): Promise<EventClusters> {
    if (this.memory !== null && this.memory.generation === lease.generation) return this.memory.clusters;
    const settings = { threshold: this.config.relatedLikeness, mostStories: this.config.relatedStories };
    const clusters = new EventClusters(settings, uuidV7);
    const stored = await this.repository.window(settings.mostStories);
    clusters.restore(
      stored.map(({ id, clusterId, publishedAt, terms }) => ({
        id,
        clusterId,
        at: publishedAt.getTime(),
        terms: Int32Array.from(terms),
      })),
    );
    return clusters;
  }
}

function* wordedAll(stories: readonly WaitingStory[]): Generator<void, Worded[], void> {
  const all: Worded[] = [];
  for (const story of stories) {
    all.push(worded(story));
    yield;
  }
  return all;
}

function worded(story: WaitingStory): Worded {
  const terms = storyTerms(story.title, story.bodyText, story.language);
  return { ...story, terms: packTerms(terms), words: new Map([...terms.keys()].map((word) => [slotOf(word), word])) };
}

function rows(shown: readonly Worded[], changes: readonly ClusterChange[]): StoredCluster[] {
  const wordedById = new Map(shown.map((story) => [story.id, story]));
  return changes.map(({ storyId, clusterId, at, nearest }) => {
    const story = wordedById.get(storyId);
    const words = nearest?.sharedSlots.flatMap((slot) => story?.words.get(slot) ?? []).slice(0, SHOWN_WORDS);
    return {
      storyId,
      clusterId,
      publishedAt: new Date(at),
      terms: story === undefined ? null : [...story.terms],
      nearestStoryId: nearest?.storyId ?? null,
      likeness: nearest?.likeness ?? null,
      words: story === undefined || words === undefined ? null : words,
    };
  });
}
