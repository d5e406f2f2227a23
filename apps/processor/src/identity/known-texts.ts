/** The texts that an item may be a copy of: those of earlier batches, and of the items before it in its own. Pure. */
import { type ComparedItem, type IdentityThresholds, textVerdict, type TextVerdict } from '#domain/text-verdict.js';

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

/** A known text with what was found when an item was compared with it. */
export interface MatchedText {
  known: KnownText;
  verdict: TextVerdict;
}

/** Texts compared for one item, those that share most fingerprints first. */
const CANDIDATES = 32;

export class KnownTexts {
  private readonly byFingerprint = new Map<number, KnownText[]>();

  constructor(
    known: readonly KnownText[],
    private readonly weight: (hash: number) => number,
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
  matches(item: ComparedItem & { isDemo: boolean; sketch: readonly number[] }): MatchedText[] {
    const shared = new Map<KnownText, number>();
    for (const fingerprint of item.sketch)
      for (const known of this.byFingerprint.get(fingerprint) ?? [])
        if (known.isDemo === item.isDemo) shared.set(known, (shared.get(known) ?? 0) + 1);
    const candidates = [...shared]
      .sort(([a, m], [b, n]) => n - m || (a.itemId < b.itemId ? -1 : 1))
      .slice(0, CANDIDATES);
    const matches = candidates.flatMap(([known]) => {
      const verdict = textVerdict(item, known, this.weight, this.thresholds);
      return verdict === null || (known.isDerived && !this.isStrong(verdict)) ? [] : [{ known, verdict }];
    });
    return matches.sort((a, b) => strength(b.verdict) - strength(a.verdict));
  }

  /** More than a weak link: what a chain of links and the joining of two stories need. */
  isStrong({ relation, rule, containment, agreement }: TextVerdict): boolean {
    const { text, numbers } = this.thresholds.strongLink;
    return relation === 'duplicate' || rule === 'update-marker' || (containment >= text && agreement >= numbers);
  }
}

function strength({ relation, containment, agreement }: TextVerdict): number {
  return (relation === 'duplicate' ? 2 : 0) + containment + agreement / 10;
}
