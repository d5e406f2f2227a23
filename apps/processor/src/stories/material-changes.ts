/** What of a change readers and partners should hear about: not every comma is an update. Pure. */
import type { StoryTag } from '#contracts/story-body.js';
import { bareAddress } from '#domain/bare-address.js';
import { normaliseText } from '#domain/normalised-text.js';
import { isSlip } from '#domain/slip.js';
import type { StoryContent } from '#storage/story.repository.js';

/** A story as far as it can change materially. */
export type Changeable = Pick<
  StoryContent,
  'title' | 'bodyText' | 'image' | 'media' | 'rights' | 'sourceName' | 'language'
> & { tags: readonly Pick<StoryTag, 'scheme' | 'slug'>[] };

const WORDS = /[\p{L}\p{M}\p{N}]+/gu;
const CAPITAL = /\p{Lu}/u;

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

/**
 * Layout, punctuation and capitals do not count, nor does one slip that was mended ("concil"). A word more or less always does,
 * and so does another number, day, month or name: a single "not" turns the news round.
 */
function textChanged(before: string, after: string): boolean {
  if (before === after) return false;
  const [a, b] = [wordsOf(before), wordsOf(after)];
  const isSame = (one: string | undefined, two: string | undefined): boolean =>
    one?.toLowerCase() === two?.toLowerCase();
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && isSame(a[start], b[start])) start += 1;
  let end = 0;
  while (end < shorter - start && isSame(a[a.length - 1 - end], b[b.length - 1 - end])) end += 1;
  const [cut, put] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  // "to day" and "today", "co-operate" and "cooperate"; figures that are parted otherwise are other figures.
  if (isSame(cut.join(''), put.join(''))) return cut.length > 0 && /\p{N}/u.test(cut.join(''));
  const [from = '', to = ''] = [cut[0], put[0]];
  const isMended = cut.length === 1 && put.length === 1 && !CAPITAL.test(from + to) && isSlip(from, to);
  return !isMended;
}

/** As they are written: a capital tells a name. */
function wordsOf(text: string): string[] {
  return text.normalize('NFKC').match(WORDS) ?? [];
}

function mediaOf({ image, media }: Changeable): string {
  const urls = [...(image === null ? [] : [image.url]), ...media.map(({ url }) => url)];
  return [...new Set(urls.map(bareAddress))].sort().join('\n');
}

function tagsOf({ tags }: Changeable): string {
  return tags
    .map(({ scheme, slug }) => `${scheme}/${slug}`)
    .sort()
    .join('\n');
}
