/** A story's own page: what it says, where it comes from, who carried it and why these copies are one story. */
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { attributionLine, canonicalAddress, GONE_FOR_RIGHTS, shownContent } from '#domain/story-rights.js';
import { type FullStory, PublishedStoryRepository } from '#storage/published-story.repository.js';
import { type RelatedStory, RelatedStoryRepository } from '#storage/related-story.repository.js';
import { type StoryItem, StoryHistoryRepository, type StoryVersion } from '#storage/story-history.repository.js';
import { absoluteUrl, plainLine } from '../feeds/clean-value.js';
import { excerpt } from './highlight.js';
import { jsonLd } from './json-ld.js';
import { archivePath, partnerPath, shareLinks, storyPath, tagPath } from './links.js';
import { en } from './messages/en.js';
import { PageRenderer } from './page-renderer.js';
import type { Outcome } from './page-server.js';
import { textDirection } from './text-direction.js';

const DESCRIPTION_LENGTH = 300;
/** An update within this time of publication is a partner's second look, not news to readers. */
const WORTH_MENTIONING_MS = 60_000;
/** Other texts on the event, the nearest in time. */
const MOST_RELATED = 8;

@Injectable()
export class StoryPage {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly stories: PublishedStoryRepository,
    private readonly history: StoryHistoryRepository,
    private readonly relatives: RelatedStoryRepository,
    private readonly renderer: PageRenderer,
  ) {}

  /** `slug` as the address had it; another one than the story's leads there. */
  async build(id: string, slug: string | undefined): Promise<Outcome> {
    const story = await this.stories.byId(id);
    if (story === undefined) return this.gone(id);
    if (story.slug !== (slug ?? '')) return { kind: 'redirect', path: storyPath(story) };
    const [items, versions, related] = await Promise.all([
      this.history.items(id),
      this.history.versions(id),
      this.relatives.related(id, MOST_RELATED),
    ]);
    return this.page(story, items, versions, related);
  }

  private async gone(id: string): Promise<Outcome> {
    const place = await this.history.whereabouts(id);
    if (place === undefined) return undefined;
    if (place.kind === 'withdrawn') {
      const isForRights = Object.values(GONE_FOR_RIGHTS).some((reason) => reason === place.goneReason);
      const [message, hint] = isForRights ? [en.goneForRights, en.goneForRightsHint] : [en.gone, en.goneHint];
      return { kind: 'notice', status: 410, message, hint };
    }
    return { kind: 'redirect', path: storyPath(place) };
  }

  private page(story: FullStory, items: StoryItem[], versions: StoryVersion[], related: RelatedStory[]): Outcome {
    const { dates } = this.renderer;
    const path = storyPath(story);
    const url = new URL(this.config.publicUrl + path).href;
    const description = excerpt(plainLine(story.summary), DESCRIPTION_LENGTH);
    const image = absoluteUrl(story.image?.url);
    const rights = story.partnerRights;
    const content = shownContent(rights, story.content);
    const carriers = new Set(items.map((item) => item.partnerName));
    return {
      kind: 'page',
      page: {
        template: 'story',
        title: story.title,
        description,
        path,
        canonical: canonicalAddress(rights, { here: url, original: absoluteUrl(story.itemUrl) }),
        changedAt: story.updatedAt,
        openGraph: {
          'og:type': 'article',
          'og:image': image,
          'article:published_time': story.sortAt.toISOString(),
          'article:modified_time': story.updatedAt.toISOString(),
        },
        jsonLd: jsonLd(story, { url, siteName: this.config.siteName, publicUrl: this.config.publicUrl }),
        data: {
          story: {
            title: story.title,
            language: story.language,
            direction: textDirection(story.language),
            kicker: story.tags
              .filter((tag) => tag.scheme === 'topic')
              .slice(0, 1)
              .map(named)[0],
            standfirst: repeatsBeginning(content, story.summary) ? '' : story.summary,
            content,
            excerptOnly: content === '',
            authors: story.authors.map((author) => plainLine(author.name ?? '')).filter((name) => name !== ''),
            dateTime: story.sortAt.toISOString(),
            when: dates.dateTime(story.sortAt),
            updated: updatedNote(story, versions, dates.dateTime),
            image:
              image !== undefined && !content.includes(escapedAmpersands(image))
                ? { ...story.image, url: image }
                : undefined,
            source: { name: story.sourceName, url: absoluteUrl(story.sourceUrl), itemUrl: absoluteUrl(story.itemUrl) },
            attribution: attributionLine(rights, story.rights),
            tags: story.tags.map(named),
            archive: { path: archivePath(story.sortAt), day: dates.day(story.sortAt) },
          },
          copies: items.map((item) => copy(item, carriers, dates.dateTime)),
          partnersCount: new Set(items.map((item) => item.partnerSlug)).size,
          versions: versions.map((version) => ({
            when: dates.dateTime(version.createdAt),
            dateTime: version.createdAt.toISOString(),
            changed: version.changed.map((field) => en.changedFields[field] ?? field).join(', '),
          })),
          related: related.map((other) => ({
            title: other.title,
            path: storyPath(other),
            source: other.sourceName,
            language: other.language ?? '',
            direction: textDirection(other.language),
            when: dates.dateTime(other.sortAt),
            dateTime: other.sortAt.toISOString(),
          })),
          share: { url, mail: mailto(story.title, url), networks: shareLinks(url, story.title) },
        },
      },
    };
  }
}

function named(tag: { scheme: string; slug: string; name: string }): { name: string; path: string } {
  return { name: tag.name, path: tagPath(tag) };
}

function copy(
  item: StoryItem,
  carriers: ReadonlySet<string>,
  dateTime: (date: Date) => string,
): Record<string, unknown> {
  return {
    partner: item.partnerName,
    path: partnerPath({ slug: item.partnerSlug }),
    url: absoluteUrl(item.url),
    received: dateTime(item.receivedAt),
    dateTime: item.receivedAt.toISOString(),
    leading: item.leading,
    why: reason(item, carriers),
  };
}

/** Why this copy is part of the story, in a sentence, from the rule that joined it and what it matched. A partner that is not shown among them is not named. */
function reason({ rule, evidence }: StoryItem, carriers: ReadonlySet<string>): string {
  const matched = evidence['matchedPartner'];
  const partner = typeof matched === 'string' && carriers.has(matched) ? matched : en.rules.anotherPartner;
  if (rule === 'first') return en.rules.first;
  return rule === 'guid' || rule === 'url' || rule === 'text' ? en.rules[rule](partner) : en.rules.other(rule);
}

function updatedNote(
  story: FullStory,
  versions: StoryVersion[],
  dateTime: (date: Date) => string,
): { when: string; dateTime: string } | undefined {
  const latest = versions[0]?.createdAt;
  if (latest === undefined || +latest - +story.sortAt < WORTH_MENTIONING_MS) return undefined;
  return { when: dateTime(latest), dateTime: latest.toISOString() };
}

/** Many partners' summaries are the first lines of the text: shown twice they read like a mistake. */
function repeatsBeginning(content: string, summary: string): boolean {
  const letters = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, '');
  const start = letters(summary.replace(/(…|\.\.\.)\s*$/, '')).slice(0, 80);
  return start === '' || letters(content.slice(0, 2_000).replace(/<[^>]*>|&\w+;/g, ' ')).startsWith(start);
}

function escapedAmpersands(url: string): string {
  return url.replaceAll('&', '&amp;');
}

function mailto(title: string, url: string): string {
  return `mailto:?subject=${encodeURIComponent(title)}&body=${encodeURIComponent(`${title}\n\n${url}\n`)}`;
}
