/** Clusters of stories on one event: each new story brings its neighbourhood into order again. Pure but for the ids it is given. */
import { averageLinkage } from './average-linkage.js';
import { type Fading, StoryWindow, type WindowStory } from './story-window.js';

export interface ClusterSettings {
  /** Mean likeness from which two groups of stories are on one event, 0 to 1. */
  threshold: number;
  /** Stories that are kept at hand; the oldest leave, and stay in the cluster they are in. */
  mostStories: number;
}

/** Where a story is now, and why: the story it is most alike to in its cluster, if there is one. */
export interface ClusterChange {
  storyId: string;
  clusterId: string;
  /** When it was published, in milliseconds. */
  at: number;
  /** It was new, or the only one of its cluster. */
  wasAlone: boolean;
  nearest: { storyId: string; likeness: number; sharedSlots: number[] } | null;
}

/** A story with the cluster that it is in, which counts where the window has forgotten it. */
type NewStory = WindowStory & { clusterId: string | null };

/** What newcomers changed, and who left the window. */
interface Clustered {
  changes: ClusterChange[];
  retired: string[];
}

/** Follow-ups come for days, and seldom for months; a similar story weeks later is more likely the next of its kind. */
const FADING: Fading = { fullDays: 3, halfLifeDays: 7, floor: 0.6 };
/** Stories that are looked at as a new one's neighbours. */
const NEIGHBOURS = 24;
/** A neighbour this near, measured against the threshold, may change its cluster with the newcomer. */
const NEAR = 0.6;
/** Members of a cluster that stand for all of it. */
const MOST_MEMBERS = 60;
/** A neighbourhood is put into order whole up to this size; the time grows with its square. */
const MOST_ORDERED = 400;

export class EventClusters {
  readonly window = new StoryWindow(FADING);
  private readonly clusterOf = new Map<string, string>();
  private readonly members = new Map<string, Set<string>>();
  /** Clusters that lost a story: what it held together may have nothing else in common. */
  private readonly loosened = new Set<string>();

  constructor(
    private readonly settings: ClusterSettings,
    private readonly newId: () => string,
  ) {}

  /** Puts stories back that were clustered before; nothing is decided anew. */
  restore(stories: readonly (WindowStory & { clusterId: string })[]): void {
    for (const { clusterId, ...story } of stories) {
      this.window.put(story);
      this.move(story.id, clusterId);
    }
    this.window.settle();
  }

  /** The story is no more (withdrawn, or merged into another). With the next `add` its cluster is put into order again. */
  forget(storyId: string): void {
    const cluster = this.clusterOf.get(storyId);
    if (cluster !== undefined) this.loosened.add(cluster);
    this.leave(storyId);
  }

  private leave(storyId: string): void {
    this.window.remove(storyId);
    this.move(storyId, null);
  }

  /**
   * Takes new stories in, and new texts of known ones, in small steps; nothing else may be asked of the clusters until the
   * last. Answers these and every other story whose cluster changed, and the stories that left the window.
   */
  *add(stories: readonly NewStory[]): Generator<void, Clustered, void> {
    const wasAlone = new Map<string, boolean>();
    for (const { clusterId, ...story } of stories) {
      wasAlone.set(story.id, this.isAlone(story.id));
      this.window.put(story);
      if (!this.clusterOf.has(story.id)) this.move(story.id, clusterId ?? this.newId());
      yield;
    }
    this.window.settle();
    yield;
    for (const neighbourhood of yield* this.neighbourhoods(stories.map(({ id }) => id))) {
      for (const [id, alone] of this.order(neighbourhood)) if (!wasAlone.has(id)) wasAlone.set(id, alone);
      yield;
    }
    const changes: ClusterChange[] = [];
    for (const [id, alone] of wasAlone) {
      changes.push(this.explained(id, alone));
      yield;
    }
    const retired = this.window.oldest(this.window.size - this.settings.mostStories);
    for (const id of retired) this.leave(id);
    return { changes, retired };
  }

  private isAlone(storyId: string): boolean {
    const cluster = this.clusterOf.get(storyId);
    return cluster === undefined || this.members.get(cluster)?.size === 1;
  }

  /** Groups of stories among whom clusters may change: the newcomers, with the clusters near them, joined where they overlap; and what lost a story. */
  private *neighbourhoods(ids: readonly string[]): Generator<void, string[][], void> {
    const groups = new Groups();
    for (const id of ids) {
      const own = this.clusterOf.get(id) ?? id;
      groups.join(own, own);
      for (const neighbour of this.window.neighbours(id, NEIGHBOURS)) {
        if (neighbour.likeness < this.settings.threshold * NEAR) break;
        groups.join(own, this.clusterOf.get(neighbour.id) ?? neighbour.id);
      }
      yield;
    }
    for (const cluster of this.loosened) if (this.members.has(cluster)) groups.join(cluster, cluster);
    this.loosened.clear();
    return groups.all().map((clusters) => clusters.flatMap((cluster) => this.newestMembers(cluster)));
  }

  /** A long event is represented by its newest stories; the earlier ones keep their place. */
  private newestMembers(cluster: string): string[] {
    return [...(this.members.get(cluster) ?? [])].slice(-MOST_MEMBERS);
  }

