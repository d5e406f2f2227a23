/**
 * Adds the address that an operator gave; when it proves to be a page, the feed that the page names takes its place. The
 * feed's own first fetch is the look at it, so that a real feed is asked once and not twice.
 */
import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PageFeeds } from '#contracts/feed-preview.js';
import { looksLikeFeed } from '#domain/feed-address.js';
import { type FeedAdminRow, FeedAdminRepository } from '#storage/feed-admin.repository.js';
import { PageFeedRepository } from '#storage/page-feed.repository.js';
import { FeedAdder } from './feed-adder.js';
import type { SettingsWriter } from './feed-changer.js';
import { FeedRefresh } from './feed-refresh.js';
import type { NewFeedBody } from './feeds.schemas.js';
import { conflict, problemBody, ProblemException } from './problem.js';

/**
 * How long a caller waits for the first fetch: who does not answer by then is added as given. A well one takes a tenth of a
 * second; the rest is for an ingestor that has just been started on a busy machine.
 */
const FIRST_LOOK_MS = 4_000;
/** How long the first fetch is followed when nobody waits for it: longer than it may take. */
const FOLLOWED_MS = 20_000;
/** First fetches that are followed at once; of more the outcome is left to the feed to show. */
const MOST_FOLLOWED = 20;
/** For the page again and its feeds. Only pages come so far. */
const DISCOVERY_MS = 8_000;
/** Time that all callers together may wait for first looks: full for a person, empty for a script that adds hundreds. */
const PATIENCE_MS = 8_000;
const PATIENCE_PER_SECOND = 100;

@Injectable()
export class PageAdder {
  private readonly logger = new Logger(PageAdder.name);
  private patience = PATIENCE_MS;
  private patienceAt = performance.now();
  private followed = 0;

  constructor(
    private readonly adder: FeedAdder,
    private readonly refresher: FeedRefresh,
    private readonly feeds: FeedAdminRepository,
    private readonly pages: PageFeedRepository,
  ) {}

  /**
   * Answers the id of the feed. Throws what FeedAdder does, 409 when the page's feed is here already, and 422 with the
   * candidates when the page has several feeds; in both cases nothing is added. What shows itself as a page later is
   * replaced all the same if it names one feed, and else stays as given, with its error.
   */
  async add(body: Omit<NewFeedBody, 'settings'>, settings?: SettingsWriter): Promise<string> {
    const id = await this.adder.add(body, settings);
    if (body.paused === true) return id;
    if (this.followed >= MOST_FOLLOWED || !(await this.refresher.isHeard())) {
      this.refresher.nudge(id);
      return id;
    }
    const look = this.firstLook(id).catch(() => undefined);
    const inTime = await this.waitFor(look, looksLikeFeed(body.url) ? 0 : Math.min(FIRST_LOOK_MS, this.patienceLeft()));
    if (!inTime) void this.follow(look);
    else {
      const page = await look;
      const found = page && (await this.feedsOf(page));
      if (page && found) await this.settle(page, found);
    }
    return id;
  }

  /** Has the feed fetched; resolves to it when its address has proved to be a page's, and to undefined otherwise. */
  private async firstLook(id: string): Promise<FeedAdminRow | undefined> {
    this.followed++;
    try {
      await this.refresher.look(id, FOLLOWED_MS);
      const feed = await this.feeds.get(id);
      return feed?.last_error_class === 'html-page' && feed.last_success_at === null ? feed : undefined;
    } finally {
      this.followed--;
    }
  }

  /** False when `look` takes longer; the time is taken from everybody's. */
  private async waitFor(look: Promise<unknown>, waitMs: number): Promise<boolean> {
    if (waitMs < 1) return false;
    const startedAt = performance.now();
    const timer = new AbortController();
    const late = sleep(waitMs, false, { signal: timer.signal }).catch(() => false);
    const inTime = await Promise.race([look.then(() => true), late]).finally(() => timer.abort());
    this.patience -= performance.now() - startedAt;
    return inTime;
  }

  /** Never throws: nobody listens any more. */
  private async follow(look: Promise<FeedAdminRow | undefined>): Promise<void> {
    try {
      const page = await look;
      const best = page && (await this.feedsOf(page))?.best;
      if (page && best && (await this.pages.replace(page.id, page.url, best))) this.refresher.nudge(page.id);
    } catch (error) {
      this.logger.debug({ msg: 'a page was left as it is', error: String(error) });
    }
  }

  /** What the page names; undefined when it names nothing that can be read. */
  private async feedsOf(page: FeedAdminRow): Promise<PageFeeds | undefined> {
    const preview = await this.refresher.preview(page.url, DISCOVERY_MS).catch(() => undefined);
    return preview === undefined || preview.ok || !preview.page?.candidates.length ? undefined : preview.page;
  }

  private async settle({ id, url: pageUrl }: FeedAdminRow, { best, candidates, choice }: PageFeeds): Promise<void> {
    if (best === null) {
      await this.pages.forget(id);
      const list = candidates.map(({ url, title }) => `${url}${title === undefined ? '' : ` (${title})`}`).join(', ');
      throw new ProblemException(
        problemBody(422, `${choice} Nothing was added. Add the one that you mean: ${list}.`, {
          kind: 'several-feeds',
          candidates,
        }),
      );
    }
    if (await this.pages.replace(id, pageUrl, best)) {
      this.refresher.nudge(id);
      return;
    }
    const [known] = await this.pages.byUrls([best]);
    if (known === undefined) return;
    await this.pages.forget(id);
    throw conflict(
      'feed-already-here',
      `${pageUrl} is a page; its feed ${best} is here already, as ${known.id}. Change that one, or refresh it.`,
      { id: known.id },
    );
  }

  private patienceLeft(): number {
    const now = performance.now();
    this.patience = Math.min(PATIENCE_MS, this.patience + ((now - this.patienceAt) / 1_000) * PATIENCE_PER_SECOND);
    this.patienceAt = now;
    return this.patience;
  }
}
