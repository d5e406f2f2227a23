/** The feeds' addresses: `/feeds/CHANNEL.FORMAT`, `/feeds/tag/SCHEME/SLUG.FORMAT`, `/feeds/partner/SLUG.FORMAT`, `/feeds/search.FORMAT?q=` with the search's filters. */
import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '#config/config.js';
import { SearchesBusyError, TRY_AGAIN_SECONDS } from '#service/search-line.js';
import { isEmpty, readSearch } from '../serving/asked-search.js';
import { DocumentCache } from '../serving/document-cache.js';
import type { Rendering } from '../serving/rendered-document.js';
import { sendDocument } from '../serving/send-document.js';
import { storyKey, surrogateKeys } from '../serving/surrogate-keys.js';
import {
  archivePath,
  CONTENT_TYPES,
  type FeedFormat,
  feedPath,
  type FeedTopic,
  parseFeedFile,
  parsePeriod,
  tagTopic,
} from './feed-address.js';
import type { FeedDocument } from './feed-document.js';
import { FeedLoader } from './feed-loader.js';
import { FEED_WRITERS } from './feed-writers.js';

/** Short, although a closed month never changes: what is withdrawn has to leave it. */
const ARCHIVE_CACHE_CONTROL = 'public, max-age=3600, stale-while-revalidate=600, stale-if-error=86400';
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
    @Query() query: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const address = parseFeedFile(file);
    const { asked, problems } = readSearch(address?.slug === 'search' ? query : {});
    if (problems.length > 0) return this.refuse(request, reply);
    const topic: FeedTopic | undefined = isEmpty(asked)
      ? address && { kind: 'channel', slug: address.slug }
      : { kind: 'search', ...asked };
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
    try {
      const document = await this.cache.get(key, () => (known ? this.render(topic, format) : this.unknown()));
      await sendDocument(request, reply, document);
    } catch (error) {
      if (!(error instanceof SearchesBusyError)) throw error;
      // No page around it: a feed reader asks.
      void reply.code(503).headers({ 'retry-after': String(TRY_AGAIN_SECONDS), 'cache-control': 'no-store' });
      await reply.type('text/plain; charset=utf-8').send(`503: ${error.message}\n`);
    }
  }

  @Get('archive/:period/:file')
  archivedChannel(
    @Param('period') period: string,
    @Param('file') file: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const address = parseFeedFile(file);
    const topic: FeedTopic | undefined = address && { kind: 'channel', slug: address.slug };
    return this.answerArchive(topic, address?.format, period, request, reply);
  }

  @Get('archive/:period/tag/:scheme/:file')
  archivedTag(
    @Param('period') period: string,
    @Param('scheme') scheme: string,
    @Param('file') file: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const address = parseFeedFile(file);
    const topic = address && tagTopic(scheme, address.slug);
    return this.answerArchive(topic, address?.format, period, request, reply);
  }

  @Get('archive/:period/partner/:file')
  archivedPartner(
    @Param('period') period: string,
    @Param('file') file: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const address = parseFeedFile(file);
    const topic: FeedTopic | undefined = address && { kind: 'partner', slug: address.slug };
    return this.answerArchive(topic, address?.format, period, request, reply);
  }

  private async answerArchive(
    topic: FeedTopic | undefined,
    format: FeedFormat | undefined,
    periodText: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const period = parsePeriod(periodText);
    const known = topic !== undefined && format !== undefined && period !== undefined;
    const key = known ? archivePath(topic, format, period) : '/feeds/';
    const document = await this.cache.get(key, async () => {
      const loaded = known ? await this.loader.loadArchive(topic, format, period) : undefined;
      if (!known) return this.unknown();
      if (loaded === undefined) return this.moved(topic, (target) => archivePath(target, format, period));
      const { document: archive, changedAt } = loaded;
      return { ...rendered(archive, topic, format), cacheControl: ARCHIVE_CACHE_CONTROL, changedAt };
    });
    await sendDocument(request, reply, document);
  }

  private async render(topic: FeedTopic, format: FeedFormat): Promise<Rendering> {
    const document = await this.loader.load(topic, format);
    if (document === undefined) return this.moved(topic, (target) => feedPath(target, format));
    return rendered(document, topic, format);
  }

  /** A channel's old address leads to the new one for as long as the channel is there. */
  private async moved(topic: FeedTopic, pathOf: (target: FeedTopic) => string): Promise<Rendering> {
    const target = await this.loader.movedTo(topic);
    if (target === undefined) return this.unknown();
    const location = this.config.publicUrl + pathOf(target);
    return {
      status: 301,
      contentType: 'text/plain; charset=utf-8',
      cacheControl: CACHE_CONTROL,
      body: `This feed is at ${location} now.\n`,
      headers: { location },
    };
  }

  private async refuse(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const document = await this.cache.get('/feeds/ not asked well', async () => ({
      status: 400,
      contentType: 'text/plain; charset=utf-8',
      cacheControl: 'public, max-age=30',
      body:
        '400: a search takes q (words, 200 characters at most), tag (SCHEME/SLUG), partner (a slug), language (en), from and ' +
        `until (days: 2026-11-23). ${this.config.publicUrl}/search makes the address of its feeds.\n`,
    }));
    await sendDocument(request, reply, document);
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

function rendered(document: FeedDocument, topic: FeedTopic, format: FeedFormat): Rendering {
  const links = [
    ...document.hubs.map((hub) => `<${hub}>; rel="hub"`),
    `<${document.selfUrl}>; rel="self"`,
    ...(document.currentUrl === undefined ? [] : [`<${document.currentUrl}>; rel="current"`]),
  ];
  return {
    status: 200,
    contentType: CONTENT_TYPES[format],
    cacheControl: CACHE_CONTROL,
    body: FEED_WRITERS[format](document),
    changedAt: document.updated,
    headers: { link: links.join(', '), ...surrogateKeys(['feeds', topicKey(topic), ...storyKeys(document)]) },
  };
}

function topicKey(topic: FeedTopic): string {
  if (topic.kind === 'search') return 'search';
  return topic.kind === 'tag' ? `tag/${topic.scheme}/${topic.slug}` : `${topic.kind}/${topic.slug}`;
}

function storyKeys(document: FeedDocument): string[] {
  return document.entries.map(({ storyId }) => storyKey(storyId));
}
