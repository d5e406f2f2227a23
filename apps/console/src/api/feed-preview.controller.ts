/** /api/v1/feeds/preview: what the hub would make of a URL, before it is added. */
import { Body, HttpCode, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { z } from 'zod';
import { parsedFeedSchema, parsedItemSchema, parseProblemSchema } from '#contracts/parsed-feed.js';
import { Answers, ApiResource } from './api-route.js';
import { FeedRefresh } from './feed-refresh.js';
import { webUrl } from './urls.js';
import { fields } from './validation.js';

const previewBodySchema = fields({ url: webUrl('https://gazette.example/feed.xml') }).meta({ id: 'PreviewRequest' });
const previewSchema = z
  .object({
    ok: z.boolean(),
    error: z.string().optional().meta({ description: 'Why it cannot be read; only when ok is false.' }),
    url: z.string().optional().meta({ description: 'After redirects.' }),
    feed: parsedFeedSchema.optional(),
    items: z.array(parsedItemSchema).optional().meta({ description: 'The first ten.' }),
    itemCount: z.number().int().optional(),
    problems: z.array(parseProblemSchema).optional(),
    pollReason: z.string().optional().meta({ description: 'How often it would be fetched, and why.' }),
    pollReasons: z
      .array(z.string())
      .optional()
      .meta({ description: 'The same, and what else was considered, strongest first.' }),
  })
  .meta({ id: 'FeedPreview' });

@ApiResource('feeds')
export class FeedPreviewController {
  constructor(private readonly refresher: FeedRefresh) {}

  @Post('preview')
  @HttpCode(200)
  @ApiOperation({ summary: 'Try a URL', description: 'Reads it as a feed and stores nothing.' })
  @Answers(200, previewSchema, 'What it would be read as, or why it cannot be.')
  preview(@Body({ schema: previewBodySchema }) body: z.infer<typeof previewBodySchema>) {
    return this.refresher.preview(body.url);
  }
}
