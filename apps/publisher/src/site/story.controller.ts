/** `/stories/ID/SLUG`: a story's permalink, and `/changes` below it. */
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Edition, inEveryLanguage } from './editions.js';
import { type Outcome, PageServer } from './page-server.js';
import { StoryChangesPage } from './story-changes-page.js';
import { StoryPage } from './story-page.js';

@ApiExcludeController()
@Controller(inEveryLanguage('stories'))
export class StoryController {
  constructor(
    private readonly pages: PageServer,
    private readonly stories: StoryPage,
    private readonly changes: StoryChangesPage,
  ) {}

  @Get(':id')
  byId(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answer([id], request, reply, (known, edition) => this.stories.build(known, undefined, edition));
  }

  @Get(':id/:slug')
  permalink(
    @Param('id') id: string,
    @Param('slug') slug: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.answer([id, slug], request, reply, (known, edition) => this.stories.build(known, slug, edition));
  }

  @Get(':id/:slug/changes')
  versions(
    @Param('id') id: string,
    @Param('slug') slug: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.answer([id, slug, 'changes'], request, reply, (known, edition) =>
      this.changes.build(known, slug, edition),
    );
  }

  /** `parts` of the address after `/stories`; the first is the story's id. */
  private answer(
    parts: [id: string, ...string[]],
    request: FastifyRequest,
    reply: FastifyReply,
    build: (id: string, edition: Edition) => Promise<Outcome>,
  ): Promise<void> {
    const [id] = parts;
    const known = z.uuid().safeParse(id).success;
    const key = known ? `/stories/${parts.map(encodeURIComponent).join('/')}` : '/stories/';
    return this.pages.answer(request, reply, key, async ({ edition }) =>
      known ? build(id.toLowerCase(), edition) : undefined,
    );
  }
}
