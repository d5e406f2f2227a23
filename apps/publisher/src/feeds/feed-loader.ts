/** Turns a feed's address into its document: looks the topic up, reads its newest stories. */
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { SearchLine } from '#service/search-line.js';
import { type FullStory, PublishedStoryRepository, type StoryPage } from '#storage/published-story.repository.js';
import { SiteDirectoryRepository } from '#storage/site-directory.repository.js';
import type { StorySelection } from '#storage/story-selection.js';
import { questionOf, tagOf } from '../serving/asked-search.js';
import { absoluteUrl, languageTag, plainLine, plainText } from './clean-value.js';
import {
  archivePath,
  type ArchivePeriod,
  type FeedFormat,
  feedPath,
  type FeedTopic,
  topicPath,
} from './feed-address.js';
import { FeedArchive } from './feed-archive.js';
import type { FeedDocument } from './feed-document.js';
import { type FeedEntry, feedEntry } from './feed-entry.js';
import { FeedPast } from './feed-past.js';

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
    private readonly archive: FeedArchive,
    private readonly past: FeedPast,
    private readonly line: SearchLine,
  ) {}

  /** Undefined when there is no such channel, tag or partner. */
  async load(topic: FeedTopic, format: FeedFormat): Promise<FeedDocument | undefined> {
    const facts = await this.facts(topic);
    if (facts === undefined) return undefined;
    const { selection, size } = facts;
    const list = (): Promise<StoryPage<FullStory>> => this.stories.full(selection, { limit: size });
    const { stories } = await (selection.kind === 'search' ? this.line.run(list) : list());
    // What is sorted by its last change has its corrections at the top already.
    const isByChange = selection.kind === 'channel' && selection.order === 'updated';
    const [corrected, gone, previous] = await Promise.all([
      stories.length < size || isByChange ? [] : this.past.corrected(selection, stories.at(-1)),
      this.past.gone(selection),
      this.archive.newest(selection, new Date()),
    ]);
    const listed = new Set(stories.map(({ id }) => id));
    const entries = shown(
      facts,
      [...stories, ...corrected.filter(({ id }) => !listed.has(id))].map((story) =>
        feedEntry(story, this.config.publicUrl),
      ),
    );
    const changes = [...entries.map(({ updated }) => updated), ...gone.map(({ when }) => when)];
    return {
      ...this.described(topic, facts, entries),
      selfUrl: this.url(feedPath(topic, format)),
      updated: newest(changes) ?? facts.since,
      entries,
      gone,
      previousUrl: previous && this.url(archivePath(topic, format, previous)),
      currentUrl: undefined,
    };
  }

  /** A closed part of a month; undefined when there is none. `changedAt` is undefined where only its ETag can say so. */
  async loadArchive(
    topic: FeedTopic,
    format: FeedFormat,
    period: ArchivePeriod,
  ): Promise<{ document: FeedDocument; changedAt: Date | undefined } | undefined> {
    const facts = await this.facts(topic);
    const part = facts && (await this.archive.part(facts.selection, period, new Date()));
    if (facts === undefined || part === undefined) return undefined;
    const { previous, closedAt } = part;
    const entries = shown(facts, part.entries);
    const document = {
      ...this.described(topic, facts, entries),
      selfUrl: this.url(archivePath(topic, format, period)),
      updated: newest(entries.map(({ updated }) => updated)) ?? facts.since,
      entries,
      hubs: [],
      gone: [],
      previousUrl: previous && this.url(archivePath(topic, format, previous)),
      currentUrl: this.url(feedPath(topic, format)),
    };
    return { document, changedAt: closedAt };
  }

  private described(
    topic: FeedTopic,
    facts: TopicFacts,
    entries: FeedEntry[],
  ): Pick<FeedDocument, 'title' | 'description' | 'homeUrl' | 'siteName' | 'language' | 'imageUrl' | 'hubs'> {
    const languages = new Set(entries.map((entry) => entry.language));
    const [only] = languages.size === 1 ? languages : [];
    return {
      title: plainLine(facts.title),
      description: plainText(facts.description),
      homeUrl: this.url(topicPath(topic)),
      siteName: plainLine(this.config.siteName),
      language: languageTag(facts.language) ?? only,
      imageUrl: absoluteUrl(facts.imageUrl),
      hubs: [this.url('/websub')],
    };
  }

  /** The channel that had this topic's slug before; undefined when there is none. */
  async movedTo(topic: FeedTopic): Promise<FeedTopic | undefined> {
    const slug = topic.kind === 'channel' ? await this.directory.movedChannel(topic.slug) : undefined;
    return slug === undefined ? undefined : { kind: 'channel', slug };
  }

  private url(path: string): string {
    return new URL(this.config.publicUrl + path).href;
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
      case 'search': {
        const asked = tagOf(topic);
        const tag = asked && (await this.directory.tag(asked.scheme, asked.slug));
        const partner = topic.partner === undefined ? undefined : await this.directory.partner(topic.partner);
        if ((asked && !tag) || (topic.partner !== undefined && !partner?.mayBeNamed)) return undefined;
        const days = [topic.from, topic.until].some((day) => day !== undefined)
          ? `${topic.from ?? ''}–${topic.until ?? ''}`
          : undefined;
        const what = [topic.words, tag?.name, partner?.name, topic.language, days].filter((part) => part).join(', ');
        return {
          selection: { kind: 'search', question: questionOf(topic) },
          title: `${what} · ${siteName}`,
          description: `Stories with "${what}" on ${siteName}`,
          language: topic.language ?? null,
          ...NO_SETTINGS,
          since,
        };
      }
    }
  }
}

/** As the channel's settings want them. */
function shown({ fullText }: TopicFacts, entries: FeedEntry[]): FeedEntry[] {
  return fullText ? entries : entries.map((entry) => ({ ...entry, content: '' }));
}

function newest(dates: Date[]): Date | undefined {
  return dates.length === 0 ? undefined : new Date(Math.max(...dates.map((date) => date.getTime())));
}
