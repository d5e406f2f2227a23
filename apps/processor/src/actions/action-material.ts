/** Gathers what an action needs before its transaction: the stories it is about, and their items, cleaned and tagged. */
import { Injectable } from '@nestjs/common';
import type { StoryActionRequest } from '#contracts/story-actions.js';
import { type StoryActionRow, StoryActionRepository } from '#storage/story-action.repository.js';
import { markOf, StoryRoomRepository } from '#storage/story-room.repository.js';
import { type StoredTag, TagRepository } from '#storage/tag.repository.js';
import { ChunkProcessor } from '../intake/chunk-processor.js';
import type { ReadyItem } from '../stories/ready-item.js';
import { ActionRefused } from './action-refused.js';

/**
 * `ready`: the items that count, as they joined, with their story. `fingerprint`: what must still be so under the locks.
 * `undone`: the action that is to be undone.
 */
export interface ActionMaterial {
  storyIds: string[];
  ready: { storyId: string; one: ReadyItem }[];
  fingerprint: string[];
  tagsToAdd: StoredTag[];
  undone: StoryActionRow | null;
}

/** More copies than a story has; each is cleaned anew. */
const MAX_ITEMS = 500;

@Injectable()
export class ActionMaterials {
  constructor(
    private readonly actions: StoryActionRepository,
    private readonly room: StoryRoomRepository,
    private readonly tags: TagRepository,
    private readonly chunks: ChunkProcessor,
  ) {}

  /** Throws ActionRefused when there is too much of it. */
  async gather(action: StoryActionRow): Promise<ActionMaterial> {
    const undone = await this.undone(action.request);
    const storyIds = await this.storyIds(action, undone);
    const items = await this.room.items(storyIds, MAX_ITEMS + 1);
    if (items.length > MAX_ITEMS)
      throw new ActionRefused(`the stories have more than ${MAX_ITEMS} items; that is too much for one action`);
    const counting = items.filter(({ isWithdrawn, id }) => !isWithdrawn || id === returning(action, undone));
    const ready = new Map((await this.chunks.prepare(counting)).map((one) => [one.item.id, one]));
    return {
      storyIds,
      undone,
      ready: counting.flatMap(({ id, storyId }) => {
        const one = ready.get(id);
        return one === undefined ? [] : [{ storyId, one }];
      }),
      fingerprint: items.map(markOf),
      tagsToAdd: [...(await this.tags.ensure(tagsToAdd(action, undone))).values()],
    };
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
