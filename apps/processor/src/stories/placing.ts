/** Puts the items of a chunk into stories: where each belongs, and which stories its items prove to be one. Pure. */
import type { IdentityRepository } from '#storage/identity.repository.js';
import { decideStories } from '../identity/decide-story.js';
import type { ItemInDoubt } from '../identity/item-in-doubt.js';
import { connectionsOfPlaced } from '../identity/story-connections.js';
import type { FoundConnection, StoryMerge } from './merge-groups.js';
import type { ReadyItem } from './ready-item.js';
import type { Placement } from './story-plan.js';

type Known = Awaited<ReturnType<IdentityRepository['find']>>;

/** `connections` in the order of the items; `believed`: what was looked up, and has to be true still when the stories are locked. */
export interface Placed {
  placements: Placement[];
  connections: FoundConnection[];
  believed: { itemId: string; storyId: string }[];
}

/** Items stay in the story they are in (`storyOf`); the others are decided, oldest first. */
export function placeItems(
  ready: readonly ReadyItem[],
  storyOf: ReadonlyMap<string, string | null>,
  known: Known,
  newStoryId: () => string,
): Placed {
  const homes = ready.map((one) => ({ one, item: itemInDoubt(one), home: storyOf.get(one.item.id) ?? null }));
  const verdicts = decideStories(
    homes.filter(({ home }) => home === null).map(({ item }) => item),
    known,
    newStoryId,
  );
  const ofPlaced = connectionsOfPlaced(
    homes.flatMap(({ item, home }) => (home === null ? [] : [{ item, storyId: home }])),
    known,
  );
  const placements = homes.map(({ one, home }) => {
    const verdict = verdicts.get(one.item.id) ?? null;
    return { ready: one, verdict, storyId: verdict?.storyId ?? home ?? '' };
  });
  const connections = placements.flatMap(({ ready: { item }, storyId, verdict }) =>
    (verdict?.connects ?? ofPlaced.get(item.id) ?? []).map((found) => ({
      ...found,
      storyId,
      otherId: found.storyId,
      itemId: item.id,
    })),
  );
  return { placements, connections, believed: believedOf(placements, connections) };
}

/** Placements of stories that end before they began are those of the story they end in, with what proved it. */
export function movePlacements(placements: readonly Placement[], merges: readonly StoryMerge[]): Placement[] {
  const mergeOf = new Map(merges.map((merge) => [merge.loserId, merge]));
  return placements.map((placement) => {
    const merge = mergeOf.get(placement.storyId);
    if (merge === undefined) return placement;
    const { verdict } = placement;
    const { rule, ...evidence } = merge.evidence;
    return {
      ...placement,
      storyId: merge.winnerId,
      verdict:
        verdict?.rule === 'first'
          ? {
              ...verdict,
              rule: rule as typeof verdict.rule,
              evidence: { ...evidence, throughItemId: merge.throughItemId },
            }
          : verdict,
    };
  });
}

function itemInDoubt({ item, clean }: ReadyItem): ItemInDoubt {
  return {
    id: item.id,
    feedId: item.feed.id,
    partnerId: item.partner.id,
    partnerName: item.partner.name,
    isDemo: item.partner.isDemo,
    title: item.parsed.title ?? '',
    words: clean.words,
    keys: clean.keys,
  };
}

/** Every story that was looked up, with an item that was in it: the item itself, or the one that led there. */
function believedOf(placements: readonly Placement[], connections: readonly FoundConnection[]): Placed['believed'] {
  const witness = (storyId: string, { matchedItemId }: Record<string, unknown>): Placed['believed'] =>
    typeof matchedItemId === 'string' ? [{ itemId: matchedItemId, storyId }] : [];
  return [
    ...placements.flatMap(({ ready, storyId, verdict }) =>
      verdict === null ? [{ itemId: ready.item.id, storyId }] : witness(storyId, verdict.evidence),
    ),
    ...connections.flatMap(({ otherId, evidence }) => witness(otherId, evidence)),
  ];
}
