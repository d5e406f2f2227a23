/** `/stories/ID/SLUG`: a story's permalink. */
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { inEveryLanguage } from './editions.js';
import { PageServer } from './page-server.js';
import { StoryPage } from './story-page.js';

@ApiExcludeController()
@Controller(inEveryLanguage('stories'))
export class StoryController {
  constructor(
    private readonly pages: PageServer,
    private readonly stories: StoryPage,
  ) {}

  @Get(':id')
  byId(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answer(id, undefined, request, reply);
  }

  @Get(':id/:slug')
  permalink(
    @Param('id') id: string,
    @Param('slug') slug: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.answer(id, slug, request, reply);
  }

  private answer(id: string, slug: string | undefined, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const known = z.uuid().safeParse(id);
    const ending = slug === undefined ? '' : `/${encodeURIComponent(slug)}`;
    const key = known.success ? `/stories/${id}${ending}` : '/stories/';
    return this.pages.answer(request, reply, key, async ({ edition }) =>
      known.success ? this.stories.build(id.toLowerCase(), slug, edition) : undefined,
    );
  }
}
