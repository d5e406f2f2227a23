/** One poll of one feed, from the request to what is to be stored; stores nothing itself. */
import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import type { FetchResultForSchedule } from '#domain/next-fetch.js';
import { fetchRhythm, type FetchRhythm } from '#domain/poll-interval.js';
import type { ByteAccount } from '#http-client/byte-budget.js';
import { OutboundHttp, type OutboundResponse } from '#http-client/http-client.js';
import type { FeedInHand } from '#storage/feed-in-hand.repository.js';
import type { FetchFailure, QuietOutcome } from '#storage/fetch.repository.js';
import type { FetchedDocument } from '#storage/fetched-document.repository.js';
import { uuidV7 } from '#storage/uuid.js';
import { discoverHub } from '../push/hub-discovery.js';
import type { FeedManner } from '../settings/feed-manner.js';
import { SettingsDesk } from '../settings/settings-desk.js';
import { validators } from './cache-headers.js';
import { correlationId } from './correlation-id.js';
import { DocumentReading } from './document-reading.js';
import { FetchInterrupted, type FetchTrouble, statusTrouble, troubleOf } from './fetch-trouble.js';
import { OwnNetwork } from './own-network.js';
import { permanentTarget } from './permanent-target.js';
import { scheduleAfter } from './schedule-after.js';
import { storable } from './storable.js';

/**
 * What a fetch came to: nothing to store but its outcome, or a document. `movedTo`: where permanent redirects led a fetch
 * that went well.
 */
export type FetchResult = ({ quiet: QuietOutcome } | { document: FetchedDocument }) & { movedTo?: string | null };

const DEADLINE_MS = 15_000;
/** Of a feed's document, polled or pushed. */
export const MAX_BYTES = 15 * 1024 * 1024;
const MAX_REDIRECTS = 5;
/** Time for the pages of new items, all together, and where it ends counted from the fetch's beginning. */
const PAGES_MS = 12_000;
const PAGES_END_MS = 22_000;
const ACCEPT =
  'application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1';

@Injectable()
export class FeedFetcher {
  private readonly rhythm: FetchRhythm;

  constructor(
    private readonly http: OutboundHttp,
    private readonly network: OwnNetwork,
    @Inject(CONFIG) config: Config,
    private readonly settings: SettingsDesk,
    private readonly reading: DocumentReading,
  ) {
    this.rhythm = fetchRhythm(config);
  }

  /** `memory` counts what is read. @throws {FetchInterrupted} when `signal` aborts: nothing can be said of the feed then. */
  async fetch(feed: FeedInHand, memory: ByteAccount, signal?: AbortSignal): Promise<FetchResult> {
    const started = performance.now();
    let response: OutboundResponse | null = null;
    try {
      const manner = await this.settings.mannerOf(feed);
      response = await this.get(feed.url, conditions(feed), manner, memory, signal);
      this.network.answered(feed.url);
      const movedTo = permanentTarget(response.redirects);
      // By far the most frequent answer.
      if (response.status === 304 && feed.bodyHash !== null)
        return { quiet: this.success(feed, response, started), movedTo };
      return { ...(await this.read(feed, manner, response, started, memory, signal)), movedTo };
    } catch (error) {
      if (error instanceof FetchInterrupted) throw error;
      const trouble = this.network.judge(feed, troubleOf(error));
      return { quiet: this.failed(feed, response, started, trouble) };
    }
  }

  /** What to write when a poll failed by a mistake of ours. */
  internalFailure(feed: FeedInHand, message: string): QuietOutcome {
    return this.failed(feed, null, performance.now(), {
      errorClass: 'internal',
      error: `trouble in the hub: ${message}`,
      scope: 'ours',
    });
  }

  /** What to write when PostgreSQL will never take what a document says: asked again every minute, the partner would send it in vain. */
  unstorable(feed: FeedInHand, message: string): QuietOutcome {
    return this.failed(feed, null, performance.now(), {
      errorClass: 'unstorable',
      error: `the document cannot be stored: ${message}`,
      scope: 'remote',
    });
  }

