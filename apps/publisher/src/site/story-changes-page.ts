/** What a story said before and says now: its newest changes, for readers who want to know what was corrected. */
import { Injectable } from '@nestjs/common';
import { PublishedStoryRepository } from '#storage/published-story.repository.js';
import { StoryChangesRepository } from '#storage/story-changes.repository.js';
import { StoryHistoryRepository } from '#storage/story-history.repository.js';
import { storyKey } from '../serving/surrogate-keys.js';
import type { Edition } from './editions.js';
import { changesPath, storyPath } from './links.js';
import type { Outcome } from './page-server.js';
import { storyChanges } from './story-changes.js';
import { storyEnd } from './story-end.js';
import { versionLine } from './story-page.js';
import { textDirection } from './text-direction.js';

const CHANGES_SHOWN = 10;

@Injectable()
export class StoryChangesPage {
  constructor(
    private readonly stories: PublishedStoryRepository,
    private readonly history: StoryHistoryRepository,
    private readonly changes: StoryChangesRepository,
  ) {}

  /** Undefined where nothing of it ever changed. */
  async build(id: string, slug: string, edition: Edition): Promise<Outcome> {
    const story = await this.stories.byId(id);
    if (story === undefined) return storyEnd(await this.history.whereabouts(id));
    if (story.slug !== slug) return { kind: 'redirect', path: changesPath(story) };
    const changes = storyChanges(await this.changes.versions(id, CHANGES_SHOWN + 1), new Date());
    if (changes.length === 0) return undefined;
    return {
      kind: 'page',
      page: {
        template: 'story-changes',
        title: edition.t.versions,
        path: changesPath(story),
        // Search engines want what holds now.
        indexed: false,
        changedAt: story.updatedAt,
        keys: [storyKey(id)],
        data: {
          story: {
            title: story.title,
            path: storyPath(story),
            language: story.language,
            direction: textDirection(story.language),
          },
          changes: changes.map((change) => ({ ...change, ...versionLine(change, edition) })),
        },
      },
    };
  }
}
