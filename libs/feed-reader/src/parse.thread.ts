/** The worker thread's side of the document parser: bytes in, document or reason out. Nothing else runs here. */
import { type ParsedDocument } from '#contracts/parsed-feed.js';

import { type DocumentOrigin, readFeed } from './read-feed.js';
import { type UnreadableCode, UnreadableFeedError } from './unreadable-feed-error.js';

/** What is sent to the thread. */
export interface ParseTask {
  bytes: Uint8Array;
  origin: DocumentOrigin;
  /** Whether contents come back sanitised. */
  sanitise: boolean;
}

/** What comes back: classes do not survive the way between threads, so an error travels as its parts. */
export type ParseAnswer = { document: ParsedDocument } | { error: { code: UnreadableCode; message: string } };

export default async function parse(task: ParseTask): Promise<ParseAnswer> {
  try {
    const document = await readFeed(task.bytes, task.origin);
    if (!task.sanitise) return { document };
    // The hub sanitises elsewhere, so its threads never load this.
    const { sanitisedDocument } = await import('./sanitised-document.js');
    return { document: sanitisedDocument(document) };
  } catch (error) {
    if (error instanceof UnreadableFeedError) return { error: { code: error.code, message: error.message } };
    const reason = error instanceof Error ? error.message : String(error);
    return { error: { code: 'reader-failed', message: `The document could not be read: ${reason.slice(0, 200)}.` } };
  }
}
