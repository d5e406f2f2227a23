/** Holds what the pipeline made of a corpus against its labels and counts; definitions in docs/evaluate.md. */
import { TAG_SCHEMES, type TagScheme } from '#contracts/story-body.js';
import type { ItemDecision } from '#storage/evaluation.repository.js';
import type { ItemLabels } from './evaluation-line.js';
import { Groups } from './groups.js';
import { adjustedRand, pairScore, type Score, score } from './pair-score.js';

/** Figures are null where the corpus has no labels for them. */
export interface Verdicts {
  /** Items that the pipeline took, and those that it failed on or kept back. */
  items: number;
  failed: number;
  stories: number;
  /** Pairs shown as one. */
  duplicatePairs: Score;
  /** Pairs in one story. */
  linkedPairs: Score;
  /** Items without a copy in the corpus, and how many of them were suppressed all the same. */
  suppressed: { items: number; withoutCopy: number; wrongly: number; share: number | null };
  relatedClusters: { items: number; expected: number; found: number; ari: number | null } | null;
  tags: Partial<Record<TagScheme, Score>> | null;
  language: {
    items: number;
    right: number;
    accuracy: number | null;
    byLanguage: Record<string, { items: number; right: number }>;
  } | null;
}

/** One item's place: in the corpus's copies, in its story, in what is shown as one. */
interface Place {
  label: string;
  story: string;
  suppressed: boolean;
}

export class Judge {
  private readonly copies = new Groups();
  private readonly shown = new Groups();
  private readonly places: Place[] = [];
  private failed = 0;
  private readonly expectedClusters: string[] = [];
  private readonly foundClusters: string[] = [];
  private readonly tags = new Map<TagScheme, { right: number; wrong: number; missed: number }>();
  private readonly languages = new Map<string, { items: number; right: number }>();

  /** `labels`: of every item, in the order of the decisions to come. */
  constructor(private readonly labels: readonly ItemLabels[]) {
    for (const { id, duplicateOf } of labels) if (duplicateOf !== null) this.copies.join(duplicateOf, id);
    const schemes = new Set(labels.flatMap(({ tags }) => (tags ?? []).map(schemeOf)));
    for (const scheme of TAG_SCHEMES) if (schemes.has(scheme)) this.tags.set(scheme, { right: 0, wrong: 0, missed: 0 });
  }

  take(decision: ItemDecision): void {
    const labels = this.labels[this.places.length];
    if (labels?.id !== decision.label) throw new Error(`${decision.label} is not the item that was to be judged`);
    const { label, storyId, relation, matchedLabel } = decision;
    const suppressed = relation === 'duplicate';
    if (storyId === null) this.failed += 1;
    // Evidence of keys that no item is named for: then it is a copy of the story itself.
    if (suppressed)
      this.shown.join(matchedLabel === null ? `story ${storyId}` : `item ${matchedLabel}`, `item ${label}`);
    if (relation === 'original') this.shown.join(`story ${storyId}`, `item ${label}`);
    this.places.push({ label, story: storyId ?? `none ${label}`, suppressed });
    this.takeCluster(labels, decision);
    this.takeTags(labels, decision);
    this.takeLanguage(labels, decision);
  }

  verdicts(): Verdicts {
    const copies = this.places.map(({ label }) => this.copies.of(label));
    const stories = this.places.map(({ story }) => story);
    const shown = this.places.map(({ label }) => this.shown.of(`item ${label}`));
    return {
      items: this.places.length,
      failed: this.failed,
      stories: new Set(stories).size - this.failed,
      duplicatePairs: pairScore(copies, shown),
      linkedPairs: pairScore(copies, stories),
      suppressed: this.suppressed(copies),
      relatedClusters: this.clusters(),
      tags: this.tags.size === 0 ? null : this.tagScores(),
      language: this.language(),
    };
  }

  private suppressed(copies: readonly string[]): Verdicts['suppressed'] {
    const sizes = new Map<string, number>();
    for (const group of copies) sizes.set(group, (sizes.get(group) ?? 0) + 1);
    const alone = this.places.filter((_, index) => sizes.get(copies[index] ?? '') === 1);
    const wrongly = alone.filter(({ suppressed }) => suppressed).length;
    return {
      items: this.places.filter(({ suppressed }) => suppressed).length,
      withoutCopy: alone.length,
      wrongly,
      share: alone.length === 0 ? null : wrongly / alone.length,
    };
  }

  private takeCluster({ cluster }: ItemLabels, { clusterId, storyId, label }: ItemDecision): void {
    if (cluster === null) return;
    this.expectedClusters.push(cluster);
    this.foundClusters.push(clusterId ?? storyId ?? `none ${label}`);
  }

  private clusters(): Verdicts['relatedClusters'] {
    const [expected, found] = [this.expectedClusters, this.foundClusters];
    if (expected.length === 0) return null;
    return {
      items: expected.length,
      expected: new Set(expected).size,
      found: new Set(found).size,
      ari: adjustedRand(expected, found),
    };
  }

  /** Only items with labelled tags count, and of them the schemes that the corpus labels anywhere. */
  private takeTags({ tags }: ItemLabels, decision: ItemDecision): void {
    if (tags === null) return;
    const found = new Set(decision.tags.map(({ scheme, slug }) => `${scheme}/${slug}`));
    for (const key of found) this.countTag(key, tags.includes(key) ? 'right' : 'wrong');
    for (const key of tags) if (!found.has(key)) this.countTag(key, 'missed');
  }

  private countTag(key: string, outcome: 'right' | 'wrong' | 'missed'): void {
    const counts = this.tags.get(schemeOf(key));
    if (counts !== undefined) counts[outcome] += 1;
  }

  private tagScores(): Partial<Record<TagScheme, Score>> {
    return Object.fromEntries(
      [...this.tags].map(([scheme, { right, wrong, missed }]) => [scheme, score(right, wrong, missed)]),
    );
  }

  private takeLanguage(labels: ItemLabels, { language }: ItemDecision): void {
    if (labels.language === null) return;
    const counts = this.languages.get(labels.language) ?? { items: 0, right: 0 };
    counts.items += 1;
    if (language === labels.language) counts.right += 1;
    this.languages.set(labels.language, counts);
  }

  private language(): Verdicts['language'] {
    if (this.languages.size === 0) return null;
    const all = [...this.languages.values()];
    const items = all.reduce((sum, one) => sum + one.items, 0);
    const right = all.reduce((sum, one) => sum + one.right, 0);
    const byLanguage = Object.fromEntries([...this.languages].sort(([a], [b]) => (a < b ? -1 : 1)));
    return { items, right, accuracy: right / items, byLanguage };
  }
}

function schemeOf(key: string): TagScheme {
  return key.slice(0, key.indexOf('/')) as TagScheme;
}
