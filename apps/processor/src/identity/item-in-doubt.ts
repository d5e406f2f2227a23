/** An item as the decision sees it. */
import type { TextPrint } from '#domain/text-print.js';
import type { IdentityKey } from './item-keys.js';

/**
 * An item that is in no story yet. `words`: length of its body; `print` of its body without boilerplate, `sketch` the
 * fingerprints of that, with the `headline`'s if it has one; `bodyText` what the print's sentences are parts of. `at`: when it was published, else received.
 */
export interface ItemInDoubt {
  id: string;
  feedId: string;
  partnerId: string;
  partnerName: string;
  isDemo: boolean;
  title: string;
  words: number;
  keys: IdentityKey[];
  at: Date;
  print: TextPrint;
  headline: number | null;
  sketch: readonly number[];
  bodyText: string;
}
