/** `/opml`: all feeds, for feed readers. */
import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '#config/config.js';
import { tagSchemeSchema } from '#contracts/story-body.js';
import { type PublicPartner, SiteDirectoryRepository } from '#storage/site-directory.repository.js';
import { feedPath, type FeedTopic, topicPath } from '../feeds/feed-address.js';
import { DocumentCache } from '../serving/document-cache.js';
import { isEmpty, readSearch, searchQuery } from '../serving/asked-search.js';
import { sendDocument } from '../serving/send-document.js';
import { Editions } from './editions.js';
import { channelTopics, type OpmlFeed, opml } from './opml.js';
import { SiteFactsReader } from './site-facts.js';

/** A list that feed readers still import; the tags' pages have their feeds anyway. */
const MAX_TAGS = 5_000;
const CACHE_CONTROL = 'public, max-age=300, stale-while-revalidate=600';

@ApiExcludeController()
@Controller()
export class OpmlController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly cache: DocumentCache,
    private readonly facts: SiteFactsReader,
    private readonly directory: SiteDirectoryRepository,
    private readonly editions: Editions,
  ) {}

  @Get('opml')
  async opml(
    @Query() query: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    // Searches are without number: the one that is asked for is listed with the rest.
    const { asked } = readSearch(query);
    const searches = isEmpty(asked) ? [] : [asked];
    const key = isEmpty(asked) ? '/opml' : `/opml?${searchQuery(asked)}`;
    const { t } = this.editions.own;
    const document = await this.cache.get(key, async () => {
      const [facts, partners, tags] = await Promise.all([
        this.facts.read(),
        this.directory.partners(),
        this.directory.tags(MAX_TAGS),
      ]);
      const groups = [
        {
          title: t.search,
          feeds: searches.map((search) => this.outline(search.words || t.search, { kind: 'search', ...search })),
        },
        { title: t.channels, feeds: channelTopics(facts, t).map((feed) => this.outline(feed.title, feed.topic)) },
        { title: t.partners, feeds: partners.map((partner) => this.partnerOutline(partner)) },
        ...tagSchemeSchema.options.map((scheme) => ({
          title: t.scheme[scheme],
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

  private partnerOutline({ name, slug }: PublicPartner): OpmlFeed {
    return this.outline(name, { kind: 'partner', slug });
  }

  private outline(title: string, topic: FeedTopic): OpmlFeed {
    const { publicUrl } = this.config;
    return { title, feedUrl: publicUrl + feedPath(topic, 'rss'), pageUrl: publicUrl + topicPath(topic) };
  }
}
