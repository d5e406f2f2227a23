/** The page of a search: what was found and how to go on, or what else there is when nothing was. */
import { Injectable } from '@nestjs/common';
import { SearchLine } from '#service/search-line.js';
import { type FoundStory, PublishedStoryRepository, type StoryPage } from '#storage/published-story.repository.js';
import {
  type AskedSearch,
  hasFilters,
  isEmpty,
  MAX_QUERY_LENGTH,
  questionOf,
  searchQuery,
  type SearchProblem,
} from '../serving/asked-search.js';
import type { Edition } from './editions.js';
import { searchTerms } from './highlight.js';
import type { Messages } from './messages/en.js';
import type { Outcome } from './page-server.js';
import { SearchCorrections } from './search-corrections.js';
import { SearchFilters } from './search-filters.js';
import { foundRow, storyRow } from './story-rows.js';

/** `before`: the story behind which a further page begins. `exact`: as it was typed, whatever it finds. */
export interface SearchRequest {
  asked: AskedSearch;
  problems: SearchProblem[];
  before: string | undefined;
  exact: boolean;
}

const HITS_ON_A_PAGE = 20;
/** Shown where nothing was asked or found. */
const RECENT_STORIES = 8;

@Injectable()
export class SearchPage {
  constructor(
    private readonly stories: PublishedStoryRepository,
    private readonly corrections: SearchCorrections,
    private readonly filters: SearchFilters,
    private readonly line: SearchLine,
  ) {}

  async build({ asked: all, problems: before, ...request }: SearchRequest, edition: Edition): Promise<Outcome> {
    const { asked, problems, tag } = await this.filters.known(all, before);
    const { t, dates } = edition;
    const { shown, found } = isEmpty(asked)
      ? { shown: asked, found: NOTHING }
      : await this.line.run(() => this.find(asked, request));
    const terms = searchTerms(shown.words);
    const rows = found.stories.map((story) => foundRow(story, terms, dates));
    const isFirst = request.before === undefined;
    const recent = rows.length === 0 && isFirst ? await this.recent() : [];
    const path = (search: AskedSearch, more = ''): string => `/search?${searchQuery(search)}${more}`;
    return {
      kind: 'page',
      page: {
        template: 'search',
        title: shown.words === '' ? t.search : t.searchResults(shown.words),
        path: isEmpty(asked) ? '/search' : path(asked),
        status: problems.length > 0 ? 400 : 200,
        section: 'search',
        // Search engines want the stories, not our searches for them.
        indexed: false,
        ...(isEmpty(shown) ? {} : { feed: { kind: 'search' as const, ...shown } }),
        keys: ['search'],
        data: {
          asked,
          rows,
          problems: problems.map((problem) => ({ text: problemWords(problem, t), hint: problemHint(problem, t) })),
          count: found.total !== undefined && found.total > 0 && isFirst ? t.storiesCount(found.total) : undefined,
          instead:
            shown === asked
              ? undefined
              : { shown: t.searchShown(shown.words), typed: t.searchTyped(asked.words), path: path(asked, '&exact=1') },
          filters: await this.filters.shown({ asked: shown, tag }, found.stories, edition),
          empty: rows.length > 0 || isEmpty(asked) ? undefined : emptyWords(asked, isFirst, found.lookedBackTo, t),
          without: hasFilters(asked) && asked.words !== '' ? path({ words: asked.words }) : undefined,
          recent: recent.map((story) => storyRow(story, dates)),
          firstPath: isFirst ? undefined : path(shown),
          olderPath: found.next === undefined ? undefined : path(shown, `&before=${found.next}`),
          lookedBack: found.lookedBackTo && t.searchLookedBack(dates.day(found.lookedBackTo)),
        },
      },
    };
  }

  /** What the search finds; where that is nothing, what it finds with its mistyped words put right. */
  private async find(
    asked: AskedSearch,
    { before, exact }: Pick<SearchRequest, 'before' | 'exact'>,
  ): Promise<{ shown: AskedSearch; found: StoryPage<FoundStory> }> {
    const ask = (search: AskedSearch): Promise<StoryPage<FoundStory>> =>
      this.stories.found({ kind: 'search', question: questionOf(search) }, { limit: HITS_ON_A_PAGE, before });
    const found = await ask(asked);
    const isFinal = found.stories.length > 0 || before !== undefined || exact || asked.words === '';
    const words = isFinal ? undefined : await this.corrections.instead(asked.words);
    if (words === undefined) return { shown: asked, found };
    const shown = { ...asked, words };
    const other = await ask(shown);
    return other.stories.length > 0 ? { shown, found: other } : { shown: asked, found };
  }

  private async recent() {
    return (await this.stories.cards({ kind: 'all' }, { limit: RECENT_STORIES })).stories;
  }
}

const NOTHING: StoryPage<FoundStory> = { stories: [], next: undefined };

function emptyWords(
  asked: AskedSearch,
  isFirst: boolean,
  lookedBackTo: Date | undefined,
  t: Messages,
): { title: string; hint: string | undefined } {
  if (lookedBackTo !== undefined) return { title: t.searchNotYet, hint: undefined };
  if (!isFirst) return { title: t.endOfList, hint: undefined };
  if (hasFilters(asked)) return { title: t.nothingFiltered, hint: t.nothingFilteredHint };
  return { title: t.nothingFound(asked.words), hint: t.nothingFoundHint };
}

function problemWords({ kind, text }: SearchProblem, t: Messages): string {
  switch (kind) {
    case 'too-long':
      return t.searchTooLong;
    case 'tag':
      return t.noSuchTag(text);
    case 'partner':
      return t.noSuchPartner(text);
    case 'language':
      return t.noSuchLanguage(text);
    case 'date':
      return t.noSuchDate(text);
    case 'reversed':
      return t.datesReversed;
  }
}

function problemHint({ kind }: SearchProblem, t: Messages): string {
  return kind === 'too-long' ? t.searchTooLongHint(MAX_QUERY_LENGTH) : t.badFilterHint;
}
