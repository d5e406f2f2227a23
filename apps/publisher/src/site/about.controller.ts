/** `/about`: what the site is, and all its feeds, for people. */
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '#config/config.js';
import { SiteDirectoryRepository } from '#storage/site-directory.repository.js';
import { FEED_FORMATS, feedPath, type FeedTopic, topicPath } from '../feeds/feed-address.js';
import { inEveryLanguage } from './editions.js';
import { channelTopics } from './opml.js';
import { PageServer } from './page-server.js';

@ApiExcludeController()
@Controller()
export class AboutController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly pages: PageServer,
    private readonly directory: SiteDirectoryRepository,
  ) {}

  @Get(inEveryLanguage('about'))
  about(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pages.answer(request, reply, '/about', async ({ facts, edition: { t } }) => {
      const partners = await this.directory.partners();
      return {
        kind: 'page',
        page: {
          template: 'about',
          title: t.aboutTitle,
          path: '/about',
          section: 'about',
          data: {
            intro: t.aboutIntro(this.config.siteName),
            push: t.aboutPush(`${this.config.publicUrl}/websub`),
            channels: channelTopics(facts, t).map(({ title, topic }) => listed(title, topic)),
            partners: partners.map(({ name, slug }) => listed(name, { kind: 'partner', slug })),
          },
        },
      };
    });
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
