/** Gathers what an action needs before its transaction: the stories it is about, and their items, cleaned and tagged. */
import { Injectable } from '@nestjs/common';
import type { StoryActionRequest } from '#contracts/story-actions.js';
import { type StoryActionRow, StoryActionRepository } from '#storage/story-action.repository.js';
import { StoryRoomRepository } from '#storage/story-room.repository.js';
import { type StoredTag, TagRepository } from '#storage/tag.repository.js';
import { MANY_COPIES, type ReadCopies, StoryCopies } from '../intake/story-copies.js';
import { ActionRefused } from './action-refused.js';

/**
 * `copies`: the items that count, as they joined, with their story, and the marks of all items, which must still be so under the
 * locks; null: the action looks at no item. `undone`: the action that is to be undone.
 */
export interface ActionMaterial {
  storyIds: string[];
  copies: ReadCopies | null;
  tagsToAdd: StoredTag[];
  undone: StoryActionRow | null;
}

/** What was gathered for a try before, and the items whose texts that try turned out to want. */
export interface FormerTry {
  material?: ActionMaterial | undefined;
  whole: Set<string>;
}

/** They change a story whatever items it has. */
const OF_NO_ITEM: ReadonlySet<StoryActionRow['kind']> = new Set(['withdraw', 'tags']);
/** Items change their stories: each one's texts may be wanted, and all are moved at once. */
const MOVING: ReadonlySet<StoryActionRow['kind']> = new Set(['merge', 'split']);

@Injectable()
export class ActionMaterials {
  constructor(
    private readonly actions: StoryActionRepository,
    private readonly room: StoryRoomRepository,
    private readonly tags: TagRepository,
    private readonly stories: StoryCopies,
  ) {}

  /** Throws ActionRefused when there is too much of it. */
  async gather(action: StoryActionRow, former: FormerTry): Promise<ActionMaterial> {
    const undone = await this.undone(action.request);
    const storyIds = await this.storyIds(action, undone);
    const wantsItems = looksAtItems(action, undone);
    const areMany = wantsItems && (await this.stories.areMany(storyIds));
    if (areMany && MOVING.has(undone?.kind ?? action.kind))
      throw new ActionRefused(`the stories have more than ${MANY_COPIES} items; that is too much for one action`);
    return {
      storyIds,
      undone,
      copies: wantsItems ? await this.copies({ action, undone, storyIds, areMany }, former) : null,
      tagsToAdd: [...(await this.tags.ensure(tagsToAdd(action, undone))).values()],
    };
  }

  private copies(
    {
      action,
      undone,
      storyIds,
      areMany,
    }: Pick<ActionMaterial, 'undone' | 'storyIds'> & {
      action: StoryActionRow;
      areMany: boolean;
    },
    { material, whole }: FormerTry,
  ): Promise<ReadCopies> {
    const back = returning(action, undone);
    return this.stories.read(storyIds, {
      isCounting: ({ isWithdrawn, id }) => !isWithdrawn || id === back,
      areMany,
      whole: new Set([...whole, ...[back, action.request.itemId].flatMap((id) => id ?? [])]),
      earlier: material?.copies ?? undefined,
    });
  }

  private async undone({ actionId }: StoryActionRequest): Promise<StoryActionRow | null> {
    return actionId === undefined ? null : ((await this.actions.get(actionId)) ?? null);
  }

  private async storyIds(action: StoryActionRow, undone: StoryActionRow | null): Promise<string[]> {
    const facts = [...(undone?.before?.stories ?? []), ...(undone?.after?.stories ?? [])].map(({ id }) => id);
    const ofItem = [action.item_id, undone?.item_id ?? null].flatMap((id) => id ?? []);
    const homes = await Promise.all(ofItem.map((id) => this.room.storyOf(id)));
    const ids = [action.story_id, undone?.story_id, ...(action.request.storyIds ?? []), ...facts, ...homes];
    return [...new Set(ids.filter((id) => typeof id === 'string'))];
  }
}

function looksAtItems({ kind }: StoryActionRow, undone: StoryActionRow | null): boolean {
  if (kind !== 'undo') return !OF_NO_ITEM.has(kind);
  return undone !== null && undone.kind !== 'tags' && undone.kind !== 'restore';
}

/** The withdrawn item that counts again once the action is done. */
function returning(action: StoryActionRow, undone: StoryActionRow | null): string | null {
  if (action.kind === 'restore-item') return action.item_id;
  return undone?.kind === 'withdraw-item' ? undone.item_id : null;
}

function tagsToAdd(action: StoryActionRow, undone: StoryActionRow | null): NonNullable<StoryActionRequest['add']> {
  if (undone === null) return action.request.add ?? [];
  // Names come from the tags' own rows: they exist.
  const had = new Set(undone.after?.stories[0]?.tags ?? []);
  return (undone.before?.stories[0]?.tags ?? [])
    .filter((key) => undone.kind === 'tags' && !had.has(key))
    .map((key) => {
      const [scheme = '', slug = ''] = key.split('/', 2);
      return { scheme: scheme as StoredTag['scheme'], slug, name: slug };
    });
}
