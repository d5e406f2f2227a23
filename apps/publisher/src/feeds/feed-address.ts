/** The addresses of feeds: read from a request's path, written into links. */
import { type TagScheme, tagSchemeSchema } from '#contracts/story-body.js';
import { type AskedSearch, searchQuery } from '../serving/asked-search.js';

export const FEED_FORMATS = ['rss', 'atom', 'json'] as const;
export type FeedFormat = (typeof FEED_FORMATS)[number];

/** What a feed is of. `all` is the channel that always exists. */
export type FeedTopic =
  | { kind: 'channel'; slug: string }
  | { kind: 'tag'; scheme: TagScheme; slug: string }
  | { kind: 'partner'; slug: string }
  | ({ kind: 'search' } & AskedSearch);

export const CONTENT_TYPES: Readonly<Record<FeedFormat, string>> = {
  rss: 'application/rss+xml; charset=utf-8',
  atom: 'application/atom+xml; charset=utf-8',
  json: 'application/feed+json; charset=utf-8',
};

/** `all.rss` is its slug and its format; undefined when it is not a feed's file name. */
export function parseFeedFile(file: string): { slug: string; format: FeedFormat } | undefined {
  const dot = file.lastIndexOf('.');
  const format = FEED_FORMATS.find((known) => known === file.slice(dot + 1));
  return dot > 0 && format !== undefined ? { slug: file.slice(0, dot), format } : undefined;
}

/** The topic of a tag's feed; undefined for a scheme that does not exist. */
export function tagTopic(scheme: string, slug: string): FeedTopic | undefined {
  const known = tagSchemeSchema.safeParse(scheme);
  return known.success ? { kind: 'tag', scheme: known.data, slug } : undefined;
}

/** The path of a topic's feed, encoded as its self link has to be. */
export function feedPath(topic: FeedTopic, format: FeedFormat): string {
  switch (topic.kind) {
    case 'channel':
      return `/feeds/${encodeURIComponent(topic.slug)}.${format}`;
    case 'tag':
      return `/feeds/tag/${topic.scheme}/${encodeURIComponent(topic.slug)}.${format}`;
    case 'partner':
      return `/feeds/partner/${encodeURIComponent(topic.slug)}.${format}`;
    case 'search':
      return `/feeds/search.${format}?${searchQuery(topic)}`;
  }
}

/** The path of the page that shows the same stories. */
export function topicPath(topic: FeedTopic): string {
  switch (topic.kind) {
    case 'channel':
      return topic.slug === 'all' ? '/' : `/channels/${encodeURIComponent(topic.slug)}`;
    case 'tag':
      return `/tags/${topic.scheme}/${encodeURIComponent(topic.slug)}`;
    case 'partner':
      return `/partners/${encodeURIComponent(topic.slug)}`;
    case 'search':
      return `/search?${searchQuery(topic)}`;
  }
}

/** A closed part of a month: `month` is `2026-10`, `part` from 1. */
export interface ArchivePeriod {
  month: string;
  part: number;
}

/** `2026-10` or, for a long month's further parts, `2026-10-p2`; undefined for anything else. */
export function parsePeriod(text: string): ArchivePeriod | undefined {
  const [, month, part] = /^([12]\d{3}-(?:0[1-9]|1[0-2]))(?:-p([1-9]\d{0,3}))?$/.exec(text) ?? [];
  if (month === undefined || part === '1') return undefined;
  return { month, part: Number(part ?? 1) };
}

/** The path of an archive document of a feed: `/feeds/archive/2026-10/all.atom`. */
export function archivePath(topic: FeedTopic, format: FeedFormat, { month, part }: ArchivePeriod): string {
  return feedPath(topic, format).replace('/feeds/', `/feeds/archive/${month}${part === 1 ? '' : `-p${part}`}/`);
}
