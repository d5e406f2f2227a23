/** Answers the console's commands: fetch this feed now, show what this URL would be read as. */
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  PREVIEW_FEED,
  previewFeedCommandSchema,
  REFRESH_FEED,
  type RefreshFeedReply,
  refreshFeedCommandSchema,
} from '#contracts/commands.js';
import type { FeedPreviewReply } from '#contracts/feed-preview.js';
import { FeedPreviewer } from '../discovery/feed-previewer.js';
import { FeedRefresher } from './feed-refresher.js';

@Controller()
export class RefreshController {
  constructor(
    private readonly refresher: FeedRefresher,
    private readonly previewer: FeedPreviewer,
  ) {}

  @MessagePattern(REFRESH_FEED)
  refresh(@Payload() payload: unknown): Promise<RefreshFeedReply> {
    const { feedId, timeoutMs } = refreshFeedCommandSchema.parse(payload);
    return this.refresher.refresh(feedId, timeoutMs);
  }

  @MessagePattern(PREVIEW_FEED)
  preview(@Payload() payload: unknown): Promise<FeedPreviewReply> {
    const { url, timeoutMs } = previewFeedCommandSchema.parse(payload);
    return this.previewer.preview(url, timeoutMs);
  }
}
