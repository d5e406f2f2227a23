/**
 * Finds what partners have instead of their articles or around them ("This article is for subscribers …"), before it has come
 * often enough to be learned: one partner's same short text under other headlines. It is no evidence of one story. Pure.
 */
import { headlineLikeness, isSameHeadline } from '#domain/headline-likeness.js';
import { saysChanged } from '#domain/headline-markers.js';
import type { TextVerdict } from '#domain/text-verdict.js';

/** Nobody's notice has so many words: what is longer is an article, which a partner may send again under another headline. */
export const WORDS_BEYOND_A_NOTICE = 150;
/** A text that is this much shorter is an early state of the longer one, or its lead: notices come with about as much each time. */
const OF_ONE_LENGTH = 0.35;
/** More than this of what two texts share is the notice: nothing of their own is left to count. */
const NOTHING_ELSE = 0.9;
const CORRECTED_HEADLINE = 0.7;

interface Titled {
  partnerId: string;
  title: string;
}

interface Found {
  known: Titled & { storyId: string };
  verdict: Pick<TextVerdict, 'ratio' | 'shared'>;
}

/** One partner has them as two articles. `storyId` absent: it is still to be decided about. */
export function areTwoArticles(a: Titled & { storyId?: string }, b: Titled & { storyId: string }): boolean {
  if (a.partnerId !== b.partnerId || a.storyId === b.storyId || isSameHeadline(a.title, b.title)) return false;
  // A correction may correct the headline, too.
  const isMarked = saysChanged(a.title, b.title) || saysChanged(b.title, a.title);
  return !isMarked || headlineLikeness(a.title, b.title) < CORRECTED_HEADLINE;
}

/** What the item shares with others, without those that share but a notice with it; its own headline's texts stay. */
export function withoutNotices<T extends Found>(item: Titled & { storyId?: string }, found: readonly T[]): T[] {
  const notice = noticeIn(item, found);
  if (notice.size === 0) return [...found];
  return found.filter(
    ({ known, verdict: { shared } }) =>
      isSameHeadline(item.title, known.title) ||
      shared.filter((position) => notice.has(position)).length < NOTHING_ELSE * shared.length,
  );
}

/** Positions of the item's shingles that some partner repeats under other headlines. */
function noticeIn(item: Titled & { storyId?: string }, found: readonly Found[]): Set<number> {
  const short = found.filter(
    ({ verdict: { ratio, shared } }) => ratio >= OF_ONE_LENGTH && shared.length < WORDS_BEYOND_A_NOTICE,
  );
  const notice = new Set<number>();
  short.forEach(({ known, verdict }, i) => {
    if (areTwoArticles(item, known)) for (const position of verdict.shared) notice.add(position);
    for (const other of short.slice(0, i)) {
      if (!areTwoArticles(known, other.known)) continue;
      const inOther = new Set(other.verdict.shared);
      for (const position of verdict.shared) if (inOther.has(position)) notice.add(position);
    }
  });
  return notice;
}
