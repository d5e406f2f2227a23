/** A story as a feed says it, whatever the format: every value cleaned, every address absolute, every date plausible. */
import type { ParsedMedia } from '#contracts/parsed-feed.js';
import type { StoryTag } from '#contracts/story-body.js';
import { attributionLine, shownContent } from '#domain/story-rights.js';
import type { FullStory } from '#storage/published-story.repository.js';
import { absoluteUrl, feedHtml, languageTag, mediaType, plainLine, plainText, plausibleDate } from './clean-value.js';

/** `type` a media type, `length` in bytes, sizes in pixels. */
export interface FeedMedia {
  url: string;
  type: string | undefined;
  medium: ParsedMedia['medium'];
  length: number | undefined;
  width: number | undefined;
  height: number | undefined;
  credit: string | undefined;
  caption: string | undefined;
}

/** `id` and `url` are the permalink; `title` and `summary` plain text; `content` HTML, empty where only an excerpt is allowed. */
export interface FeedEntry {
  storyId: string;
  /** The partner's copy whose words these are. */
  itemId: string;
  url: string;
  title: string;
  summary: string;
  content: string;
  published: Date;
  updated: Date;
  language: string | undefined;
  authors: { name: string; url: string | undefined }[];
  tags: { name: string; scheme: string; url: string; term: string }[];
  source: { name: string; url: string | undefined; feedUrl: string | undefined };
  originalUrl: string | undefined;
  rights: string | undefined;
  media: FeedMedia[];
}

const TITLE_FROM_SUMMARY = 100;

/** `publicUrl` is the base of our own links, without a final slash. */
export function feedEntry(story: FullStory, publicUrl: string): FeedEntry {
  const originalUrl = absoluteUrl(story.itemUrl);
  const sourceUrl = absoluteUrl(story.sourceUrl);
  const sourceName = plainLine(story.sourceName) || hostOf(sourceUrl ?? originalUrl ?? publicUrl);
  const summary = plainText(story.summary);
  const published = plausibleDate(story.sortAt, story.updatedAt);
  return {
    storyId: story.id,
    itemId: story.leadingItemId,
    url: absoluteUrl(`${publicUrl}/stories/${story.id}/${encodeURIComponent(story.slug)}`) ?? publicUrl,
    // Readers want a title, and RSS a title or a description.
    title: plainLine(story.title) || plainLine(summary.slice(0, TITLE_FROM_SUMMARY)) || sourceName,
    summary,
    content: feedHtml(shownContent(story.partnerRights, story.content), originalUrl),
    published,
    updated: story.updatedAt < published ? published : story.updatedAt,
    language: languageTag(story.language),
    authors: authors(story),
    tags: story.tags.map((tag) => feedTag(tag, publicUrl)).filter((tag) => tag.name !== ''),
    source: {
      name: sourceName,
      url: sourceUrl,
      feedUrl: absoluteUrl(story.sourceFeedUrl),
    },
    originalUrl,
    rights: nonEmpty(plainLine(attributionLine(story.partnerRights, story.rights))),
    media: media(story),
  };
}

function hostOf(url: string): string {
  return new URL(url).hostname;
}

function authors(story: FullStory): FeedEntry['authors'] {
  return story.authors
    .map((author) => ({ name: plainLine(author.name ?? author.email ?? ''), url: absoluteUrl(author.url) }))
    .filter((author) => author.name !== '');
}

function feedTag(tag: StoryTag, publicUrl: string): FeedEntry['tags'][number] {
  const scheme = `${publicUrl}/tags/${tag.scheme}`;
  const name = plainLine(tag.name);
  return { name, scheme, term: plainLine(tag.slug), url: `${scheme}/${encodeURIComponent(tag.slug)}` };
}

/** The lead image first, then the partner's other media, each address once. */
function media(story: FullStory): FeedMedia[] {
  const lead: ParsedMedia[] = story.image === null ? [] : [{ ...withoutNulls(story.image), medium: 'image' }];
  const known = new Map<string, FeedMedia>();
  for (const item of [...lead, ...story.media]) {
    const url = absoluteUrl(item.url);
    if (url === undefined) continue;
    const type = mediaType(item);
    const more: FeedMedia = {
      url,
      type,
      medium: item.medium ?? mediumOf(type),
      length: wholeNumber(item.length),
      width: wholeNumber(item.width),
      height: wholeNumber(item.height),
      credit: nonEmpty(plainLine(item.credit ?? '')),
      caption: nonEmpty(plainLine(item.caption ?? item.title ?? '')),
    };
    known.set(url, { ...more, ...withoutNulls(known.get(url) ?? {}) });
  }
  return [...known.values()];
}

function mediumOf(type: string | undefined): ParsedMedia['medium'] {
  const kind = type?.split('/')[0];
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : undefined;
}

function wholeNumber(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) && value > 0 ? Math.round(value) : undefined;
}

function nonEmpty(text: string): string | undefined {
  return text === '' ? undefined : text;
}

type WithoutNulls<T> = { [K in keyof T]: Exclude<T[K], null | undefined> };

function withoutNulls<T extends object>(value: T): WithoutNulls<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, field]) => field !== null && field !== undefined),
  ) as WithoutNulls<T>;
}
