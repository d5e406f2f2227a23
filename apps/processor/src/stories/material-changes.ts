/** What of a change readers and partners should hear about: not every comma is an update. Pure. */
import type { StoryTag } from '#contracts/story-body.js';
import { normaliseText } from '#domain/normalised-text.js';
import type { StoryContent } from '#storage/story.repository.js';

/** A story as far as it can change materially. */
export type Changeable = Pick<
  StoryContent,
  'title' | 'bodyText' | 'image' | 'media' | 'rights' | 'sourceName' | 'language'
> & { tags: readonly Pick<StoryTag, 'scheme' | 'slug'>[] };

/** A corrected spelling is no news: up to this many changed letters in one place. */
const FEW_LETTERS = 10;

/** Names of what changed materially, in a fixed order; empty when nothing did. */
export function materialChanges(before: Changeable, after: Changeable): string[] {
  return [
    ...when('title', normaliseText(before.title) !== normaliseText(after.title)),
    ...when('content', textChanged(before.bodyText, after.bodyText)),
    ...when('media', mediaOf(before) !== mediaOf(after)),
    ...when('language', before.language !== after.language),
    ...when('source', before.sourceName !== after.sourceName),
    ...when('rights', (before.rights ?? '') !== (after.rights ?? '')),
    ...when('tags', tagsOf(before) !== tagsOf(after)),
  ];
}

function when(name: string, changed: boolean): string[] {
  return changed ? [name] : [];
}

/** Layout and punctuation do not count, a changed number always does. */
function textChanged(before: string, after: string): boolean {
  if (before === after) return false;
  const [a, b] = [normaliseText(before), normaliseText(after)];
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const [cut, put] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  return Math.max(cut.length, put.length) > FEW_LETTERS || /\p{N}/u.test(cut + put);
}

/** Addresses without their parameters: a new size or signature of the same picture is no change. */
function mediaOf({ image, media }: Changeable): string {
  const urls = [...(image === null ? [] : [image.url]), ...media.map(({ url }) => url)];
  return [...new Set(urls.map((url) => url.replace(/[?#].*$/, '')))].sort().join('\n');
}

function tagsOf({ tags }: Changeable): string {
  return tags
    .map(({ scheme, slug }) => `${scheme}/${slug}`)
    .sort()
    .join('\n');
}
