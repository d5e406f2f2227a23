/** `/search?q=`: stories by their words; when no story has them, headlines that look alike. */
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PublishedStoryRepository } from '#storage/published-story.repository.js';
import { MAX_QUERY_LENGTH, searchWords } from '../serving/search-words.js';
import { type Edition, inEveryLanguage } from './editions.js';
import { searchTerms } from './highlight.js';
import { parseBefore } from './list-page.js';
import { BAD_ADDRESS, type Outcome, PageServer } from './page-server.js';
import { foundRow } from './story-rows.js';

const HITS_ON_A_PAGE = 20;
const SIMILAR_HEADLINES = 10;

@ApiExcludeController()
@Controller(inEveryLanguage('search'))
export class SearchController {
  constructor(
    private readonly pages: PageServer,
    private readonly stories: PublishedStoryRepository,
  ) {}

  @Get()
  search(
    @Query('q') query: unknown,
    @Query('before') before: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const asked = searchWords(query);
    const key = `/search ${JSON.stringify([asked, before])}`;
    return this.pages.answer(request, reply, key, async ({ edition }) => {
      const { t } = edition;
      if (asked.kind === 'empty') return this.page(t.search, '/search', 200, {});
      if (asked.kind === 'too-long') {
        return this.page(t.search, '/search', 400, {
          problem: t.searchTooLong,
          hint: t.searchTooLongHint(MAX_QUERY_LENGTH),
        });
      }
      return this.results(asked.words, before, edition);
    });
  }

  private async results(words: string, before: unknown, { t, dates }: Edition): Promise<Outcome> {
    const place = parseBefore(before);
    if (place === null) return BAD_ADDRESS;
    const page = { limit: HITS_ON_A_PAGE, before: place };
    const { stories, next } = await this.stories.found({ kind: 'search', words }, page);
    const similar =
      stories.length === 0 && place === undefined ? await this.stories.resembling(words, SIMILAR_HEADLINES) : [];
    const terms = searchTerms(words);
    const path = `/search?q=${encodeURIComponent(words)}`;
    return this.page(t.searchResults(words), path, 200, {
      words,
      rows: stories.map((story) => foundRow(story, terms, dates)),
      similar: similar.map((story) => foundRow(story, terms, dates)),
      firstPath: place === undefined ? undefined : path,
      olderPath: next === undefined ? undefined : `${path}&before=${next}`,
    });
  }

  private page(title: string, path: string, status: number, data: Record<string, unknown>): Outcome {
    const words = data['words'];
    return {
      kind: 'page',
      page: {
        template: 'search',
        title,
        path,
        status,
        section: 'search',
        // Search engines want the stories, not our searches for them.
        indexed: false,
        ...(typeof words === 'string' ? { feed: { kind: 'search' as const, words } } : {}),
        data: { words: '', rows: [], similar: [], ...data },
      },
    };
  }
}
