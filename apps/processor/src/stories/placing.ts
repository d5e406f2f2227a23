/** Puts the items of a chunk into stories: where each belongs, and which stories its items prove to be one. Pure. */
import type { Recognised } from '../identity/story-recogniser.js';
import type { FoundConnection, StoryMerge } from './merge-groups.js';
import type { ReadyItem } from './ready-item.js';
import type { Placement } from './story-plan.js';

/** Rules that find the same text; what the others find may be a later state of it. */
const COPY_RULES: ReadonlySet<string> = new Set(['text', 'text-copy', 'short-text']);

/** `connections` in the order of the items; `believed`: what was looked up, and has to be true still when the stories are locked. */
export interface Placed {
  placements: Placement[];
  connections: FoundConnection[];
  believed: { itemId: string; storyId: string }[];
}

/**
 * Items stay in the story they are in (`storyOf`); the others go where they were recognised. `rerouted`: items that rules
 * now send to other channels.
 */
export function placeItems(
  ready: readonly ReadyItem[],
  storyOf: ReadonlyMap<string, string | null>,
  { verdicts, connects }: Recognised,
  rerouted: ReadonlySet<string>,
): Placed {
  const placements = ready.map((one) => {
    const { id } = one.item;
    const verdict = verdicts.get(id) ?? null;
    const storyId = verdict?.storyId ?? storyOf.get(id) ?? '';
    return { ready: one, verdict, storyId, isRerouted: rerouted.has(id) };
  });
  const connections = placements.flatMap(({ ready: { item }, storyId, verdict }) =>
    (verdict?.connects ?? connects.get(item.id) ?? []).map((found) => ({
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
              relation: COPY_RULES.has(String(rule)) ? ('duplicate' as const) : ('derived' as const),
              evidence: { ...evidence, throughItemId: merge.throughItemId },
            }
          : verdict,
    };
  });
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
