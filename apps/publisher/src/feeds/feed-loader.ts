/** Turns a feed's address into its document: looks the topic up, reads its newest stories. */
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { PublishedStoryRepository } from '#storage/published-story.repository.js';
import { SiteDirectoryRepository } from '#storage/site-directory.repository.js';
import type { StorySelection } from '#storage/story-selection.js';
import { absoluteUrl, languageTag, plainLine, plainText } from './clean-value.js';
import { type FeedFormat, feedPath, type FeedTopic, topicPath } from './feed-address.js';
import type { FeedDocument } from './feed-document.js';
import { feedEntry } from './feed-entry.js';

const STORIES_IN_A_FEED = 50;
/** What channels can say of their feeds, for those that are of none. */
const NO_SETTINGS = { imageUrl: null, size: STORIES_IN_A_FEED, fullText: true };

/** What a feed says of itself. `since` is its date while it has no story. */
interface TopicFacts {
  selection: StorySelection;
  title: string;
  description: string;
  language: string | null;
  imageUrl: string | null;
  /** Entries. */
  size: number;
  /** False: excerpts only. */
  fullText: boolean;
  since: Date;
}

@Injectable()
export class FeedLoader {
  /** The date of a feed that never had anything to say. */
  private readonly startedAt = new Date(Math.floor(Date.now() / 1_000) * 1_000);

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly stories: PublishedStoryRepository,
    private readonly directory: SiteDirectoryRepository,
  ) {}

  /** Undefined when there is no such channel, tag or partner. */
  async load(topic: FeedTopic, format: FeedFormat): Promise<FeedDocument | undefined> {
    const facts = await this.facts(topic);
    if (facts === undefined) return undefined;
    const { publicUrl, siteName } = this.config;
    const { stories } = await this.stories.full(facts.selection, { limit: facts.size });
    const entries = stories
      .map((story) => feedEntry(story, publicUrl))
      .map((entry) => (facts.fullText ? entry : { ...entry, content: '' }));
    const languages = new Set(entries.map((entry) => entry.language));
    const [only] = languages.size === 1 ? languages : [];
    return {
      title: plainLine(facts.title),
      description: plainText(facts.description),
      homeUrl: new URL(publicUrl + topicPath(topic)).href,
      selfUrl: new URL(publicUrl + feedPath(topic, format)).href,
      siteName: plainLine(siteName),
      language: languageTag(facts.language) ?? only,
      imageUrl: absoluteUrl(facts.imageUrl),
      updated: newest(entries) ?? facts.since,
      entries,
    };
  }

  /** The channel that had this topic's slug before; undefined when there is none. */
  async movedTo(topic: FeedTopic): Promise<FeedTopic | undefined> {
    const slug = topic.kind === 'channel' ? await this.directory.movedChannel(topic.slug) : undefined;
    return slug === undefined ? undefined : { kind: 'channel', slug };
  }

  private async facts(topic: FeedTopic): Promise<TopicFacts | undefined> {
    const { siteName } = this.config;
    const since = this.startedAt;
    switch (topic.kind) {
      case 'channel': {
        if (topic.slug === 'all') {
          const description = `Every story on ${siteName}, newest first`;
          return { selection: { kind: 'all' }, title: siteName, description, language: null, since, ...NO_SETTINGS };
        }
        const channel = (await this.directory.channels()).find(({ slug }) => slug === topic.slug);
        return (
          channel && {
            selection: { kind: 'channel', id: channel.id, order: channel.order },
            title: channel.title,
            description: channel.description || `${channel.title} on ${siteName}`,
            language: channel.language,
            imageUrl: channel.imageUrl,
            size: channel.size,
            fullText: channel.fullText,
            since: channel.updatedAt,
          }
        );
      }
      case 'tag': {
        const tag = await this.directory.tag(topic.scheme, topic.slug);
        return (
          tag && {
            selection: { kind: 'tag', id: tag.id },
            title: `${tag.name} · ${siteName}`,
            description: `Stories about ${tag.name} on ${siteName}`,
            language: null,
            ...NO_SETTINGS,
            since: tag.createdAt,
          }
        );
      }
      case 'partner': {
        const partner = await this.directory.partner(topic.slug);
        return (
          partner && {
            selection: { kind: 'partner', id: partner.id },
            title: `${partner.name} · ${siteName}`,
            description: `Stories that ${partner.name} carried, on ${siteName}`,
            language: null,
            ...NO_SETTINGS,
            since: partner.updatedAt,
          }
        );
      }
      case 'search':
        return {
          selection: { kind: 'search', words: topic.words },
          title: `${topic.words} · ${siteName}`,
          description: `Stories with "${topic.words}" on ${siteName}`,
          language: null,
          ...NO_SETTINGS,
          since,
        };
    }
  }
}

function newest(entries: { updated: Date }[]): Date | undefined {
  return entries.length === 0 ? undefined : new Date(Math.max(...entries.map(({ updated }) => updated.getTime())));
}
