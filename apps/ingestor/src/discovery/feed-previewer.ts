/** Shows what the hub would make of a URL, storing nothing: the feed as it would be read, or the feeds of the page. */
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import type { FeedPreviewReply } from '#contracts/feed-preview.js';
import type { ParsedDocument, ParsedItem } from '#contracts/parsed-feed.js';
import { decideNextFetch, explainNextFetch } from '#domain/next-fetch.js';
import { fetchRhythm } from '#domain/poll-interval.js';
import type { OutboundResponse } from '#http-client/http-client.js';
import { freshForSeconds } from '../fetching/cache-headers.js';
import { observedRhythm } from '../scheduling/observed-rhythm.js';
import { AddressReader } from './address-reader.js';
import { FeedFinder } from './feed-finder.js';

const SHOWN_ITEMS = 10;

@Injectable()
export class FeedPreviewer {
  constructor(
    private readonly addresses: AddressReader,
    private readonly finder: FeedFinder,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Never throws: what goes wrong is the answer, and it comes within `timeoutMs`. */
  async preview(url: string, timeoutMs: number): Promise<FeedPreviewReply> {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const { response, parsed } = await this.addresses.read(url, signal);
      if (parsed !== null) return this.asRead(response, parsed);
      const page = await this.finder.find(response, signal);
      return {
        ok: false,
        url: response.url,
        error: `The address answers an HTML page, not a feed. ${page.choice}`,
        page,
      };
    } catch (error) {
      if (signal.aborted) return { ok: false, error: `It did not answer within ${timeoutMs / 1_000} s.` };
      return { ok: false, error: error instanceof Error ? error.message : String(error) };
    }
  }

  private asRead(response: OutboundResponse, { feed, items, problems }: ParsedDocument): FeedPreviewReply {
    const now = new Date();
    const facts = {
      now,
      result: { kind: 'ok' as const },
      rhythm: fetchRhythm(this.config),
      intervalSeconds: null,
      hints: feed.schedule,
      maxAgeSeconds: freshForSeconds(response.headers),
      retryAfterSeconds: null,
      observed: observedRhythm(items, now),
      pushWorks: false,
    };
    const { at, reason } = decideNextFetch(facts, 0);
    return {
      ok: true,
      url: response.url,
      redirects: response.redirects.map(({ from }) => from),
      feed,
      items: newestFirst(items).slice(0, SHOWN_ITEMS),
      itemCount: items.length,
      problems,
      pollSeconds: Math.round((at.getTime() - now.getTime()) / 1_000),
      pollReason: reason,
      pollReasons: explainNextFetch(facts, reason),
    };
  }
}

/** Undated ones behind, in the document's order. */
function newestFirst(items: readonly ParsedItem[]): ParsedItem[] {
  const date = ({ published, updated }: ParsedItem): string => published ?? updated ?? '';
  return items.toSorted((a, b) => date(b).localeCompare(date(a)));
}
