/** /api/v1/feeds/preview: what the hub would make of a URL, before it is added. */
import { Body, HttpCode, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { z } from 'zod';
import { pageFeedsSchema } from '#contracts/feed-preview.js';
import { parsedFeedSchema, parsedItemSchema, parseProblemSchema } from '#contracts/parsed-feed.js';
import { Answers, ApiResource } from './api-route.js';
import { FeedRefresh } from './feed-refresh.js';
import { KnownFeeds } from './known-feeds.js';
import { webUrl } from './urls.js';
import { fields } from './validation.js';

const previewBodySchema = fields({ url: webUrl('https://gazette.example/feed.xml') }).meta({ id: 'PreviewRequest' });
const likeFeedSchema = z
  .object({
    id: z.uuid(),
    url: z.string(),
    title: z.string().nullable(),
    status: z.enum(['active', 'paused', 'retired']),
    how: z.enum(['url', 'redirect', 'self-url', 'spelling', 'items']),
    reason: z.string().meta({ example: 'It differs by http or https, www. or a final slash only.' }),
  })
  .meta({ id: 'LikeFeed' });
const previewSchema = z
  .object({
    ok: z.boolean(),
    error: z.string().optional().meta({ description: 'Why it cannot be read; only when ok is false.' }),
    url: z.string().optional().meta({ description: 'After redirects.' }),
    redirects: z.array(z.string()).optional().meta({ description: 'The addresses on the way there.' }),
    feed: parsedFeedSchema.optional(),
    items: z.array(parsedItemSchema).optional().meta({ description: 'The newest ten, before sanitising.' }),
    itemCount: z.number().int().optional(),
    problems: z.array(parseProblemSchema).optional(),
    pollSeconds: z.number().int().optional().meta({ description: 'How often it would be fetched.' }),
    pollReason: z.string().optional().meta({ description: 'How often it would be fetched, and why.' }),
    pollReasons: z
      .array(z.string())
      .optional()
      .meta({ description: 'The same, and what else was considered, strongest first.' }),
    alreadyHere: z.array(likeFeedSchema).meta({ description: 'Feeds of the hub that are the same; the surest first.' }),
    page: pageFeedsSchema
      .optional()
      .meta({ description: 'Only when the address is a page: the feeds that it names, and which of them to add.' }),
  })
  .meta({ id: 'FeedPreview' });

@ApiResource('feeds')
export class FeedPreviewController {
  constructor(
    private readonly refresher: FeedRefresh,
    private readonly known: KnownFeeds,
  ) {}

  @Post('preview')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Try a URL',
    description: 'Reads it as a feed, or finds the feeds of the page, and stores nothing.',
  })
  @Answers(200, previewSchema, 'What it would be read as, or why it cannot be.')
  async preview(@Body({ schema: previewBodySchema }) { url }: z.infer<typeof previewBodySchema>) {
    const preview = await this.refresher.preview(url);
    return { ...preview, alreadyHere: await this.known.alike(url, preview) };
  }
}
