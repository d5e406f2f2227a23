/** Makes one plan of a chunk's placements: locks the stories they touch, puts together those that are one, plans each. */
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { StoryMembershipRepository } from '#storage/story-membership.repository.js';
import { StoryStateRepository, type StoryState } from '#storage/story-state.repository.js';
import { uuidV7 } from '#storage/uuid.js';
import type { CategoryMeanings } from '../tagging/category-tags.js';
import { NamedThings } from '../tagging/named-things.js';
import { TopicCatalogue } from '../tagging/topic-catalogue.js';
import { changeStory } from './change-story.js';
import { createStory } from './create-story.js';
import { mergeGroups, type StoryMerge } from './merge-groups.js';
import type { AbsorbedStory } from './merge-story.js';
import { movePlacements, type Placed } from './placing.js';
import { emptyPlan, type Placement, type PlanContext, type StoryPlan } from './story-plan.js';
import { StoriesMoved } from './story-store.js';

type Transaction = Parameters<StoryStateRepository['lock']>[0];

@Injectable()
export class StoryPlanner {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly states: StoryStateRepository,
    private readonly members: StoryMembershipRepository,
    private readonly topics: TopicCatalogue,
    private readonly things: NamedThings,
  ) {}

  /** What plans need from outside, now. */
  context(): PlanContext & CategoryMeanings {
    return {
      now: new Date(),
      publicUrl: this.config.publicUrl,
      newId: uuidV7,
      findTopic: this.topics.find,
      findThing: this.things.find,
    };
  }

  /** The plan, and the placements as they are in it. Throws StoriesMoved when what was looked up is no longer so. */
  async plan(trx: Transaction, placed: Placed): Promise<{ plan: StoryPlan; placements: Placement[] }> {
    const states = await this.lock(trx, placed);
    const merges = await this.merges(trx, placed, states);
    const placements = movePlacements(placed.placements, merges);
    const absorbed = await this.absorbed(trx, merges, states);
    const plan = emptyPlan();
    const context = this.context();
    for (const [storyId, group] of groupByStory(placements, [...absorbed.keys()])) {
      const state = states.get(storyId);
      if (state === undefined) createStory(plan, group, context);
      else changeStory(plan, state, group, context, absorbed.get(storyId));
    }
    return { plan, placements };
  }

  private async lock(
    trx: Transaction,
    { placements, connections, believed }: Placed,
  ): Promise<Map<string, StoryState>> {
    const made = new Set(placements.filter(({ verdict }) => verdict?.rule === 'first').map(({ storyId }) => storyId));
    const touched = new Set([
      ...placements.map(({ storyId }) => storyId),
      ...connections.map(({ otherId }) => otherId),
    ]);
    // Only a new version of an item can take a tag away: from its story, or from the one that this ends in.
    const revised = [
      ...placements.filter(({ verdict }) => verdict === null).map(({ storyId }) => storyId),
      ...connections.flatMap(({ storyId, otherId }) => [storyId, otherId]),
    ];
    const states = await this.states.lock(
      trx,
      [...touched].filter((id) => !made.has(id)),
      revised,
    );
    // The look-up came before the lock; a merge or a split may have come between.
    const moved = await this.members.moved(trx, believed);
    if (moved.length > 0) throw new StoriesMoved(moved);
    return states;
  }

  private async merges(
    trx: Transaction,
    { connections }: Placed,
    states: ReadonlyMap<string, StoryState>,
  ): Promise<StoryMerge[]> {
    if (connections.length === 0) return [];
    return mergeGroups(connections, states, await this.members.parted(trx, [...states.keys()]));
  }

  /** Stories that were here and end, by the story that they end in. */
  private async absorbed(
    trx: Transaction,
    merges: readonly StoryMerge[],
    states: ReadonlyMap<string, StoryState>,
  ): Promise<Map<string, AbsorbedStory[]>> {
    const real = merges.filter(({ isNew }) => !isNew);
    const found = new Map<string, AbsorbedStory[]>();
    if (real.length === 0) return found;
    const itemsOf = await this.members.itemsOf(
      trx,
      real.map(({ loserId }) => loserId),
    );
    for (const { loserId, winnerId, throughItemId, evidence } of real) {
      const state = states.get(loserId) as StoryState;
      const machine = { throughItemId, evidence, itemIds: itemsOf.get(loserId) ?? [] };
      found.set(winnerId, [...(found.get(winnerId) ?? []), { state, machine }]);
    }
    return found;
  }
}

function groupByStory(placements: readonly Placement[], storyIds: readonly string[]): Map<string, Placement[]> {
  const groups = new Map<string, Placement[]>(storyIds.map((id) => [id, []]));
  for (const placement of placements) {
    const group = groups.get(placement.storyId);
    if (group === undefined) groups.set(placement.storyId, [placement]);
    else group.push(placement);
  }
  return groups;
}
