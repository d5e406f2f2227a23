/** The home page and the lists of a channel, a tag and a partner. */
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SiteDirectoryRepository } from '#storage/site-directory.repository.js';
import { absoluteUrl } from '../feeds/clean-value.js';
import { tagTopic } from '../feeds/feed-address.js';
import { inEveryLanguage } from './editions.js';
import { HomePage } from './home-page.js';
import { ListPage, pageKey, parseBefore } from './list-page.js';
import { channelPath, partnerPath, tagPath } from './links.js';
import { PageServer } from './page-server.js';

@ApiExcludeController()
@Controller(inEveryLanguage(''))
export class ListsController {
  constructor(
    private readonly pages: PageServer,
    private readonly lists: ListPage,
    private readonly homePage: HomePage,
    private readonly directory: SiteDirectoryRepository,
  ) {}

  @Get()
  home(@Query('before') before: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pages.answer(request, reply, pageKey('/', before), (frame) => {
      if (before === undefined) return this.homePage.build(frame);
      const { edition } = frame;
      const title = edition.t.latestStories;
      return this.lists.build({ selection: { kind: 'all' }, path: '/', title, section: 'all', before }, edition);
    });
  }

  @Get('channels/:slug')
  channel(
    @Param('slug') slug: string,
    @Query('before') before: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const path = `/channels/${encodeURIComponent(slug)}`;
    return this.pages.answer(request, reply, pageKey(path, before), async ({ facts: { channels }, edition }) => {
      if (slug === 'all') return { kind: 'redirect', path: '/' };
      const channel = channels.find((known) => known.slug === slug);
      if (channel === undefined) {
        const moved = await this.directory.movedChannel(slug);
        return moved === undefined
          ? undefined
          : { kind: 'redirect', path: pageKey(channelPath({ slug: moved }), parseBefore(before) ?? undefined) };
      }
      return this.lists.build(
        {
          selection: { kind: 'channel', id: channel.id },
          path,
          title: channel.title,
          description: channel.description || undefined,
          feed: { kind: 'channel', slug },
          section: slug,
          keys: [`channel/${slug}`],
          before,
        },
        edition,
      );
    });
  }

  @Get('tags/:scheme/:slug')
  tag(
    @Param('scheme') scheme: string,
    @Param('slug') slug: string,
    @Query('before') before: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const path = tagPath({ scheme: encodeURIComponent(scheme), slug });
    return this.pages.answer(request, reply, pageKey(path, before), async ({ edition }) => {
      const tag = await this.directory.tag(scheme, slug);
      if (tag === undefined) return undefined;
      return this.lists.build(
        {
          selection: { kind: 'tag', id: tag.id },
          path,
          title: tag.name,
          kicker: edition.t.scheme[tag.scheme],
          feed: tagTopic(scheme, slug),
          keys: [`tag/${scheme}/${slug}`],
          before,
        },
        edition,
      );
    });
  }

  @Get('partners/:slug')
  partner(
    @Param('slug') slug: string,
    @Query('before') before: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const path = partnerPath({ slug });
    return this.pages.answer(request, reply, pageKey(path, before), async ({ edition }) => {
      const partner = await this.directory.partner(slug);
      if (partner === undefined) return undefined;
      const url = absoluteUrl(partner.siteUrl);
      return this.lists.build(
        {
          selection: { kind: 'partner', id: partner.id },
          path,
          title: partner.name,
          kicker: edition.t.partners,
          description: edition.t.storiesFrom(partner.name),
          link: url === undefined ? undefined : { url, text: edition.t.visitPartner(new URL(url).hostname) },
          feed: { kind: 'partner', slug },
          keys: [`partner/${slug}`],
          before,
        },
        edition,
      );
    });
  }
}
