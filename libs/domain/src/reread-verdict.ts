/** Whether an item is written when a stored document is read again: pure, so that the rule can be tested as one. */

/** What a document's new reading meets. Ids are UUIDv7 in lower case, so that their order is the order of time. */
export interface Rereading {
  documentId: string;
  /** False: the document is only read to learn which items it holds. */
  inSelection: boolean;
  /** The newest document of this run's readings, before this one, that holds the item. */
  heldBy: string | null;
  /** The item as it is stored; null when there is none. */
  stored: {
    /** The document that the stored content came from. */
    documentId: string | null;
    /** That document is no longer kept: this reading may stand for it. */
    documentIsGone: boolean;
    /** The new reading has other text, title, links, authors or media: what a poll calls a change. */
    differs: boolean;
    /** The new reading differs in anything at all, a date or markup included. */
    differsAtAll: boolean;
  } | null;
}

/**
 * The newest document that holds an item decides its text: an older one never overwrites it. An item's own document also
 * decides what a poll would overlook (dates, markup): there a difference can only come from the reader or the rules, while
 * between two documents it may be the partner's own. After the write the same reading finds nothing to do.
 */
export function rereadVerdict({ documentId, inSelection, heldBy, stored }: Rereading): 'new' | 'changed' | null {
  if (!inSelection) return null;
  const heldByNewer = heldBy !== null && heldBy > documentId;
  if (stored === null) return heldByNewer ? null : 'new';
  if (stored.documentId !== null && stored.documentId > documentId) return null;
  if (!heldByNewer && stored.differs) return 'changed';
  const isOwn = stored.documentId === documentId || (!heldByNewer && stored.documentIsGone);
  return isOwn && !stored.differs && stored.differsAtAll ? 'changed' : null;
}
