/** A pushed document's way into the store: the feed is claimed, the document read, its items stored as those of a poll. */
import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { ByteAccount } from '#http-client/byte-budget.js';
import { JobPublisher } from '#messaging/job-publisher.js';
import type { FetchOutcome } from '#storage/fetch.repository.js';
import {
  type FetchedDocument,
  FetchedDocumentRepository,
  type StoredDocument,
} from '#storage/fetched-document.repository.js';
import { PushClaimRepository, type PushedFeed } from '#storage/push-claim.repository.js';
import { uuidV7 } from '#storage/uuid.js';
import { correlationId } from '../fetching/correlation-id.js';
import { DocumentReading, type ReadDocument } from '../fetching/document-reading.js';
import { FetchInterrupted, type FetchTrouble, troubleOf } from '../fetching/fetch-trouble.js';
import { Slots } from '../fetching/slots.js';
import { storable } from '../fetching/storable.js';
import { SettingsDesk } from '../settings/settings-desk.js';

export interface PushedDocument {
  body: Buffer;
  contentType: string | null;
  /** Counts what it takes of the memory. */
  memory: ByteAccount;
}

/** `repeated`: it is the feed's newest document already. `unknown`: nobody wants it (any more). `busy`: it must be sent again. `unreadable`: the feed is polled instead. */
export type PushResult =
  | { kind: 'stored'; stored: StoredDocument }
  | { kind: 'repeated' }
  | { kind: 'unreadable'; error: string }
  | { kind: 'unknown' }
  | { kind: 'busy' };

/** Another push of the feed, in another process, can claim it in between. */
const TRIES = 5;
/** For the pages of new items. */
const PAGES_MS = 4_000;
/** Leaves connections for polls. */
const CONCURRENT_STORES = 4;

@Injectable()
export class PushStore {
  private readonly logger = new Logger('Push');
  private readonly slots = new Slots(CONCURRENT_STORES);

  constructor(
    private readonly claims: PushClaimRepository,
    private readonly documents: FetchedDocumentRepository,
    private readonly settings: SettingsDesk,
    private readonly reading: DocumentReading,
    private readonly jobs: JobPublisher,
  ) {}

  /** Resolves after the commit. Throws when the store is away: nothing is stored then. */
  async store(subscriptionId: string, pushed: PushedDocument): Promise<PushResult> {
    const began = performance.now();
    const bodyHash = createHash('sha256').update(pushed.body).digest();
    // A hub that did not hear our answer sends it again: that costs no document, and no poll that is under way.
    if (await this.claims.isRepeated(subscriptionId, bodyHash)) return { kind: 'repeated' };
    // Before it is read: a poll that is under way may be older than the push, and must not be stored after it.
    let feed = await this.claims.take(subscriptionId);
    if (feed === null) return { kind: 'unknown' };
    try {
      const outcome = outcomeOf(feed, pushed, began);
      let parts: ReadDocument['parts'];
      try {
        ({ parts } = await this.read(feed, pushed, bodyHash));
      } catch (error) {
        return await this.unreadable(feed, { ...outcome, durationMs: since(began) }, troubleOf(error));
      }
      for (let tries = 1; feed !== null; tries++) {
        const current: FetchOutcome = { ...outcome, generation: feed.generation, durationMs: since(began) };
        const document = { outcome: current, ...parts };
        const stored = await this.write(document);
        if (stored !== null) return await this.announce(document, stored);
        if (tries === TRIES) return { kind: 'busy' };
        feed = await this.claims.take(subscriptionId);
      }
      return { kind: 'unknown' };
    } catch (error) {
      // A claim that stays runs out by itself.
      if (feed !== null) await this.claims.release(feed).catch(() => undefined);
      if (error instanceof FetchInterrupted) return { kind: 'busy' };
      throw error;
    }
  }

  /** The hub waits for the answer, so the pages of a feed with full text get little time: the others wait for a poll. */
  private async read(
    feed: PushedFeed,
    { body, contentType, memory }: PushedDocument,
    bodyHash: Buffer,
  ): Promise<ReadDocument> {
    const manner = await this.settings.mannerOf(feed);
    const received = { body, bodyHash, contentType, url: feed.topic };
    const { userAgent } = this.settings;
    const pages = manner.fullText ? { userAgent, until: AbortSignal.timeout(PAGES_MS), memory } : null;
    return this.reading.read(received, { ...feed, isFirst: false }, manner, pages);
  }

  private async write(document: FetchedDocument): Promise<StoredDocument | null> {
    await this.slots.take();
    try {
      return await this.documents.store(document);
    } finally {
      this.slots.release();
    }
  }

  private async announce(document: FetchedDocument, stored: StoredDocument): Promise<PushResult> {
    const { fetchId, correlationId: id, feedId, durationMs: ms, bytes } = document.outcome;
    if (stored.hasWork)
      await this.jobs.publish('processItems', [{ id: `items-${fetchId}-0`, data: { fetchId, correlationId: id } }]);
    const { itemsNew, itemsChanged } = stored;
    this.logger.log({
      msg: 'pushed',
      feedId,
      fetchId,
      correlationId: id,
      ms,
      bytes,
      new: itemsNew,
      changed: itemsChanged,
    });
    return { kind: 'stored', stored };
  }

  private async unreadable(feed: PushedFeed, outcome: FetchOutcome, trouble: FetchTrouble): Promise<PushResult> {
    if (trouble.scope === 'ours') throw new FetchInterrupted(trouble.error);
    const error = storable(trouble.error);
    await this.claims.giveUp(feed, outcome, { errorClass: trouble.errorClass, error });
    this.logger.warn({ msg: 'a pushed document could not be read', feedId: feed.id, error });
    return { kind: 'unreadable', error };
  }
}

function outcomeOf(feed: PushedFeed, { body }: PushedDocument, began: number): FetchOutcome {
  return {
    feedId: feed.id,
    generation: feed.generation,
    fetchId: uuidV7(),
    correlationId: correlationId(),
    kind: 'push',
    startedAt: feed.startedAt,
    durationMs: since(began),
    httpStatus: null,
    bytes: body.length,
    nextFetchAt: feed.nextFetchAt,
    nextFetchReason: feed.nextFetchReason,
    answerFacts: feed.answerFacts,
    etag: null,
    lastModified: null,
  };
}

function since(began: number): number {
  return Math.round(performance.now() - began);
}
