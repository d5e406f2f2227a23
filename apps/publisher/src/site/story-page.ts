/** A story's own page: what it says, where it comes from, who carried it and why these copies are one story. */
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { attributionLine, canonicalAddress, shownContent } from '#domain/story-rights.js';
import { type ArchivedStory, ArchiveRepository } from '#storage/archive.repository.js';
import { type FullStory, PublishedStoryRepository } from '#storage/published-story.repository.js';
import { type RelatedStory, RelatedStoryRepository } from '#storage/related-story.repository.js';
import { StoryHistoryRepository, type StoryVersion } from '#storage/story-history.repository.js';
import { absoluteUrl, plainLine } from '../feeds/clean-value.js';
import { storyKey } from '../serving/surrogate-keys.js';
import type { Edition } from './editions.js';
import { excerpt } from './highlight.js';
import { jsonLd } from './json-ld.js';
import { archivePath, changesPath, shareLinks, storyPath, tagPath } from './links.js';
import type { Page } from './page-renderer.js';
import type { Outcome } from './page-server.js';
import { storyCopies } from './story-copies.js';
import { storyEnd } from './story-end.js';
import { textDirection } from './text-direction.js';

const DESCRIPTION_LENGTH = 300;
/** An update within this time of publication is a partner's second look, not news to readers. */
const WORTH_MENTIONING_MS = 60_000;
/** Other texts on the event, the nearest in time. */
const MOST_RELATED = 8;
/** The page of the changes has the rest. */
const VERSIONS_SHOWN = 5;

@Injectable()
export class StoryPage {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly stories: PublishedStoryRepository,
    private readonly history: StoryHistoryRepository,
    private readonly relatives: RelatedStoryRepository,
    private readonly archive: ArchiveRepository,
  ) {}

  /** `slug` as the address had it; another one than the story's leads there. */
  async build(id: string, slug: string | undefined, edition: Edition): Promise<Outcome> {
    // All at once: hardly anybody asks for a story that is gone or has another address.
    const [story, items, versions, related, { before, after }] = await Promise.all([
      this.stories.byId(id),
      this.history.items(id),
      this.history.versions(id),
      this.relatives.related(id, MOST_RELATED),
      this.archive.around(id),
    ]);
    if (story === undefined) return storyEnd(await this.history.whereabouts(id));
    if (story.slug !== (slug ?? '')) return { kind: 'redirect', path: storyPath(story) };
    const page = this.page(story);
    page.data = {
      ...this.told(story, edition),
      updated: updatedNote(story, versions, edition),
      copies: storyCopies(items, edition),
      versions: versions.slice(0, VERSIONS_SHOWN).map((version) => versionLine(version, edition)),
      changesPath: versions.some(isReadable) ? changesPath(story) : undefined,
      related: related.map((other) => relatedLine(other, edition)),
      before: before && neighbour(before),
      after: after && neighbour(after),
    };
    return { kind: 'page', page };
  }

  private page(story: FullStory): Page {
    const { siteName, publicUrl } = this.config;
    const path = storyPath(story);
    const url = new URL(publicUrl + path).href;
    return {
      template: 'story',
      title: story.title,
      description: excerpt(plainLine(story.summary), DESCRIPTION_LENGTH),
      path,
      canonical: canonicalAddress(story.partnerRights, { here: url, original: absoluteUrl(story.itemUrl) }),
      changedAt: story.updatedAt,
      openGraph: {
        'og:type': 'article',
        'og:image': absoluteUrl(story.image?.url),
        'article:published_time': story.sortAt.toISOString(),
        'article:modified_time': story.updatedAt.toISOString(),
      },
      jsonLd: jsonLd(story, { url, siteName, publicUrl }),
      keys: [storyKey(story.id)],
      data: {},
    };
  }

  /** The story itself, ready to print. */
  private told(story: FullStory, { dates }: Edition): Record<string, unknown> {
    const url = new URL(this.config.publicUrl + storyPath(story)).href;
    const image = absoluteUrl(story.image?.url);
    const content = shownContent(story.partnerRights, story.content);
    const [kicker] = story.tags.filter((tag) => tag.scheme === 'topic');
    return {
      story: {
        title: story.title,
        language: story.language,
        direction: textDirection(story.language),
        kicker: kicker && named(kicker),
        standfirst: repeatsBeginning(content, story.summary) ? '' : story.summary,
        content,
        excerptOnly: content === '',
        authors: story.authors.map((author) => plainLine(author.name ?? '')).filter((name) => name !== ''),
        dateTime: story.sortAt.toISOString(),
        when: dates.dateTime(story.sortAt),
        image:
          image !== undefined && !content.includes(image.replaceAll('&', '&amp;'))
            ? { ...story.image, url: image }
            : undefined,
        source: { name: story.sourceName, url: absoluteUrl(story.sourceUrl), itemUrl: absoluteUrl(story.itemUrl) },
        attribution: attributionLine(story.partnerRights, story.rights),
        tags: story.tags.map(named),
        archive: { path: archivePath(story.sortAt), day: dates.date(story.sortAt) },
      },
      share: { url, title: story.title, mail: mailto(story.title, url), networks: shareLinks(url, story.title) },
    };
  }
}

/** A version as a line: when it came, and what of it was new. */
export function versionLine(
  { createdAt, changed }: Pick<StoryVersion, 'createdAt' | 'changed'>,
  { t, dates }: Edition,
): { when: string; dateTime: string; changed: string } {
  return {
    when: dates.dateTime(createdAt),
    dateTime: createdAt.toISOString(),
    changed: changed.map((field) => t.changedFields[field] ?? field).join(', '),
  };
}

/** Whether a version has words that an earlier one had not. */
function isReadable({ changed }: StoryVersion): boolean {
  return changed.includes('title') || changed.includes('content');
}

function named(tag: { scheme: string; slug: string; name: string }): { name: string; path: string } {
  return { name: tag.name, path: tagPath(tag) };
}

function neighbour({ title, language, ...story }: ArchivedStory): Record<string, string> {
  return { title, path: storyPath(story), language: language ?? '', direction: textDirection(language) };
}

function relatedLine(other: RelatedStory, { dates }: Edition): Record<string, string> {
  return {
    title: other.title,
    path: storyPath(other),
    source: other.sourceName,
    language: other.language ?? '',
    direction: textDirection(other.language),
    when: dates.dateTime(other.sortAt),
    dateTime: other.sortAt.toISOString(),
  };
}

function updatedNote(
  story: FullStory,
  versions: StoryVersion[],
  { dates }: Edition,
): { when: string; dateTime: string } | undefined {
  const latest = versions[0]?.createdAt;
  if (latest === undefined || +latest - +story.sortAt < WORTH_MENTIONING_MS) return undefined;
  return { when: dates.dateTime(latest), dateTime: latest.toISOString() };
}

/** Many partners' summaries are the first lines of the text: shown twice they read like a mistake. */
function repeatsBeginning(content: string, summary: string): boolean {
  const letters = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, '');
  const start = letters(summary.replace(/(…|\.\.\.)\s*$/, '')).slice(0, 80);
  return start === '' || letters(content.slice(0, 2_000).replace(/<[^>]*>|&\w+;/g, ' ')).startsWith(start);
}

function mailto(title: string, url: string): string {
  return `mailto:?subject=${encodeURIComponent(title)}&body=${encodeURIComponent(`${title}\n\n${url}\n`)}`;
}
