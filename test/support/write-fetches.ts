/** Cleans and writes what fetches brought, in this thread and without tags: for tests of what becomes of many items. */
import type { ProcessedItemRepository } from '#storage/processed-item.repository.js';
import { cleanItem } from '../../apps/processor/src/intake/clean-item.js';
import type { StoryWriter } from '../../apps/processor/src/stories/story-writer.js';

/** One chunk of at most a hundred items, as a worker takes it. */
export async function writeFetches(
  items: ProcessedItemRepository,
  writer: StoryWriter,
  fetchIds: readonly string[],
): Promise<void> {
  const waiting = await items.loadUnprocessed(fetchIds, 100);
  await writer.write(
    waiting.map((item) => ({
      item,
      clean: cleanItem({ parsed: item.parsed, at: (item.publishedAt ?? item.receivedAt).toISOString() }),
      language: item.parsed.language ?? null,
      tags: [],
    })),
  );
}
