/** What a feed owes to those who read it before: corrections of stories that it no longer lists, and what has gone. */
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { FeedArchiveRepository, type GoneStory } from '#storage/feed-archive.repository.js';
import { type FullStory, PublishedStoryRepository } from '#storage/published-story.repository.js';
import type { StorySelection } from '#storage/story-selection.js';
import { absoluteUrl, plainLine } from './clean-value.js';
import type { Tombstone } from './feed-document.js';

const CORRECTIONS_IN_A_FEED = 20;
const TOMBSTONES_IN_A_FEED = 50;

@Injectable()
export class FeedPast {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly stories: PublishedStoryRepository,
    private readonly archives: FeedArchiveRepository,
  ) {}

  /** Stories older than `oldest`, the last that the feed lists, and corrected lately (RFC 5005, 4: they are published again). */
  async corrected(selection: StorySelection, oldest: FullStory | undefined): Promise<FullStory[]> {
    if (oldest === undefined || selection.kind === 'search') return [];
    const corrected = { kind: 'corrected', selection, before: oldest.sortAt } as const;
    return (await this.stories.full(corrected, { limit: CORRECTIONS_IN_A_FEED })).stories;
  }

  /** The newest stories that were withdrawn or merged away. */
  async gone(selection: StorySelection): Promise<Tombstone[]> {
    const gone = await this.archives.gone(selection, TOMBSTONES_IN_A_FEED);
    return gone.map((story) => this.tombstone(story));
  }

  private tombstone(story: GoneStory): Tombstone {
    const { publicUrl } = this.config;
    const [url, feedUrl] = [absoluteUrl(story.sourceUrl), absoluteUrl(story.sourceFeedUrl)];
    const into = story.mergedInto === null ? undefined : `${publicUrl}/stories/${story.mergedInto}`;
    return {
      ref: new URL(`${publicUrl}/stories/${story.id}/${encodeURIComponent(story.slug)}`).href,
      when: story.goneAt,
      comment: into === undefined ? 'This story was withdrawn.' : `This story is now part of ${into}`,
      // An aggregated tombstone must name its source: where the partner's is not known, the site stands for it.
      source: {
        name: plainLine(story.sourceName) || plainLine(this.config.siteName),
        url: url ?? new URL(publicUrl).href,
        feedUrl,
      },
    };
  }
}
