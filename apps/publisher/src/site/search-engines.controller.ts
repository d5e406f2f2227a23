/** What search engines read: `/robots.txt` and the news sitemap. */
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '#config/config.js';
import { PublishedStoryRepository } from '#storage/published-story.repository.js';
import { DocumentCache } from '../serving/document-cache.js';
import { sendDocument } from '../serving/send-document.js';
import { inEveryLanguage } from './editions.js';
import { newsSitemap } from './news-sitemap.js';

const HOUR_MS = 3_600_000;
const NEWS_HOURS = 48;
const MAX_NEWS = 1_000;
const CACHE_CONTROL = 'public, max-age=300, stale-while-revalidate=600';
/** Search engines want the stories, not our searches for them. */
const CLOSED = inEveryLanguage('search').map((path) => `Disallow: /${path}\n`);

@ApiExcludeController()
@Controller()
export class SearchEnginesController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly cache: DocumentCache,
    private readonly stories: PublishedStoryRepository,
  ) {}

  @Get('sitemap-news.xml')
  async sitemap(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    // The span moves with the clock: at most an hour late.
    const until = new Date(Math.ceil(Date.now() / HOUR_MS) * HOUR_MS);
    const document = await this.cache.get(`/sitemap-news.xml ${until.getTime()}`, async () => {
      const from = new Date(Math.max(until.getTime(), Date.now()) - NEWS_HOURS * HOUR_MS);
      const { stories } = await this.stories.cards({ kind: 'span', from, until }, { limit: MAX_NEWS });
      const body = newsSitemap(stories, this.config);
      return { status: 200, contentType: 'application/xml; charset=utf-8', cacheControl: CACHE_CONTROL, body };
    });
    await sendDocument(request, reply, document);
  }

  @Get('robots.txt')
  async robots(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const document = await this.cache.get('/robots.txt', async () => ({
      status: 200,
      contentType: 'text/plain; charset=utf-8',
      cacheControl: CACHE_CONTROL,
      body: `User-agent: *\n${CLOSED.join('')}\nSitemap: ${this.config.publicUrl}/sitemap-news.xml\n`,
    }));
    await sendDocument(request, reply, document);
  }
}
