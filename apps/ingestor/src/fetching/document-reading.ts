/** From the bytes of a document to what is to be stored of it, the same for what was fetched and what was pushed. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ParsedFeed } from '#contracts/parsed-feed.js';
import type { FetchedDocument } from '#storage/fetched-document.repository.js';
import type { DocumentParser } from '#feed-reader/document-parser.js';
import { fetchedItems, type NewsFacts } from './fetched-items.js';
import { storable } from './storable.js';

/** A document as it came. `url` is where it was reached, or the topic of a push. */
export interface ReceivedDocument {
  body: Buffer;
  /** SHA-256 of the body. */
  bodyHash: Buffer;
  contentType: string | null;
  url: string;
}

export interface ReadDocument {
  parts: Pick<FetchedDocument, 'document' | 'feed' | 'items' | 'problems'>;
  /** The feed's own facts, whole. */
  parsed: ParsedFeed;
}

const gzipBody = promisify(gzip);

/** @throws {UnreadableFeedError} */
export async function readDocument(
  parser: DocumentParser,
  received: ReceivedDocument,
  facts: NewsFacts,
  signal?: AbortSignal,
): Promise<ReadDocument> {
  const { body, bodyHash, contentType, url } = received;
  const parsed = storable(
    await parser.parse({ bytes: body, contentType, url, ...(signal === undefined ? {} : { signal }) }),
  );
  const bodyGzip = await gzipBody(body);
  return {
    parsed: parsed.feed,
    parts: {
      document: { contentType: storable(contentType), url, bodyHash, bodyGzip },
      feed: {
        title: parsed.feed.title ?? null,
        siteUrl: parsed.feed.homeUrl ?? null,
        format: parsed.feed.format,
        language: parsed.feed.language ?? null,
        scheduleHints: parsed.feed.schedule,
      },
      ...fetchedItems(parsed, facts),
    },
  };
}
