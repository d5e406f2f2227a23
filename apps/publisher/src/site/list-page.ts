/** Pages that list stories, newest first, one screenful after the other. */
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { PublishedStoryRepository } from '#storage/published-story.repository.js';
import type { StorySelection } from '#storage/story-selection.js';
import type { FeedTopic } from '../feeds/feed-address.js';
import type { Edition } from './editions.js';
import { BAD_ADDRESS, type Outcome } from './page-server.js';
import { byDay } from './story-rows.js';

/** What a list is of. `kicker` stands above the title; `link` leads to the partner's own site. */
export interface ListOptions {
  selection: StorySelection;
  path: string;
  title: string;
  kicker?: string | undefined;
  description?: string | undefined;
  link?: { url: string; text: string } | undefined;
  feed?: FeedTopic | undefined;
  section?: string;
  /** What a CDN can purge it by. */
  keys?: string[];
  /** The `before` parameter as it came. */
  before: unknown;
}

const STORIES_ON_A_PAGE = 40;

/** The parameter that asks for what is older than a story: its id; null when it is something else. */
export function parseBefore(before: unknown): string | undefined | null {
  if (before === undefined || before === '') return undefined;
  const id = z.uuid().safeParse(before);
  return id.success ? id.data.toLowerCase() : null;
}

/** The key of a page of a list. Whatever `before` was, even nothing or several: what it led to is kept under it alone. */
export function pageKey(path: string, before: unknown): string {
  if (before === undefined) return path;
  return `${path}?before=${typeof before === 'string' ? before : JSON.stringify(before)}`;
}

@Injectable()
export class ListPage {
  constructor(private readonly stories: PublishedStoryRepository) {}

  async build(options: ListOptions, { t, dates }: Edition): Promise<Outcome> {
    const before = parseBefore(options.before);
    if (before === null) return BAD_ADDRESS;
    const { stories, next } = await this.stories.cards(options.selection, { limit: STORIES_ON_A_PAGE, before });
    const { path, title, description, feed, section } = options;
    return {
      kind: 'page',
      page: {
        template: 'list',
        title,
        description,
        path: before === undefined ? path : `${path}?before=${before}`,
        feed,
        indexed: before === undefined && stories.length > 0,
        ...(section === undefined ? {} : { section }),
        keys: options.keys ?? [],
        changedAt: stories.length === 0 ? undefined : new Date(Math.max(...stories.map((story) => +story.updatedAt))),
        data: {
          kicker: options.kicker,
          intro: description,
          visit: options.link,
          groups: byDay(stories, dates),
          firstPage: before === undefined,
          firstPath: path,
          olderPath: next === undefined ? undefined : `${path}?before=${next}`,
          emptyText: before === undefined ? t.noStoriesYet : t.endOfList,
        },
      },
    };
  }
}
