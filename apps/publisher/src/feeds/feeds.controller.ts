/** The feeds' addresses: `/feeds/CHANNEL.FORMAT`, `/feeds/tag/SCHEME/SLUG.FORMAT`, `/feeds/partner/SLUG.FORMAT`, `/feeds/search.FORMAT?q=`. */
import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '#config/config.js';
import { DocumentCache } from '../serving/document-cache.js';
import type { Rendering } from '../serving/rendered-document.js';
import { searchWords } from '../serving/search-words.js';
import { sendDocument } from '../serving/send-document.js';
import { CONTENT_TYPES, type FeedFormat, feedPath, type FeedTopic, parseFeedFile, tagTopic } from './feed-address.js';
import { FeedLoader } from './feed-loader.js';
import { FEED_WRITERS } from './feed-writers.js';

const CACHE_CONTROL = 'public, max-age=60, stale-while-revalidate=600, stale-if-error=86400';

@ApiExcludeController()
@Controller('feeds')
export class FeedsController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly cache: DocumentCache,
    private readonly loader: FeedLoader,
  ) {}

  @Get(':file')
  channel(
    @Param('file') file: string,
    @Query('q') query: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const address = parseFeedFile(file);
    const words = address?.slug === 'search' ? searchWords(query) : undefined;
    const topic: FeedTopic | undefined =
      words?.kind === 'words'
        ? { kind: 'search', words: words.words }
        : address && { kind: 'channel', slug: address.slug };
    return this.answer(topic, address?.format, request, reply);
  }

  @Get('tag/:scheme/:file')
  tag(
    @Param('scheme') scheme: string,
    @Param('file') file: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const address = parseFeedFile(file);
    return this.answer(address && tagTopic(scheme, address.slug), address?.format, request, reply);
  }

  @Get('partner/:file')
  partner(@Param('file') file: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const address = parseFeedFile(file);
    return this.answer(address && { kind: 'partner', slug: address.slug }, address?.format, request, reply);
  }

  private async answer(
    topic: FeedTopic | undefined,
    format: FeedFormat | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const known = topic !== undefined && format !== undefined;
    const key = known ? feedPath(topic, format) : '/feeds/';
    // The address without foreign query parameters: `?utm_source=…` asks for the same feed.
    const document = await this.cache.get(key, () => (known ? this.render(topic, format) : this.unknown()));
    await sendDocument(request, reply, document);
  }

  private async render(topic: FeedTopic, format: FeedFormat): Promise<Rendering> {
    const document = await this.loader.load(topic, format);
    if (document === undefined) return this.unknown();
    return {
      status: 200,
      contentType: CONTENT_TYPES[format],
      cacheControl: CACHE_CONTROL,
      body: FEED_WRITERS[format](document),
      changedAt: document.updated,
    };
  }

  private async unknown(): Promise<Rendering> {
    return {
      status: 404,
      contentType: 'text/plain; charset=utf-8',
      cacheControl: 'public, max-age=30',
      body: `404: there is no such feed here. ${this.config.publicUrl}/about lists them all.\n`,
    };
  }
}
