/** Reads one stored document again, as a poll would read it today; stores nothing itself. */
import { Injectable } from '@nestjs/common';
import { DocumentParser } from '#feed-reader/document-parser.js';
import { UnreadableFeedError } from '#feed-reader/unreadable-feed-error.js';
import { FetchLogRepository } from '#storage/fetch-log.repository.js';
import type { NextDocument } from '#storage/reparse-queue.repository.js';
import type { DocumentReading } from '#storage/reparse-store.repository.js';
import { uuidV7 } from '#storage/uuid.js';
import { correlationId } from '../fetching/correlation-id.js';
import { deletedItems } from '../fetching/item-identity.js';
import { storable } from '../fetching/storable.js';
import { DocumentTreatment } from '../settings/document-treatment.js';
import { SettingsDesk } from '../settings/settings-desk.js';

/** The hub ends, or has no room to read: nothing can be said of the document now. */
export class RereadingInterrupted extends Error {}

@Injectable()
export class DocumentRereader {
  constructor(
    private readonly documents: FetchLogRepository,
    private readonly parser: DocumentParser,
    private readonly settings: SettingsDesk,
    private readonly treatment: DocumentTreatment,
  ) {}

  /** A document that cannot be read is a reading without items that says why. @throws {RereadingInterrupted} */
  async read(document: NextDocument, signal: AbortSignal): Promise<DocumentReading> {
    const started = performance.now();
    const stored = await this.documents.document(document.id).catch((error: unknown) => {
      // zlib's errors say that the stored bytes are damaged; others come from the database.
      if (isDamage(error)) return null;
      throw error;
    });
    if (stored === null) return this.unreadable(document, started, 'its stored bytes are damaged');
    if (stored === undefined)
      return this.unreadable(
        document,
        started,
        'it is not kept: its time ended, or its feed had brought too much that day',
      );
    try {
      const { body: bytes, contentType, url } = stored;
      const parsed = storable(await this.parser.parse({ bytes, contentType, url, signal }));
      const { feedId: id, feedUrl, hasSettings, newsSince } = document;
      const manner = await this.settings.mannerOf({ id, url: feedUrl, hasSettings });
      // No page is asked for: new items of a feed with full text wait for its next document.
      const treated = await this.treatment.items({ id, newsSince, isFirst: false }, manner, parsed, null, signal);
      return {
        ...this.frame(document, started),
        bytes: bytes.byteLength,
        // Whatever is found now was not news when its document came: no webhook announces it.
        items: treated.items.map((item) => ({
          ...item,
          quietReason: item.quietReason ?? foundLate(stored.receivedAt),
        })),
        deleted: deletedItems(parsed).map(({ identityKey }) => identityKey),
        comparesWhole: !manner.fullText,
        problems: treated.problems,
      };
    } catch (error) {
      if (error instanceof UnreadableFeedError && ['aborted', 'busy', 'stopped'].includes(error.code))
        throw new RereadingInterrupted(error.message);
      if (signal.aborted) throw new RereadingInterrupted('the hub ends');
      return this.unreadable(document, started, error instanceof Error ? error.message : String(error));
    }
  }

  /** The reading of a document that cannot be read. */
  unreadable(document: NextDocument, started: number, reason: string): DocumentReading {
    return { ...this.frame(document, started), error: storable(reason) };
  }

  private frame(document: NextDocument, started: number): DocumentReading {
    return {
      document,
      fetchId: uuidV7(),
      correlationId: correlationId(),
      durationMs: Math.round(performance.now() - started),
      bytes: 0,
      items: [],
      deleted: [],
      comparesWhole: true,
      problems: [],
      error: null,
    };
  }
}

function foundLate(receivedAt: Date): string {
  return `backlog: found when a document of ${receivedAt.toISOString()} was read again`;
}

function isDamage(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('Z_');
}
