/** The worker thread that cleans: partners' bytes are read here, where a hang or a flood ends with the thread alone. */
import { cleanItem, type CleanItem, type RawItem } from './clean-item.js';
import { detectLanguage, SAMPLE_LENGTH } from './detect-language.js';

/** An item's clean form and its language's primary subtag, null where nobody knows it; or why it has none. */
export type CleaningResult = { item: CleanItem; language: string | null } | { failure: string };

/** Cleans a batch and names its languages; one bad item does not fail the others. */
export default function cleanItems(items: RawItem[]): CleaningResult[] {
  return items.map((item) => {
    try {
      const clean = cleanItem(item);
      const text = `${clean.title}\n${clean.bodyText.slice(0, SAMPLE_LENGTH)}`;
      return { item: clean, language: detectLanguage(text, item.claims ?? []) };
    } catch (error) {
      return { failure: error instanceof Error ? error.message : String(error) };
    }
  });
}
