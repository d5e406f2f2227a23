/** Gives new items the text of their pages, where an operator asked for it and the partner allows it: bounded, and politely. */
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import type { ParsedItem } from '#contracts/parsed-feed.js';
import type { HostLimits } from '#domain/host-budget.js';
import { parseUrl } from '#domain/parse-url.js';
import type { ByteAccount } from '#http-client/byte-budget.js';
import { OutboundHttp } from '#http-client/http-client.js';
import { OutboundError } from '#http-client/outbound-error.js';
import { Metrics } from '#observability/metrics.js';
import { HostSlotRepository } from '#storage/host-slot.repository.js';
import type { FeedManner } from './feed-manner.js';
import { PageTurns } from './page-turns.js';
import { TreatmentError, TreatmentThreads } from './treatment-threads.js';

/** How pages are read. `until` ends the reading of them; `memory` counts their bytes while they are in hand. */
export interface PageReading {
  userAgent: string;
  until: AbortSignal;
  memory: ByteAccount;
}

/** What was made of an item's page. `waits`: not read yet, and to be tried with the next document. */
export type PageOutcome = { item: ParsedItem } | { failure: string } | { waits: true };

const MAX_PAGES = 20;
const PAGE_DEADLINE_MS = 5_000;
const MAX_BYTES = 3 * 1024 * 1024;
const MAX_REDIRECTS = 5;
const ACCEPT = 'text/html, application/xhtml+xml;q=0.9, */*;q=0.1';
/** A page that gives less than this is a teaser, a consent form or an error in disguise. */
const MIN_TEXT = 250;

@Injectable()
export class FullTextReader {
  private readonly turns = new PageTurns();
  private readonly pages;
  private readonly limits: HostLimits;

  constructor(
    private readonly http: OutboundHttp,
    private readonly threads: TreatmentThreads,
    private readonly hosts: HostSlotRepository,
    @Inject(CONFIG) config: Config,
    metrics: Metrics,
  ) {
    this.limits = { requestsPerMinute: config.hostRequestsPerMinute, connections: config.hostConnections };
    this.pages = metrics.counter('dateline_fetching_pages_total', 'Pages read for full text by outcome', ['outcome']);
  }

  /**
   * An outcome for each item, in order. Reads one page after the other and at most twenty, until `until` aborts; a host
   * that asks for fewer requests, or whose budget is spent, is asked for no more pages. Never throws, but for an abort by the hub itself.
   */
  async read(items: readonly ParsedItem[], manner: FeedManner, reading: PageReading): Promise<PageOutcome[]> {
    const outcomes: PageOutcome[] = [];
    const unwilling = new Set<string>();
    let asked = 0;
    for (const item of items) {
      const url = webUrl(item.url);
      if (url === null) outcomes.push({ failure: 'it has no web address' });
      else if (asked >= MAX_PAGES || reading.until.aborted || unwilling.has(url.host)) outcomes.push({ waits: true });
      else {
        asked++;
        const outcome = await this.readOne(item, url, manner, reading);
        if (outcome === 'unwilling') unwilling.add(url.host);
        outcomes.push(outcome === 'unwilling' ? { waits: true } : outcome);
      }
    }
    for (const outcome of outcomes)
      this.pages.inc({ outcome: 'item' in outcome ? 'read' : 'failure' in outcome ? 'failed' : 'waits' });
    return outcomes;
  }

  private async readOne(
    item: ParsedItem,
    url: URL,
    manner: FeedManner,
    { userAgent, until: signal, memory }: PageReading,
  ): Promise<PageOutcome | 'unwilling'> {
    const turn = await this.turns.take(url.host, signal);
    if (turn === null) return { waits: true };
    const before = memory.bytes;
    try {
      // A page takes from the same budget as a poll.
      if ((await this.hosts.take(url.host, this.limits)) > 0) return 'unwilling';
      const { headers, ...request } = manner.requestTo(url.href);
      const page = await this.http.request({
        ...request,
        url: url.href,
        headers: { accept: ACCEPT, 'user-agent': userAgent, ...headers },
        deadlineMs: PAGE_DEADLINE_MS,
        maxBytes: MAX_BYTES,
        maxRedirects: MAX_REDIRECTS,
        memory,
        signal,
      });
      if (page.status === 429 || page.status === 503) return 'unwilling';
      if (page.status !== 200) return { failure: `its page answers with status ${page.status}` };
      const contentType = page.headers['content-type'] ?? null;
      if (contentType !== null && !/html/i.test(contentType)) return { failure: 'its page is no HTML' };
      const article = await this.threads.article({ bytes: page.body, contentType, url: page.url }, signal);
      if (article === null || article.textLength < MIN_TEXT) return { failure: 'its page shows no article' };
      return { item: withText(item, article.html) };
    } catch (error) {
      if (signal.aborted || (error instanceof OutboundError && error.kind === 'busy')) return { waits: true };
      if (error instanceof OutboundError) return { failure: `its page cannot be fetched: ${error.message}` };
      if (error instanceof TreatmentError) return { failure: `its page cannot be read: ${error.message}` };
      throw error;
    } finally {
      memory.giveBack(memory.bytes - before);
      turn.leave();
    }
  }
}

/** What the feed gave as content becomes the summary, where there is none. */
function withText(item: ParsedItem, html: string): ParsedItem {
  const summary = item.summary ?? item.content;
  return { ...item, ...(summary === undefined ? {} : { summary }), content: html };
}

function webUrl(text: string | undefined): URL | null {
  const url = text === undefined ? null : parseUrl(text);
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : null;
}
