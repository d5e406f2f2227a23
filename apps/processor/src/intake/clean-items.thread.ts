/** The worker thread that cleans: partners' bytes are read here, where a hang or a flood ends with the thread alone. */
import { cleanItem, type CleanItem, type RawItem } from './clean-item.js';

/** An item's clean form, or why it has none. */
export type CleaningResult = { item: CleanItem } | { failure: string };

/** Cleans a batch; one bad item does not fail the others. */
export default function cleanItems(items: RawItem[]): CleaningResult[] {
  return items.map((item) => {
    try {
      return { item: cleanItem(item) };
    } catch (error) {
      return { failure: error instanceof Error ? error.message : String(error) };
    }
  });
}
