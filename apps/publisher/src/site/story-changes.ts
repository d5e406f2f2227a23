/** A story's versions beside the ones before them, word by word, as far as each one's partner lets it be shown. Pure. */
import { copyStanding } from '#domain/story-rights.js';
import { type DiffPiece, wordDiff } from '#domain/word-diff.js';
import type { FormerVersion } from '#storage/story-changes.repository.js';

/** What is new in a version. Empty pieces: nothing, or nothing that may be shown. `isHidden`: some of it may not. */
export interface StoryChange {
  createdAt: Date;
  changed: string[];
  title: DiffPiece[];
  text: DiffPiece[];
  isHidden: boolean;
}

/** All comparisons of a page together; what is left over by then is shown as the old text and the new one. */
const MOST_MS = 100;

/** `versions` newest first, consecutive; the oldest one is only compared with. */
export function storyChanges(versions: readonly FormerVersion[], now: Date): StoryChange[] {
  const giveUpAt = performance.now() + MOST_MS;
  const compare = (before: string, after: string): DiffPiece[] =>
    wordDiff(before, after, Math.max(1, giveUpAt - performance.now()));
  return versions.slice(0, -1).map((version, index) => {
    const former = versions[index + 1];
    const shown = [version, former].map((one) => (one === undefined ? 'nothing' : shows(one, now)));
    const mayTitle = former !== undefined && !shown.includes('nothing');
    const mayText = mayTitle && !shown.includes('excerpt') && former.text !== null && version.text !== null;
    return {
      createdAt: version.createdAt,
      changed: version.changed,
      title: mayTitle ? compare(former.title, version.title) : [],
      text: mayText ? compare(former.text ?? '', version.text ?? '') : [],
      isHidden: (!mayTitle && version.changed.includes('title')) || (!mayText && version.changed.includes('content')),
    };
  });
}

function shows(version: FormerVersion, now: Date): 'full' | 'excerpt' | 'nothing' {
  return version.isTakenBack ? 'nothing' : copyStanding(version.partnerRights, version, now).shows;
}
