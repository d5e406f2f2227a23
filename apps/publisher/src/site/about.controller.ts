/** About the site and its feeds, for people (`/about`), feed readers (`/opml`) and search engines (`/robots.txt`, the news sitemap). */
import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '#config/config.js';
import { tagSchemeSchema } from '#contracts/story-body.js';
import { PublishedStoryRepository } from '#storage/published-story.repository.js';
import { type PublicPartner, SiteDirectoryRepository } from '#storage/site-directory.repository.js';
import { FEED_FORMATS, feedPath, type FeedTopic, topicPath } from '../feeds/feed-address.js';
import { DocumentCache } from '../serving/document-cache.js';
import { searchWords } from '../serving/search-words.js';
import { sendDocument } from '../serving/send-document.js';
import { en } from './messages/en.js';
import { newsSitemap } from './news-sitemap.js';
import { type OpmlFeed, opml } from './opml.js';
import { PageServer } from './page-server.js';
import { type SiteFacts, SiteFactsReader } from './site-facts.js';

const HOUR_MS = 3_600_000;
const NEWS_HOURS = 48;
const MAX_NEWS = 1_000;
/** A list that feed readers still import; the tags' pages have their feeds anyway. */
const MAX_TAGS = 5_000;
const CACHE_CONTROL = 'public, max-age=300, stale-while-revalidate=600';
const XML = 'application/xml; charset=utf-8';

@ApiExcludeController()
@Controller()
export class AboutController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly cache: DocumentCache,
    private readonly pages: PageServer,
    private readonly facts: SiteFactsReader,
    private readonly directory: SiteDirectoryRepository,
    private readonly stories: PublishedStoryRepository,
  ) {}

  @Get('about')
  about(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pages.answer(request, reply, '/about', async (facts) => {
      const partners = await this.directory.partners();
      return {
        kind: 'page',
        page: {
          template: 'about',
          title: en.aboutTitle,
          path: '/about',
          section: 'about',
          data: {
            intro: en.aboutIntro(this.config.siteName),
            channels: this.channelTopics(facts).map(({ title, topic }) => listed(title, topic)),
            partners: partners.map(({ name, slug }) => listed(name, { kind: 'partner', slug })),
          },
        },
      };
    });
  }

  @Get('opml')
  async opml(@Query('q') query: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    // Searches are without number: the one that is asked for is listed with the rest.
    const search = searchWords(query);
    const words = search.kind === 'words' ? [search.words] : [];
    const key = words.length === 0 ? '/opml' : `/opml?q=${encodeURIComponent(words[0] ?? '')}`;
    const document = await this.cache.get(key, async () => {
      const [facts, partners, tags] = await Promise.all([
        this.facts.read(),
        this.directory.partners(),
        this.directory.tags(MAX_TAGS),
      ]);
      const groups = [
        { title: en.search, feeds: words.map((text) => this.outline(text, { kind: 'search', words: text })) },
        { title: en.channels, feeds: this.channelTopics(facts).map((feed) => this.outline(feed.title, feed.topic)) },
        { title: en.partners, feeds: partners.map((partner) => this.partnerOutline(partner)) },
        ...tagSchemeSchema.options.map((scheme) => ({
          title: en.scheme[scheme],
          feeds: tags
            .filter((tag) => tag.scheme === scheme)
            .map(({ name, slug }) => this.outline(name, { kind: 'tag', scheme, slug })),
        })),
      ];
      const body = opml(this.config.siteName, groups);
      return { status: 200, contentType: 'text/x-opml; charset=utf-8', cacheControl: CACHE_CONTROL, body };
    });
    await sendDocument(request, reply, document);
  }

  @Get('sitemap-news.xml')
  async sitemap(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    // The span moves with the clock: at most an hour late.
    const until = new Date(Math.ceil(Date.now() / HOUR_MS) * HOUR_MS);
    const document = await this.cache.get(`/sitemap-news.xml ${until.getTime()}`, async () => {
      const from = new Date(Math.max(until.getTime(), Date.now()) - NEWS_HOURS * HOUR_MS);
      const { stories } = await this.stories.cards({ kind: 'span', from, until }, { limit: MAX_NEWS });
      const body = newsSitemap(stories, this.config);
      return { status: 200, contentType: XML, cacheControl: CACHE_CONTROL, body };
    });
    await sendDocument(request, reply, document);
  }

  @Get('robots.txt')
  async robots(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const document = await this.cache.get('/robots.txt', async () => ({
      status: 200,
      contentType: 'text/plain; charset=utf-8',
      cacheControl: CACHE_CONTROL,
      body: `User-agent: *\nDisallow: /search\n\nSitemap: ${this.config.publicUrl}/sitemap-news.xml\n`,
    }));
    await sendDocument(request, reply, document);
  }

  private channelTopics(facts: SiteFacts): { title: string; topic: FeedTopic }[] {
    return [
      { title: en.everything, topic: { kind: 'channel', slug: 'all' } },
      ...facts.channels
        .filter(({ slug }) => slug !== 'all')
        .map(({ slug, title }) => ({ title, topic: { kind: 'channel', slug } as const })),
    ];
  }

  private partnerOutline({ name, slug }: PublicPartner): OpmlFeed {
    return this.outline(name, { kind: 'partner', slug });
  }

  private outline(title: string, topic: FeedTopic): OpmlFeed {
    const { publicUrl } = this.config;
    return { title, feedUrl: publicUrl + feedPath(topic, 'rss'), pageUrl: publicUrl + topicPath(topic) };
  }
}

/** A feed as the page lists it: its page and its formats. */
function listed(title: string, topic: FeedTopic): Record<string, unknown> {
  const names = { rss: 'RSS', atom: 'Atom', json: 'JSON' };
  return {
    title,
    path: topicPath(topic),
    feeds: FEED_FORMATS.map((format) => ({ name: names[format], path: feedPath(topic, format) })),
  };
}
