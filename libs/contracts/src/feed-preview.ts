/** What the ingestor says of an address that somebody thinks of adding: the feed as it would be read, or the feeds that a page names. */
import { z } from 'zod';
import { parsedFeedSchema, parsedItemSchema, parseProblemSchema } from './parsed-feed.js';

/** A feed that a page leads to, read to make sure. Dates are ISO 8601 in UTC; `newestAt` is absent where no item has one. */
export const feedCandidateSchema = z
  .object({
    url: z.string().meta({ description: 'After redirects: what to add.', example: 'https://gazette.example/feed.xml' }),
    title: z.string().optional(),
    format: z.enum(['rss', 'atom', 'json', 'rdf']),
    itemCount: z.number().int(),
    newestAt: z.iso.datetime().optional(),
    foundBy: z.enum(['link', 'anchor', 'known-site', 'well-known']).meta({
      description: 'Named by <link>, linked by <a>, by a rule for its site, or tried at a customary address.',
    }),
    isComments: z.boolean(),
    sameHost: z.boolean().meta({ description: 'On the host of the page.' }),
    otherFormats: z.array(z.string()).meta({ description: 'Addresses of the same feed in other formats.' }),
  })
  .meta({ id: 'FeedCandidate' });

/** `best` is the one to add without asking; null when several have the same claim, and `choice` says why in a sentence. */
export const pageFeedsSchema = z.object({
  candidates: z.array(feedCandidateSchema).meta({ description: 'Best first; read by the hub just now.' }),
  best: z.string().nullable(),
  choice: z.string(),
  unreadable: z
    .array(z.object({ url: z.string(), error: z.string() }))
    .meta({ description: 'Addresses that the page names as feeds and that cannot be read.' }),
});

const readFeedSchema = z.object({
  ok: z.literal(true),
  /** After redirects; `redirects` are the addresses on the way. */
  url: z.string(),
  redirects: z.array(z.string()),
  feed: parsedFeedSchema,
  /** The newest ten. */
  items: z.array(parsedItemSchema),
  itemCount: z.number().int(),
  problems: z.array(parseProblemSchema),
  pollSeconds: z.number(),
  pollReason: z.string(),
  /** `pollReason`, and what else was considered, strongest first. */
  pollReasons: z.array(z.string()),
});

/** The reply to `feed.preview`. `page` is there when the address answers a web page. */
export const feedPreviewReplySchema = z.discriminatedUnion('ok', [
  readFeedSchema,
  z.object({ ok: z.literal(false), error: z.string(), url: z.string().optional(), page: pageFeedsSchema.optional() }),
]);

export type FeedCandidate = z.infer<typeof feedCandidateSchema>;
export type PageFeeds = z.infer<typeof pageFeedsSchema>;
export type FeedPreviewReply = z.infer<typeof feedPreviewReplySchema>;
