/** Tags from a partner's categories: topics, places and organisations where the name is one's, keywords otherwise, each saying where it came from. */
import type { ParsedCategory } from '#contracts/parsed-feed.js';
import type { StoryTag } from '#contracts/story-body.js';
import { categoryParts, isEmptyCategory } from '#domain/category-parts.js';
import { cleanLine } from '#domain/clean-text.js';
import { slugify } from '#domain/slug.js';
import type { TopicIndex } from '#domain/topic-index.js';
import { CATEGORY_SOURCE } from '#domain/tag-sources.js';
import type { ThingIndex } from './named-things.js';

/** How categories are understood. */
export interface CategoryMeanings {
  findTopic: TopicIndex;
  findThing: ThingIndex;
}

/** `source` in words, for whoever asks why the tag is there; `confidence` from 0 to 1. */
export interface SourcedTag extends StoryTag {
  source: string;
  confidence: number;
}

const MAX_NAME = 60;
const MAX_TAGS = 20;
/** More than this is a dump of key words; those at the end say least. */
const MAX_CATEGORIES = 60;

/** An item's tags, at most twenty, each slug once within its scheme; topics first, keywords last. */
export function categoryTags(
  categories: readonly ParsedCategory[],
  partnerName: string,
  meanings: CategoryMeanings,
): SourcedTag[] {
  const tags = new Map<string, SourcedTag>();
  for (const category of categories.slice(0, MAX_CATEGORIES)) {
    for (const tag of tagsOf(category, meanings)) {
      const source = `${CATEGORY_SOURCE} "${cleanLine(category.label ?? category.term, MAX_NAME)}" (${partnerName})`;
      const key = `${tag.scheme}/${tag.slug}`;
      if (!tags.has(key)) tags.set(key, { ...tag, source, confidence: 1 });
    }
  }
  const all = [...tags.values()];
  return all.sort((a, b) => rankOf(a) - rankOf(b)).slice(0, MAX_TAGS);
}

function rankOf({ scheme }: StoryTag): number {
  return scheme === 'topic' ? 0 : scheme === 'keyword' ? 2 : 1;
}

/** One category is one topic, or as many names and keywords as its writer put into it ("News/Sport", "Football; Transfers"). */
function tagsOf({ term, label }: ParsedCategory, { findTopic, findThing }: CategoryMeanings): StoryTag[] {
  const byTerm = findTopic(term);
  const whole = byTerm === undefined && label !== undefined ? findTopic(label) : byTerm;
  if (whole) return [topicTag(whole.name)];
  const text = label ?? term;
  if (/^https?:/i.test(text.trim())) return [];
  // An operator who says that the whole is no topic means its parts too.
  if (whole === null) return namedTag(text, findThing);
  return categoryParts(text).flatMap((part) => {
    const topic = findTopic(part);
    return topic ? [topicTag(topic.name)] : namedTag(part, findThing);
  });
}

function topicTag(name: string): StoryTag {
  return { scheme: 'topic', name, slug: slugify(name) };
}

/** A thing's own tag where the name is one's; else a keyword. */
function namedTag(text: string, findThing: ThingIndex): StoryTag[] {
  const name = cleanLine(text.replace(/^[#\s]+|[\s,;]+$/g, ''), MAX_NAME);
  const thing = findThing(name);
  if (thing !== undefined) return [{ scheme: thing.scheme, name: thing.name, slug: slugify(thing.name) }];
  const slug = slugify(name);
  return /\p{L}/u.test(slug) && !isEmptyCategory(name) ? [{ scheme: 'keyword', name, slug }] : [];
}
