/**
 * Commands (request/response) and broadcasts (hints) between services, over the Redis transport of @nestjs/microservices.
 * Every instance answers a command, so commands are idempotent; nothing that must not be lost travels here.
 */
import { z } from 'zod';

/** console → ingestor: fetch this feed now. Answers when the fetch is done, or with the reason why it is not. */
export const REFRESH_FEED = 'feed.refresh';
export const refreshFeedCommandSchema = z.object({ feedId: z.uuid(), timeoutMs: z.number().int().positive() });
export const refreshFeedReplySchema = z.object({
  done: z.boolean(),
  fetchId: z.uuid().nullable(),
});

/** console → ingestor: read this URL and say what the hub would make of it, storing nothing. Answers a FeedPreviewReply in time. */
export const PREVIEW_FEED = 'feed.preview';
export const previewFeedCommandSchema = z.object({
  url: z.url(),
  timeoutMs: z.number().int().positive().max(25_000).default(20_000),
});

/** processor → publisher: stories changed up to this event sequence; caches should look again. */
export const STORIES_CHANGED = 'stories.changed';
export const storiesChangedSchema = z.object({ seq: z.number() });

/** publisher/console → publisher: deliveries became due or an endpoint changed; the dispatcher should look now. */
export const DELIVERIES_DUE = 'deliveries.due';

export type RefreshFeedCommand = z.infer<typeof refreshFeedCommandSchema>;
export type RefreshFeedReply = z.infer<typeof refreshFeedReplySchema>;
export type PreviewFeedCommand = z.input<typeof previewFeedCommandSchema>;
export type StoriesChanged = z.infer<typeof storiesChangedSchema>;