  private get(
    url: string,
    conditional: Record<string, string>,
    manner: FeedManner,
    memory: ByteAccount,
    signal?: AbortSignal,
  ): Promise<OutboundResponse> {
    const { headers, ...request } = manner.requestTo(url);
    return this.http.request({
      ...request,
      url,
      headers: { accept: ACCEPT, 'user-agent': this.settings.userAgent, ...headers, ...conditional },
      deadlineMs: DEADLINE_MS,
      maxBytes: MAX_BYTES,
      maxRedirects: MAX_REDIRECTS,
      memory,
      signal,
    });
  }

  private async read(
    feed: FeedInHand,
    manner: FeedManner,
    response: OutboundResponse,
    started: number,
    memory: ByteAccount,
    signal?: AbortSignal,
  ): Promise<FetchResult> {
    const trouble = statusTrouble(response.status, { askedConditionally: feed.bodyHash !== null });
    if (trouble) return { quiet: this.failed(feed, response, started, trouble) };
    // Many servers ignore validators: the same bytes say nothing new, and cost no parsing.
    const bodyHash = createHash('sha256').update(response.body).digest();
    if (feed.bodyHash?.equals(bodyHash) === true) {
      return { quiet: { ...this.success(feed, response, started), ...validators(response.headers) } };
    }
    const received = {
      body: response.body,
      bodyHash,
      contentType: response.headers['content-type'] ?? null,
      url: response.url,
    };
    const { userAgent } = this.settings;
    const pages = manner.fullText ? { userAgent, until: pagesUntil(started, signal), memory } : null;
    const { parts, parsed } = await this.reading.read(received, feed, manner, pages, signal);
    return {
      document: {
        outcome: {
          ...this.success(
            { ...feed, scheduleHints: parsed.schedule, observed: parts.feed.observed },
            response,
            started,
          ),
          ...validators(response.headers),
        },
        ...parts,
        push: { known: feed.push, named: discoverHub(response.headers, response.url, parsed) },
      },
    };
  }

  private success(feed: FeedInHand, response: OutboundResponse, started: number): QuietOutcome {
    return this.outcome(feed, response, started, { kind: 'ok' }, null);
  }

  private failed(
    feed: FeedInHand,
    response: OutboundResponse | null,
    started: number,
    trouble: FetchTrouble,
  ): QuietOutcome {
    const result: FetchResultForSchedule =
      trouble.scope === 'remote' ? { kind: 'failed', failures: feed.consecutiveFailures + 1 } : { kind: trouble.scope };
    const failure: FetchFailure = {
      errorClass: trouble.errorClass,
      error: storable(trouble.error),
      counts: trouble.scope === 'remote',
      retires: response?.status === 410,
    };
    return this.outcome(feed, response, started, result, failure);
  }

  private outcome(
    feed: FeedInHand,
    response: OutboundResponse | null,
    started: number,
    result: FetchResultForSchedule,
    failure: FetchFailure | null,
  ): QuietOutcome {
    const { nextFetchAt, nextFetchReason, answerFacts } = scheduleAfter(
      feed,
      result,
      response?.headers ?? {},
      this.rhythm,
    );
    return {
      feedId: feed.id,
      generation: feed.generation,
      fetchId: uuidV7(),
      correlationId: correlationId(),
      kind: feed.kind,
      startedAt: feed.startedAt,
      durationMs: Math.round(performance.now() - started),
      httpStatus: response?.status ?? null,
      bytes: response?.body.length ?? 0,
      nextFetchAt,
      nextFetchReason,
      answerFacts,
      etag: feed.etag,
      lastModified: feed.lastModified,
      failure,
    };
  }
}

/** When to stop reading pages: long enough before the claim of 30 s is over to write what there is. */
function pagesUntil(started: number, signal: AbortSignal | undefined): AbortSignal {
  const left = Math.max(0, Math.min(PAGES_MS, started + PAGES_END_MS - performance.now()));
  const deadline = AbortSignal.timeout(Math.round(left));
  return signal ? AbortSignal.any([signal, deadline]) : deadline;
}

/** The headers of a conditional GET (RFC 9110, 13.1), with both validators, as they came. */
function conditions(feed: FeedInHand): Record<string, string> {
  return {
    ...(feed.etag === null ? {} : { 'if-none-match': feed.etag }),
    ...(feed.lastModified === null ? {} : { 'if-modified-since': feed.lastModified }),
  };
}
