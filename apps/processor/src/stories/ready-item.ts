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
  /** Of one of very many copies: its texts were let go, so many characters of them, and are read again before they are shown. */
  letGo?: { textLength: number };
}

/** Plans want to show this copy, whose texts were let go: it is to be read again, and the plan made anew. */
export class TextsLetGo extends Error {
  constructor(readonly itemId: string) {
    super(`the texts of item ${itemId} were let go`);
  }
}

/** What of a copy decides who leads and what the story's tags are; its texts are let go. */
export function withoutTexts(ready: ReadyItem): ReadyItem {
  if (ready.letGo !== undefined) return ready;
  const { item, clean } = ready;
  const nothing = { summary: '', content: '', bodyText: '', authors: [], media: [], image: null, keys: [] };
  const print = { words: 0, shingles: new Int32Array(0), numbers: new Int32Array(0), sentences: [] };
  return {
    ...ready,
    item: { ...item, parsed: { authors: [], categories: [], media: [] } },
    clean: { ...nothing, print, title: clean.title, url: clean.url, rights: clean.rights, words: clean.words },
    letGo: { textLength: clean.bodyText.length },
  };
}