  /** Clusters a neighbourhood anew. Answers the stories that moved, and whether each was alone before. */
  private order(all: readonly string[]): Map<string, boolean> {
    const ids = this.window.newest(all, MOST_ORDERED);
    const likenesses = this.window.likenessesAmong(ids);
    const groups = averageLinkage(
      ids.length,
      (a, b) => likenesses[(a * (a - 1)) / 2 + b] ?? 0,
      this.settings.threshold,
    );
    const grouped = new Map<number, string[]>();
    ids.forEach((id, at) => {
      const group = grouped.get(groups[at] ?? at);
      if (group === undefined) grouped.set(groups[at] ?? at, [id]);
      else group.push(id);
    });
    return this.named(this.whole(ids, [...grouped.values()]));
  }

  /** Members that were not looked at go with those that stood for them, when these stay together. */
  private whole(looked: readonly string[], groups: readonly string[][]): string[][] {
    const represented = new Map<string, string[]>();
    for (const id of looked) {
      const cluster = this.clusterOf.get(id) ?? '';
      const ids = represented.get(cluster);
      if (ids === undefined) represented.set(cluster, [id]);
      else ids.push(id);
    }
    return groups.map((group) => {
      const inGroup = new Set(group);
      const clusters = new Set(group.map((id) => this.clusterOf.get(id) ?? ''));
      const rest = [...clusters]
        .filter((cluster) => represented.get(cluster)?.every((id) => inGroup.has(id)) === true)
        .flatMap((cluster) => [...(this.members.get(cluster) ?? [])].filter((id) => !inGroup.has(id)));
      return [...group, ...rest];
    });
  }

  /** The largest share of a former cluster keeps its id, so that what readers saw as related changes as little as can be. */
  private named(groups: readonly string[][]): Map<string, boolean> {
    const claims = groups.flatMap((group) => {
      const shares = new Map<string, number>();
      for (const id of group) {
        const cluster = this.clusterOf.get(id);
        if (cluster !== undefined) shares.set(cluster, (shares.get(cluster) ?? 0) + 1);
      }
      return [...shares].map(([cluster, share]) => ({ group, cluster, share }));
    });
    const named = new Map<string[], string>();
    const taken = new Set<string>();
    // Of equal shares the older cluster's: ids of clusters are in the order of their making.
    for (const { group, cluster } of claims.sort((a, b) => b.share - a.share || (a.cluster < b.cluster ? -1 : 1))) {
      if (named.has(group) || taken.has(cluster)) continue;
      named.set(group, cluster);
      taken.add(cluster);
    }
    const moved = groups.flatMap((group) => {
      const cluster = named.get(group) ?? this.newId();
      return group
        .filter((id) => this.clusterOf.get(id) !== cluster)
        .map((id) => ({ id, cluster, alone: this.isAlone(id) }));
    });
    for (const { id, cluster } of moved) this.move(id, cluster);
    return new Map(moved.map(({ id, alone }) => [id, alone]));
  }

  private explained(storyId: string, wasAlone: boolean): ClusterChange {
    const clusterId = this.clusterOf.get(storyId) ?? '';
    const change = { storyId, clusterId, at: this.window.publishedAt(storyId), wasAlone };
    const others = this.newestMembers(clusterId).filter((id) => id !== storyId);
    const [first, ...rest] = this.window.likenesses(storyId, others);
    if (first === undefined) return { ...change, nearest: null };
    const nearest = rest.reduce((best, one) => (one.likeness > best.likeness ? one : best), first);
    const sharedSlots = this.window.sharedSlots(storyId, nearest.id);
    return { ...change, nearest: { storyId: nearest.id, likeness: nearest.likeness, sharedSlots } };
  }

  private move(storyId: string, cluster: string | null): void {
    const former = this.clusterOf.get(storyId);
    if (former !== undefined) {
      const left = this.members.get(former);
      left?.delete(storyId);
      if (left?.size === 0) this.members.delete(former);
    }
    if (cluster === null) {
      this.clusterOf.delete(storyId);
      return;
    }
    this.clusterOf.set(storyId, cluster);
    const members = this.members.get(cluster);
    if (members === undefined) this.members.set(cluster, new Set([storyId]));
    else members.add(storyId);
  }
}

/** Disjoint sets of cluster ids. */
class Groups {
  private readonly parent = new Map<string, string>();

  join(a: string, b: string): void {
    const [first, second] = [this.find(a), this.find(b)];
    if (first !== second) this.parent.set(second, first);
  }

  all(): string[][] {
    const groups = new Map<string, string[]>();
    for (const id of this.parent.keys()) {
      const root = this.find(id);
      const group = groups.get(root);
      if (group === undefined) groups.set(root, [id]);
      else group.push(id);
    }
    return [...groups.values()];
  }

  private find(id: string): string {
    let root = id;
    if (!this.parent.has(id)) this.parent.set(id, id);
    while (this.parent.get(root) !== root) root = this.parent.get(root) ?? root;
    for (let at = id; at !== root;) {
      const next = this.parent.get(at) ?? root;
      this.parent.set(at, root);
      at = next;
    }
    return root;
  }
}
