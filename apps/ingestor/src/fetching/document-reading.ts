/** From the bytes of a document to what is to be stored of it, the same for what was fetched and what was pushed. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import type { ParsedFeed } from '#contracts/parsed-feed.js';
import { cleanLine } from '#domain/clean-text.js';
import type { FetchedDocument } from '#storage/fetched-document.repository.js';
import { DocumentParser } from '#feed-reader/document-parser.js';
import { DocumentTreatment, type TreatedFeed } from '../settings/document-treatment.js';
import type { FeedManner } from '../settings/feed-manner.js';
import type { PageReading } from '../settings/full-text-reader.js';
import { observedRhythm } from '../scheduling/observed-rhythm.js';
import { deletedItems } from './item-identity.js';
import { newsFrom, storable } from './storable.js';

/** A document as it came. `url` is where it was reached, or the topic of a push. */
export interface ReceivedDocument {
  body: Buffer;
  /** SHA-256 of the body. */
  bodyHash: Buffer;
  contentType: string | null;
  url: string;
}

export interface ReadDocument {
  /** `isFirst`: the feed's title may name its partner. */
  parts: Omit<FetchedDocument, 'outcome' | 'push'>;
  /** The feed's own facts, whole. */
  parsed: ParsedFeed;
}

/** What a feed says of itself is shown with each of its stories, and its home is looked up by an index: neither may be a book. */
const MAX_TITLE = 300;
const MAX_URL = 2_000;

const gzipBody = promisify(gzip);

@Injectable()
export class DocumentReading {
  constructor(
    private readonly parser: DocumentParser,
    private readonly treatment: DocumentTreatment,
    @Inject(CONFIG) private readonly config: Pick<Config, 'identityWindowDays' | 'newsWindowSeconds'>,
  ) {}

  /**
   * `pages`: how the pages of new items are read where the feed wants full text; null reads none for now.
   * @throws {UnreadableFeedError}
   * @throws {SettingsError}
   */
  async read(
    received: ReceivedDocument,
    feed: TreatedFeed,
    manner: FeedManner,
    pages: PageReading | null,
    signal?: AbortSignal,
  ): Promise<ReadDocument> {
    const { body, bodyHash, contentType, url } = received;
    const parsed = storable(
      await this.parser.parse({ bytes: body, contentType, url, ...(signal === undefined ? {} : { signal }) }),
    );
    const bodyGzip = await gzipBody(body);
    const homeUrl = parsed.feed.homeUrl ?? null;
    const newsSince = newsFrom(feed.newsSince, this.config, new Date());
    const { partner, ...treated } = await this.treatment.treat({ ...feed, newsSince }, manner, parsed, pages, signal);
    return {
      parsed: parsed.feed,
      parts: {
        partnerId: partner.partnerId,
        isFirst: feed.isFirst && !partner.joined,
        document: { contentType: storable(contentType), url, bodyHash, bodyGzip },
        feed: {
          title: cleanLine(parsed.feed.title ?? '', MAX_TITLE) || null,
          siteUrl: homeUrl !== null && homeUrl.length <= MAX_URL ? homeUrl : null,
          format: parsed.feed.format,
          language: parsed.feed.language ?? null,
          scheduleHints: parsed.feed.schedule,
          observed: observedRhythm(parsed.items, new Date()),
        },
        ...treated,
        deleted: deletedItems(parsed),
      },
    };
  }
}
