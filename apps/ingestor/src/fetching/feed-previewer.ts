/** Shows what the hub would make of a URL, storing nothing. */
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import type { ParsedFeed, ParsedItem, ParseProblem } from '#contracts/parsed-feed.js';
import { decideNextFetch } from '#domain/next-fetch.js';
import { fetchRhythm } from '#domain/poll-interval.js';
import { observedRhythm } from '../scheduling/observed-rhythm.js';
import { freshForSeconds } from './cache-headers.js';
import { FeedFetcher } from './feed-fetcher.js';

const SHOWN_ITEMS = 10;

/** `error` is a sentence for people; otherwise the feed as it would be read, its first items, and how often it would be polled. */
export type FeedPreview =
  | { ok: false; error: string }
  | {
      ok: true;
      /** After redirects. */
      url: string;
      feed: ParsedFeed;
      items: ParsedItem[];
      itemCount: number;
      problems: ParseProblem[];
      pollReason: string;
      /** `pollReason`, and what else was considered, strongest first. */
      pollReasons: string[];
    };

@Injectable()
export class FeedPreviewer {
  constructor(
    private readonly fetcher: FeedFetcher,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Never throws: what goes wrong is the answer. */
  async preview(url: string): Promise<FeedPreview> {
    try {
      const { response, parsed } = await this.fetcher.preview(url);
      const now = new Date();
      const { reason, reasons } = decideNextFetch(
        {
          now,
          result: { kind: 'ok' },
          rhythm: fetchRhythm(this.config),
          intervalSeconds: null,
          hints: parsed.feed.schedule,
          maxAgeSeconds: freshForSeconds(response.headers),
          retryAfterSeconds: null,
          observed: observedRhythm(parsed.items, now),
          pushWorks: false,
        },
        0,
      );
      return {
        ok: true,
        url: response.url,
        feed: parsed.feed,
        items: parsed.items.slice(0, SHOWN_ITEMS),
        itemCount: parsed.items.length,
        problems: parsed.problems,
        pollReason: reason,
        pollReasons: reasons,
      };
    } catch (error) {
      return { ok: false, error: error instanceof Error ? error.message : String(error) };
    }
  }
}
