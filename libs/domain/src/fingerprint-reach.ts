/** How many texts of the identity window a fingerprint leads to, about: look-ups leave those out that lead to many. */
import { FrequencyTable } from './frequency-table.js';

/**
 * Fingerprints are a sixth of a text's hashes, so that this table stays readable ten times as long as that of all shingles:
 * with a million texts a stranger's hash is counted 4 times by mistake, and 8 can still be told from 100.
 */
const TEXTS_REMEMBERED = 1_000_000;
/** A fingerprint of more texts than this brings strangers, and each of them costs the look-up a row. */
const TEXTS_LED_TO = 8;
/** A story's own fingerprints are counted, once or with a stranger's by mistake: they must be asked for its copies. */
const COUNTED_AT_LEAST = 4;
/** The rarest are asked however many texts they have: a text of nothing but stock phrases has copies, too. */
const ASKED_AT_LEAST = 10;

export class FingerprintReach {
  readonly counted = new FrequencyTable(undefined, 0, TEXTS_REMEMBERED);
  private textsInWindow = 0;

  /** A new story's fingerprints. Copies are not counted: each would make its own story look common. */
  add(sketch: readonly number[]): void {
    if (sketch.length === 0) return;
    this.counted.addText();
    this.counted.add(Int32Array.from(sketch));
  }

  /** How many texts can be found; the counts may stand for more (of earlier weeks) or fewer (only stories are counted). */
  setTextsInWindow(texts: number): void {
    this.textsInWindow = texts;
  }

  /** The fingerprints to look up, the rarest first. */
  asked(sketch: readonly number[]): number[] {
    const countedOfOne = this.counted.knownTexts / Math.max(1, this.textsInWindow);
    const most = Math.max(COUNTED_AT_LEAST, TEXTS_LED_TO * countedOfOne);
    return sketch
      .map((hash) => ({ hash, texts: this.counted.countOf(hash) }))
      .sort((a, b) => a.texts - b.texts)
      .filter(({ texts }, place) => place < ASKED_AT_LEAST || texts <= most)
      .map(({ hash }) => hash);
  }
}
