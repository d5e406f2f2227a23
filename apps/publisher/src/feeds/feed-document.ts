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
}

export const GENERATOR = 'Dateline';
