/** What differs between two texts, word by word, as a person reads it. Pure; its cost is bounded. */
import { diffArrays } from 'diff';

/** A piece of text that both have, or only the newer (`added`) or the older one (`removed`). */
export interface DiffPiece {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** Texts are cut to this many words: an edit of a book is no edit that anybody reads. */
const MAX_WORDS = 20_000;
const MAX_TEXT = 200_000;
/** Beyond it two texts have nothing to do with each other, and are shown one after the other. */
const MAX_EDITS = 4_000;
const DEADLINE_MS = 100;
/** Words kept on each side of a difference. */
const CONTEXT = 15;

/** Empty when nothing differs. Long stretches that are the same are cut to what surrounds a difference. `deadlineMs`: then it is given up. */
export function wordDiff(before: string, after: string, deadlineMs = DEADLINE_MS): DiffPiece[] {
  if (before === after) return [];
  const options = { maxEditLength: MAX_EDITS, timeout: deadlineMs };
  const changes = diffArrays(words(before), words(after), options);
  if (changes === undefined)
    return [
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ];
  return changes.map(({ added, removed, value }, index) => {
    if (added) return { kind: 'added', text: value.join('') };
    if (removed) return { kind: 'removed', text: value.join('') };
    return { kind: 'same', text: shortened(value, index === 0, index === changes.length - 1) };
  });
}

/** Words, what stands between them, and in scripts that write without spaces every character. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{M}\p{N}])+|[^\p{L}\p{M}\p{N}]+/gu;

/** Intl.Segmenter would know words better, and takes seconds for a long text. */
function words(text: string): string[] {
  return (text.slice(0, MAX_TEXT).match(WORD) ?? []).slice(0, MAX_WORDS);
}

function shortened(same: string[], isFirst: boolean, isLast: boolean): string {
  const [head, tail] = [isFirst ? 0 : CONTEXT * 2, isLast ? 0 : CONTEXT * 2];
  if (same.length <= head + tail) return same.join('');
  return `${same.slice(0, head).join('')}…${tail === 0 ? '' : same.slice(-tail).join('')}`;
}
