/** How much of a document the reader is willing to read: far above any honest feed, far below what hurts the process. */
export const LIMITS = {
  /** Bytes of a document; larger ones are refused. */
  documentBytes: 20 * 1024 * 1024,
  /** Items kept of one document, in its order (partners write the newest first). */
  items: 5_000,
  /** Elements kept of one item, and of the feed around the items. */
  elementsOfItem: 500,
  /** Start tags read of one document, inside contents too. */
  tags: 500_000,
  /** Elements kept of one document. */
  elements: 150_000,
  /** Characters kept of one text (a title, a content). */
  textLength: 1_000_000,
  /** Characters of one tag in which attributes are looked for: a longer run can exhaust the stack of a regular expression. */
  tagLength: 1_000_000,
  /** Attributes read of one element. */
  attributes: 64,
  /** Nesting kept inside one content; deeper tags are dropped, their text stays. */
  markupDepth: 256,
  /** Nesting of lists and objects in JSON. */
  jsonDepth: 500,
  /** Characters that all custom entities of a document type may add together. */
  entityExpansion: 100_000,
  /** Characters of a whole document once read: what its items inherit, and the base of their links, count each time. */
  characters: 40_000_000,
  /** Problems reported for one document. */
  problems: 100,
  /** Values kept of one repeated field (categories, authors, media) of an item. */
  repeats: 200,
} as const;
