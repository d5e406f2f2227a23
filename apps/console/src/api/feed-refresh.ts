/** Has a feed fetched now through the ingestor; without Redis the feed is made due in Postgres, so the wish is not lost. */
import { Injectable } from '@nestjs/common';
import {
  PREVIEW_FEED,
  type PreviewFeedCommand,
  REFRESH_FEED,
  type RefreshFeedCommand,
  type RefreshFeedReply,
} from '#contracts/commands.js';
import type { FeedPreviewReply } from '#contracts/feed-preview.js';
import { CommandClient } from '#messaging/command-client.js';
import { FeedAdminRepository } from '#storage/feed-admin.repository.js';
import { REFRESH_REASON } from '#storage/feed-hand.js';
import { unavailable } from './problem.js';

/** How long a caller of the API waits for a fetch before being told that it goes on. */
const REFRESH_WAIT_MS = 10_000;
const PREVIEW_WAIT_MS = 20_000;
/** A nudge needs to be heard, not answered. */
const NUDGE_MS = 1_000;
/** For the way there and back. */
const GRACE_MS = 500;

/** `fetchId` of the finished fetch, or a sentence on why there is none yet. */
export type RefreshResult = { fetchId: string } | { pending: string };

@Injectable()
export class FeedRefresh {
  constructor(
    private readonly commands: CommandClient,
    private readonly feeds: FeedAdminRepository,
  ) {}

  /** Waits up to ten seconds. Never throws for want of Redis or of an ingestor. */
  async refresh(feedId: string): Promise<RefreshResult> {
    const command: RefreshFeedCommand = { feedId, timeoutMs: REFRESH_WAIT_MS };
    try {
      const reply = await this.commands.send<RefreshFeedReply>(REFRESH_FEED, command, REFRESH_WAIT_MS + GRACE_MS);
      return reply.done && reply.fetchId !== null
        ? { fetchId: reply.fetchId }
        : { pending: 'The fetch takes longer than 10 s. It goes on; the feed shows how it ends.' };
    } catch {
      await this.feeds.makeDue(feedId, REFRESH_REASON);
      return { pending: 'The ingestor could not be told (is Redis away?). The feed is due now and will be fetched.' };
    }
  }

  /** Starts a fetch and waits for nothing: the feed is due in any case, this only saves the scheduler's half second. */
  nudge(feedId: string): void {
    const command: RefreshFeedCommand = { feedId, timeoutMs: NUDGE_MS };
    this.commands.send(REFRESH_FEED, command, NUDGE_MS).catch(() => undefined);
  }

  /** Whether an ingestor listens, known at once. */
  isHeard(): Promise<boolean> {
    return this.commands.isHeard(REFRESH_FEED);
  }

  /** Starts a fetch and waits for it at most `waitMs`; the feed shows how it went. */
  async look(feedId: string, waitMs: number): Promise<void> {
    const command: RefreshFeedCommand = { feedId, timeoutMs: Math.ceil(waitMs) };
    await this.commands.send(REFRESH_FEED, command, waitMs + GRACE_MS).catch(() => undefined);
  }

  /** What the hub would make of a URL, within `waitMs`. Throws 503 when no ingestor answers. */
  async preview(url: string, waitMs = PREVIEW_WAIT_MS): Promise<FeedPreviewReply> {
    const command: PreviewFeedCommand = { url, timeoutMs: waitMs };
    try {
      if (!(await this.isHeard())) throw new Error('no ingestor listens');
      return await this.commands.send<FeedPreviewReply>(PREVIEW_FEED, command, waitMs + GRACE_MS);
    } catch {
      throw unavailable(
        'ingestor-away',
        'No ingestor answered. Look at /health/ready of ingestor and Redis, then try again.',
      );
    }
  }
}
