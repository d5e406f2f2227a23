/** Tags from a partner's categories: topics where the name matches one, keywords otherwise, each saying where it came from. */
import type { ParsedCategory } from '#contracts/parsed-feed.js';
import type { StoryTag } from '#contracts/story-body.js';
import { cleanLine } from '#domain/clean-text.js';
import { slugify } from '#domain/slug.js';
import type { TopicIndex } from './topic-index.js';

/** `source` in words, for whoever asks why the tag is there; `confidence` from 0 to 1. */
export interface SourcedTag extends StoryTag {
  source: string;
  confidence: number;
}

/** How the sources of these tags begin: only such tags go when the categories that made them are gone. */
export const CATEGORY_SOURCE = 'partner category';

const MAX_NAME = 60;
const MAX_TAGS = 20;
/** More than this is a dump of key words; those at the end say least. */
const MAX_CATEGORIES = 60;
/** Names that say where an item stands on a site, not what it is about. */
const EMPTY_NAMES = new Set(
  (
    'uncategorized,uncategorised,unkategorisiert,allgemein,general,generic,misc,miscellaneous,other,others,various,sonstiges,' +
    'divers,varios,news,latest,latest news,top news,top stories,top story,breaking,breaking news,featured,feature,headlines,' +
    'headline,home,homepage,frontpage,front page,blog,blogs,article,articles,story,stories,post,posts,rss,feed,default,none,' +
    'null,undefined,untagged,no category,nachrichten,actualités,actualites,noticias,notizie,nieuws,all,main,stream,latest posts'
  ).split(','),
);

/** An item's tags, at most twenty, each slug once within its scheme; topics before keywords. */
export function categoryTags(
  categories: readonly ParsedCategory[],
  partnerName: string,
  findTopic: TopicIndex,
): SourcedTag[] {
  const tags = new Map<string, SourcedTag>();
  for (const category of categories.slice(0, MAX_CATEGORIES)) {
    for (const tag of tagsOf(category, findTopic)) {
      const source = `${CATEGORY_SOURCE} "${cleanLine(category.label ?? category.term, MAX_NAME)}" (${partnerName})`;
      const key = `${tag.scheme}/${tag.slug}`;
      if (!tags.has(key)) tags.set(key, { ...tag, source, confidence: 1 });
    }
  }
  const all = [...tags.values()];
  return [...all.filter(isTopic), ...all.filter((tag) => !isTopic(tag))].slice(0, MAX_TAGS);
}

function isTopic({ scheme }: StoryTag): boolean {
  return scheme === 'topic';
}

/** One category is one topic, or as many keywords as its writer put into it ("News/Sport", "Football; Transfers"). */
function tagsOf({ term, label }: ParsedCategory, findTopic: TopicIndex): StoryTag[] {
  const whole = findTopic(term) ?? (label === undefined ? undefined : findTopic(label));
  if (whole !== undefined) return [topicTag(whole.name)];
  const text = label ?? term;
  if (/^https?:/i.test(text.trim())) return [];
  return parts(text).flatMap((part) => {
    const topic = findTopic(part);
    return topic === undefined ? keywordTag(part) : [topicTag(topic.name)];
  });
}

function parts(text: string): string[] {
  const line = cleanLine(text, 300);
  const divided = line.split(/\s*[;|>›»]\s*|\s*\/\s*|,\s+/);
  // Long clauses are a sentence with commas, not a list.
  return divided.every((part) => part.length <= MAX_NAME) ? divided : [line];
}

function topicTag(name: string): StoryTag {
  return { scheme: 'topic', name, slug: slugify(name) };
}

function keywordTag(text: string): StoryTag[] {
  const name = cleanLine(text.replace(/^[#\s]+|[\s,;]+$/g, ''), MAX_NAME);
  const slug = slugify(name);
  const says = /\p{L}/u.test(slug) && !EMPTY_NAMES.has(name.toLowerCase());
  return says ? [{ scheme: 'keyword', name, slug }] : [];
}
