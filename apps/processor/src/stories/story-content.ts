/** What a story shows of its leading item. Pure. */
import { mereExcerpt } from '#domain/excerpt.js';
import type { StoryContent } from '#storage/story.repository.js';
import type { ReadyItem } from './ready-item.js';

export function storyContent({ item, clean, language }: ReadyItem): StoryContent {
  const { partner, feed } = item;
  return {
    leadingItemId: item.id,
    title: clean.title,
    summary: partner.rights.excerptOnly === true ? mereExcerpt(clean.summary, clean.bodyText) : clean.summary,
    content: clean.content,
    bodyText: clean.bodyText,
    language,
    authors: clean.authors,
    image: clean.image,
    media: clean.media,
    sourceName: partner.name,
    sourceUrl: partner.siteUrl ?? feed.siteUrl,
    sourceFeedUrl: feed.url,
    itemUrl: clean.url,
    rights: clean.rights ?? partner.rights.attribution ?? null,
  };
}
