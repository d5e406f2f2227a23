/** Which stories become one, given what connects them. Pure. */
import type { StoryConnection } from '../identity/story-connections.js';

/** What decides who stays: a story that is here already before one that this chunk makes, then the earliest published. */
export interface MergeCandidate {
  id: string;
  status: 'published' | 'withdrawn' | 'merged' | 'withheld';
  publishedAt: Date;
}

/** An item of `storyId` that connects it with another story. */
export interface FoundConnection extends StoryConnection {
  itemId: string;
  otherId: string;
}

/** A story that ends in another one. `isNew`: this chunk made it, so nobody has heard of it. */
export interface StoryMerge {
  loserId: string;
  winnerId: string;
  isNew: boolean;
  throughItemId: string;
  evidence: Record<string, unknown>;
}

/**
 * `existing` are the stories that were here before; other ids are stories that the chunk makes, in their order of making.
 * `parted` holds pairs (`A B`, both ways round) that must stay apart: a group that would hold one of them is not made.
 * Only stories that are published or will be are put together: a copy must not vanish into a withdrawn story.
 */
export function mergeGroups(
  connections: readonly FoundConnection[],
  existing: ReadonlyMap<string, MergeCandidate>,
  parted: ReadonlySet<string>,
): StoryMerge[] {
  const groups = new Map<string, string[]>();
  const groupOf = (id: string): string[] => {
    const group = groups.get(id) ?? [id];
    groups.set(id, group);
    return group;
  };
  const merges: Omit<StoryMerge, 'winnerId'>[] = [];
  for (const { storyId, otherId, itemId, evidence } of connections) {
    const [a, b] = [groupOf(storyId), groupOf(otherId)];
    if (a === b || ![storyId, otherId].every((id) => mayMerge(existing.get(id)))) continue;
    if (a.some((one) => b.some((two) => parted.has(`${one} ${two}`)))) continue;
    const [winner, loser] = comesBefore(a[0] as string, b[0] as string, existing) ? [a, b] : [b, a];
    const loserId = loser[0] as string;
    merges.push({ loserId, isNew: !existing.has(loserId), throughItemId: itemId, evidence });
    for (const id of loser) {
      winner.push(id);
      groups.set(id, winner);
    }
  }
  return merges.map((merge) => ({ ...merge, winnerId: groupOf(merge.loserId)[0] as string }));
}

/** A group's first is the one that stays. */
function comesBefore(a: string, b: string, existing: ReadonlyMap<string, MergeCandidate>): boolean {
  const [one, two] = [existing.get(a), existing.get(b)];
  if (one === undefined || two === undefined) return one !== undefined || (two === undefined && a < b);
  // What readers know stays: the address of a withheld story was never given out.
  if (one.status !== two.status) return one.status === 'published';
  const difference = one.publishedAt.getTime() - two.publishedAt.getTime();
  return difference === 0 ? one.id < two.id : difference < 0;
}

function mayMerge(story: MergeCandidate | undefined): boolean {
  return story === undefined || story.status === 'published' || story.status === 'withheld';
}
