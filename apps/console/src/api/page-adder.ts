/**
 * Adds the address that an operator gave; when it proves to be a page, the feed that the page names takes its place. The
 * feed's own first fetch is the look at it, so that a real feed is asked once and not twice.
 */
import { Injectable } from '@nestjs/common';
import type { FeedPreviewReply, PageFeeds } from '#contracts/feed-preview.js';
import { looksLikeFeed } from '#domain/feed-address.js';
import { type FeedAdminRow, FeedAdminRepository } from '#storage/feed-admin.repository.js';
import { PageFeedRepository } from '#storage/page-feed.repository.js';
import { FeedAdder } from './feed-adder.js';
import { FeedRefresh } from './feed-refresh.js';
import type { NewFeedBody } from './feeds.schemas.js';
import { conflict, problemBody, ProblemException } from './problem.js';

/** How long the first fetch is waited for: who does not answer by then is added as given. */
const FIRST_LOOK_MS = 1_500;
/** For the page again and its feeds. Only pages come so far. */
const DISCOVERY_MS = 8_000;
/** Time that all callers together may wait for first looks: full for a person, empty for a script that adds hundreds. */
const PATIENCE_MS = 6_000;
const PATIENCE_PER_SECOND = 100;

@Injectable()
export class PageAdder {
  private patience = PATIENCE_MS;
  private patienceAt = performance.now();

  constructor(
    private readonly adder: FeedAdder,
    private readonly refresher: FeedRefresh,
    private readonly feeds: FeedAdminRepository,
    private readonly pages: PageFeedRepository,
  ) {}

  /**
   * Answers the id of the feed. Throws what FeedAdder does, 409 when the page's feed is here already, and 422 with the
   * candidates when the page has several feeds; in both cases nothing is added.
   */
  async add(body: NewFeedBody): Promise<string> {
    const id = await this.adder.add(body);
    if (body.paused === true) return id;
    const page = await this.pageAt(id, body.url);
    if (page === undefined) return id;
    const preview = await this.refresher.preview(page.url, DISCOVERY_MS).catch(() => undefined);
    if (preview === undefined || preview.ok || preview.page === undefined || preview.page.candidates.length === 0)
      return id;
    await this.settle(page, preview, preview.page);
    this.refresher.nudge(id);
    return id;
  }

  /** The feed, when its first fetch has shown in time that its address is a page's. */
  private async pageAt(id: string, url: string): Promise<FeedAdminRow | undefined> {
    const waitMs = looksLikeFeed(url) ? 0 : Math.min(FIRST_LOOK_MS, this.patienceLeft());
    if (waitMs < 1 || !(await this.refresher.isHeard())) {
      this.refresher.nudge(id);
      return undefined;
    }
    const startedAt = performance.now();
    await this.refresher.look(id, waitMs);
    this.patience -= performance.now() - startedAt;
    const feed = await this.feeds.get(id);
    return feed?.last_error_class === 'html-page' && feed.last_success_at === null ? feed : undefined;
  }

  private async settle(
    { id, url: pageUrl }: FeedAdminRow,
    preview: FeedPreviewReply,
    { best, candidates, choice }: PageFeeds,
  ): Promise<void> {
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
    if (await this.pages.replace(id, pageUrl, best)) return;
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
