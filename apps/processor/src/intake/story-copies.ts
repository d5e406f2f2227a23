/** Reads the copies that stories have, cleaned and tagged, in batches: of very many, the texts are let go of all but those asked for. */
import { Injectable } from '@nestjs/common';
import { markOf, StoryRoomRepository, type StoryRoomItem } from '#storage/story-room.repository.js';
import { type ReadyItem, withoutTexts } from '../stories/ready-item.js';
import { ChunkProcessor } from './chunk-processor.js';

/** `ready`: the items that count, as they joined, with their story. `marks`: of all items, what must still be so under the locks. */
export interface ReadCopies {
  ready: { storyId: string; mark: string; one: ReadyItem }[];
  marks: string[];
}

/**
 * `isCounting`: items that are read, of all. `areMany`: as it was answered of these stories. `whole`: ids of items whose texts are wanted however many there are. `earlier`:
 * what was read before, so that only what is new is cleaned.
 */
export interface CopiesWanted {
  isCounting: (item: StoryRoomItem) => boolean;
  areMany: boolean;
  whole?: ReadonlySet<string>;
  earlier?: ReadCopies | undefined;
}

/** Copies whose texts are held at once, and as many as are read at once. More than a story has, but for a few. */
export const MANY_COPIES = 500;
const BATCH = 100;

@Injectable()
export class StoryCopies {
  constructor(
    private readonly room: StoryRoomRepository,
    private readonly chunks: ChunkProcessor,
  ) {}

  /** More items than are held with their texts. */
  async areMany(storyIds: readonly string[]): Promise<boolean> {
    return (await this.room.count(storyIds, MANY_COPIES + 1)) > MANY_COPIES;
  }

  async read(storyIds: readonly string[], { isCounting, areMany, whole, earlier }: CopiesWanted): Promise<ReadCopies> {
    const wanted = new Set([...(whole ?? []), ...(areMany ? await this.room.leads(storyIds) : [])]);
    const isWhole = (id: string): boolean => !areMany || wanted.has(id);
    const known = new Map(earlier?.ready.map((copy) => [copy.mark, copy.one]));
    const read: ReadCopies = { ready: [], marks: [] };
    for (let after: StoryRoomItem | undefined, items: StoryRoomItem[]; ; after = items.at(-1)) {
      items = await this.room.items(storyIds, BATCH, after);
      const counting = items.filter(isCounting);
      const fresh = counting.filter((item) => {
        const one = known.get(markOf(item));
        return one === undefined || (one.letGo !== undefined && isWhole(item.id));
      });
      const prepared = new Map((await this.chunks.prepare(fresh)).map((one) => [one.item.id, one]));
      for (const item of counting) {
        const mark = markOf(item);
        const one = fresh.includes(item) ? prepared.get(item.id) : known.get(mark);
        if (one !== undefined)
          read.ready.push({ storyId: item.storyId, mark, one: isWhole(item.id) ? one : withoutTexts(one) });
      }
      read.marks.push(...items.map(markOf));
      if (items.length < BATCH) return read;
    }
  }
}
