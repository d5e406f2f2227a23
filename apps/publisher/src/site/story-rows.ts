/** Stories as lists show them: what the templates need, ready to print. */
import type { FoundStory, StoryCard } from '#storage/published-story.repository.js';
import { absoluteUrl } from '../feeds/clean-value.js';
import type { DateFormats } from './format-date.js';
import { excerpt, highlight, type Piece, snippet } from './highlight.js';
import { archivePath, partnerPath, storyPath, tagPath } from './links.js';
import { textDirection } from './text-direction.js';

/** `dateTime` is for the `datetime` attribute; `clock` and `when` are for people. */
export interface StoryRow {
  path: string;
  title: Piece[];
  summary: Piece[];
  language: string | null;
  direction: 'ltr' | 'rtl' | 'auto';
  dateTime: string;
  clock: string;
  when: string;
  source: { name: string; path: string | undefined };
  otherPartners: number;
  tags: { name: string; path: string }[];
  image: { url: string; caption: string } | undefined;
}

/** The stories of one day (UTC), under its name. */
export interface DayGroup {
  day: string;
  path: string;
  rows: StoryRow[];
}

const SUMMARY_LENGTH = 240;
const TAGS_IN_A_ROW = 3;

export function storyRow(story: StoryCard, dates: DateFormats): StoryRow {
  // The source is usually one of the partners: then its name leads to the partner's page.
  const sourcePartner = story.partners.find((partner) => partner.name === story.sourceName) ?? story.partners[0];
  const imageUrl = absoluteUrl(story.image?.url);
  return {
    path: storyPath(story),
    title: [{ text: story.title, hit: false }],
    summary: [{ text: excerpt(story.summary, SUMMARY_LENGTH), hit: false }],
    language: story.language,
    direction: textDirection(story.language),
    dateTime: story.sortAt.toISOString(),
    clock: dates.clock(story.sortAt),
    when: dates.dateTime(story.sortAt),
    source: { name: story.sourceName, path: sourcePartner && partnerPath(sourcePartner) },
    otherPartners: Math.max(0, story.partners.length - 1),
    tags: story.tags.slice(0, TAGS_IN_A_ROW).map((tag) => ({ name: tag.name, path: tagPath(tag) })),
    image: imageUrl === undefined ? undefined : { url: imageUrl, caption: story.image?.caption ?? '' },
  };
}

/** A search's hit, with the words marked and the text around them. */
export function foundRow(story: FoundStory, terms: readonly string[], dates: DateFormats): StoryRow {
  return {
    ...storyRow(story, dates),
    title: highlight(story.title, terms),
    summary: snippet(story.bodyText || story.summary, terms),
  };
}

/** Rows under the days that they belong to, in their order. */
export function byDay(stories: StoryCard[], dates: DateFormats): DayGroup[] {
  const groups: DayGroup[] = [];
  for (const story of stories) {
    const path = archivePath(story.sortAt);
    const last = groups.at(-1);
    const group = last?.path === path ? last : { day: dates.day(story.sortAt), path, rows: [] };
    if (group !== last) groups.push(group);
    group.rows.push(storyRow(story, dates));
  }
  return groups;
}

/** The tags that most of these stories share: at least two of them each. */
export function sharedTags(stories: StoryCard[], limit: number): { name: string; path: string }[] {
  const counts = new Map<string, { name: string; path: string; count: number }>();
  for (const tag of stories.flatMap((story) => story.tags)) {
    const path = tagPath(tag);
    const known = counts.get(path) ?? { name: tag.name, path, count: 0 };
    known.count += 1;
    counts.set(path, known);
  }
  return [...counts.values()]
    .filter(({ count }) => count > 1)
    .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name))
    .slice(0, limit);
}

/** Which of the newest stories leads the home page: the one that most partners carry, then one with an image, then the newest. */
export function leadStory<Story extends StoryCard>(stories: Story[], among: number): Story | undefined {
  const weight = (story: Story): number => story.partners.length * 2 + (story.image === null ? 0 : 1);
  return stories
    .slice(0, among)
    .reduce<Story | undefined>(
      (best, story) => (best === undefined || weight(story) > weight(best) ? story : best),
      undefined,
    );
}
