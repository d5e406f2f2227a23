/** A whole feed, ready for any format: its own facts and its entries. */
import type { FeedEntry } from './feed-entry.js';

/** URLs absolute; `updated` is when the content last changed; `language` undefined where stories of several are mixed. */
export interface FeedDocument {
  title: string;
  description: string;
  homeUrl: string;
  selfUrl: string;
  siteName: string;
  language: string | undefined;
  imageUrl?: string | undefined;
  updated: Date;
  entries: FeedEntry[];
  /** WebSub hubs that push this feed; none where it is a closed archive. */
  hubs: string[];
  /** Stories that left the feed (RFC 6721). */
  gone: Tombstone[];
  /** The newest closed archive document before this one (RFC 5005). */
  previousUrl: string | undefined;
  /** Where this is a closed archive document: the feed that it is an archive of. */
  currentUrl: string | undefined;
}

/** `ref` is the entry's id; `comment` says why in a sentence. */
export interface Tombstone {
  ref: string;
  when: Date;
  comment: string;
  source: FeedEntry['source'];
}

export const GENERATOR = 'Dateline';
