/** The home page: a story that leads, the newest ones after it, and ways into the rest. */
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { PublishedStoryRepository } from '#storage/published-story.repository.js';
import { SiteDirectoryRepository } from '#storage/site-directory.repository.js';
import { channelPath, partnerPath } from './links.js';
import type { Frame } from './page-renderer.js';
import type { Outcome } from './page-server.js';
import { byDay, leadStory, sharedTags, storyRow } from './story-rows.js';

const STORIES_ON_HOME = 40;
/** How far back the leading story may be. */
const LEAD_AMONG = 8;
const BESIDE_THE_LEAD = 3;
const TAGS_ASIDE = 12;
const PARTNERS_ASIDE = 12;

@Injectable()
export class HomePage {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly stories: PublishedStoryRepository,
    private readonly directory: SiteDirectoryRepository,
  ) {}

  async build({ facts, edition: { dates } }: Frame): Promise<Outcome> {
    const [{ stories, next }, partners] = await Promise.all([
      this.stories.cards({ kind: 'all' }, { limit: STORIES_ON_HOME }),
      this.directory.partners(),
    ]);
    const lead = leadStory(stories, LEAD_AMONG);
    const others = stories.filter((story) => story !== lead);
    return {
      kind: 'page',
      page: {
        template: 'home',
        title: this.config.siteName,
        path: '/',
        section: 'all',
        feed: { kind: 'channel', slug: 'all' },
        keys: ['channel/all'],
        changedAt: stories.length === 0 ? undefined : new Date(Math.max(...stories.map((story) => +story.updatedAt))),
        data: {
          lead: lead && storyRow(lead, dates),
          beside: others.slice(0, BESIDE_THE_LEAD).map((story) => storyRow(story, dates)),
          groups: byDay(others.slice(BESIDE_THE_LEAD), dates),
          tags: sharedTags(stories, TAGS_ASIDE),
          partners: partners.slice(0, PARTNERS_ASIDE).map(({ slug, name }) => ({ name, path: partnerPath({ slug }) })),
          channels: facts.channels.map(({ slug, title }) => ({ title, path: channelPath({ slug }) })),
          olderPath: next === undefined ? undefined : `/?before=${next}`,
        },
      },
    };
  }
}
