/** `/search?q=`: stories by their words and by filters; see `search-page.ts`. */
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readSearch } from '../serving/asked-search.js';
import { inEveryLanguage } from './editions.js';
import { parseBefore } from './list-page.js';
import { BAD_ADDRESS, PageServer } from './page-server.js';
import { SearchPage } from './search-page.js';

@ApiExcludeController()
@Controller(inEveryLanguage('search'))
export class SearchController {
  constructor(
    private readonly pages: PageServer,
    private readonly page: SearchPage,
  ) {}

  @Get()
  search(
    @Query() query: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const search = readSearch(query);
    const before = parseBefore(query['before']);
    const exact = query['exact'] === '1';
    const key = `/search ${JSON.stringify([search, before, exact])}`;
    return this.pages.answer(request, reply, key, async ({ edition }) =>
      before === null ? BAD_ADDRESS : this.page.build({ ...search, before, exact }, edition),
    );
  }
}
