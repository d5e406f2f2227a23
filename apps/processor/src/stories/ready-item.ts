/** An item ready to become a story or to join one: cleaned, its language known, its tags stored. */
import type { UnprocessedItem } from '#storage/processed-item.repository.js';
import type { CleanItem } from '../intake/clean-item.js';
import type { Ruling } from '../rules/compiled-rules.js';
import type { SourcedTag } from '../tagging/category-tags.js';

export interface ReadyItem {
  item: UnprocessedItem;
  clean: CleanItem;
  language: string | null;
  tags: (SourcedTag & { id: string })[];
  /** What rules and dictionaries decided of it; its tags and its partner's priority above are already as they say. */
  ruling?: Ruling;
}
