/** What is kept of a comparison, so that an operator can see later why two items are one story. Pure. */
import type { TextPrint } from '#domain/text-print.js';
import type { MatchedText } from './known-texts.js';

const SENTENCES = 3;
const SENTENCE_LENGTH = 160;
/** A sentence is shared when nearly all of its shingles are: an edited word spoils three. */
const NEARLY_ALL = 0.75;

/** Shares rounded to thousandths. `text` is what `print` was made of. */
export function textEvidence({ known, verdict }: MatchedText, print: TextPrint, text: string): Record<string, unknown> {
  const { containment, agreement, shared } = verdict;
  return {
    matchedItemId: known.itemId,
    matchedPartner: known.partnerName,
    idfContainment: rounded(containment),
    numberAgreement: rounded(agreement),
    sharedShingles: shared.length,
    shingles: { item: print.shingles.length, matched: known.text.shingles.length },
    sharedSentences: sharedSentences(print, text, shared),
  };
}

/** The longest of them in the order of the text, each cut. */
function sharedSentences(print: TextPrint, text: string, shared: readonly number[]): string[] {
  const inCommon = new Set(shared);
  const found = print.sentences.filter(({ from, to }) => {
    let count = 0;
    for (let i = from; i < to; i += 1) if (inCommon.has(i)) count += 1;
    return to > from && count / (to - from) >= NEARLY_ALL;
  });
  return found
    .toSorted((a, b) => b.to - b.from - (a.to - a.from))
    .slice(0, SENTENCES)
    .sort((a, b) => a.start - b.start)
    .map(({ start, end }) => cut(text.slice(start, end).trim()));
}

function cut(sentence: string): string {
  if (sentence.length <= SENTENCE_LENGTH) return sentence;
  return `${sentence.slice(0, SENTENCE_LENGTH - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function rounded(share: number): number {
  return Math.round(share * 1_000) / 1_000;
}
