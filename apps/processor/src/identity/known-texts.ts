/** The texts that an item may be a copy of: those of earlier batches, and of the items before it in its own. Pure. */
import { HeadlineNames } from '#domain/headline-names.js';
import { textProbe, type WordCounts } from '#domain/text-likeness.js';
import type { TextPrint } from '#domain/text-print.js';
import { type ComparedItem, type IdentityThresholds, textVerdict, type TextVerdict } from '#domain/text-verdict.js';
import { withoutNotices } from './repeated-notices.js';

/** An item of some story with its print. `sketch`: its fingerprints. */
export interface KnownText extends ComparedItem {
  itemId: string;
  storyId: string;
  partnerName: string;
  isDemo: boolean;
  sketch: readonly number[];
  /** It came into its story as something derived: too weak to hold on to another weak link. */
  isDerived: boolean;
}

/** What else is asked of an item that is compared; `storyId`: where it is already. */
interface ItemOfText {
  text: TextPrint;
  isDemo: boolean;
  sketch: readonly number[];
  bodyText: string;
  storyId?: string;
}

/** A known text with what was found when an item was compared with it. */
export interface MatchedText {
  known: KnownText;
  verdict: TextVerdict;
}

/** Texts compared for one item, those first that share most of its rare fingerprints. */
const CANDIDATES = 20;
/** Two stories are joined by nothing less: a look-alike that slipped through once must not bring two stories together. */
const JOINS_STORIES = { text: 0.8, numbers: 0.9, shingles: 20 };

/** After so many that are none of it, the rest share less still. */
const STRANGERS = 8;
const TEXTS_OF_A_FINGERPRINT = 64;

export class KnownTexts {
  private readonly byFingerprint = new Map<number, KnownText[]>();

  constructor(
    known: readonly KnownText[],
    private readonly words: WordCounts,
    private readonly thresholds: IdentityThresholds,
  ) {
    for (const text of known) this.add(text);
  }

  add(text: KnownText): void {
    for (const fingerprint of text.sketch) {
      const texts = this.byFingerprint.get(fingerprint);
      if (texts === undefined) this.byFingerprint.set(fingerprint, [text]);
      else texts.push(text);
    }
  }

  /** What the item copies, derives from or is the source of: the closest first. */
  matches(item: ComparedItem & ItemOfText): MatchedText[] {
    const shared = new Map<KnownText, number>();
    for (const fingerprint of item.sketch) {
      const texts = this.byFingerprint.get(fingerprint) ?? [];
      // So many texts have it that it leads nowhere; it has just not been counted often enough to be left out of sketches.
      if (texts.length > TEXTS_OF_A_FINGERPRINT) continue;
      // How many of the texts at hand have it says more than what was counted elsewhere: a template's turn is new to a young
      // table, and twenty texts that share two of those must not stand before the one that shares what nobody else has.
      const weight = this.words.weight(fingerprint) / Math.sqrt(texts.length);
      for (const known of texts) if (known.isDemo === item.isDemo) shared.set(known, (shared.get(known) ?? 0) + weight);
    }
    const candidates = [...shared].sort(([, m], [, n]) => n - m).slice(0, CANDIDATES);
    const probe = textProbe(item.text, this.words);
    let names: HeadlineNames | undefined;
    const areOthers = (title: string): boolean =>
      (names ??= new HeadlineNames(item.title, item.bodyText)).differFrom(title);
    const alike: MatchedText[] = [];
    const isLink = ({ known, verdict }: MatchedText): boolean =>
      (!known.isDerived || this.isStrong(verdict)) && !areOthers(known.title);
    let strangers = 0;
    for (const [known] of candidates) {
      const verdict = textVerdict(item, probe, known, this.thresholds);
      const match = verdict === null ? null : { known, verdict };
      if (match !== null) alike.push(match);
      if (match === null || !isLink(match)) strangers += 1;
      if (strangers === STRANGERS) break;
    }
    const matches = withoutNotices(item, alike).filter(isLink);
    return matches.sort((a, b) => strength(b.verdict) - strength(a.verdict));
  }

  /** More than a weak link: what a chain of links needs. */
  private isStrong({ relation, rule, containment, agreement }: TextVerdict): boolean {
    const { text, numbers } = this.thresholds.strongLink;
    return relation === 'duplicate' || rule === 'update-marker' || (containment >= text && agreement >= numbers);
  }
}

/** Enough to say that the item's story and the known one's are one. */
export function joinsStories({ relation, rule, containment, agreement, shared }: TextVerdict): boolean {
  return (
    (relation === 'duplicate' || rule === 'update-marker') &&
    containment >= JOINS_STORIES.text &&
    agreement >= JOINS_STORIES.numbers &&
    shared.length >= JOINS_STORIES.shingles
  );
}

function strength({ relation, containment, agreement }: TextVerdict): number {
  return (relation === 'duplicate' ? 2 : 0) + containment + agreement / 10;
}
