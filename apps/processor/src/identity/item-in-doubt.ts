/** An item as the decision sees it. */
import type { IdentityKey } from './item-keys.js';

/** An item that is in no story yet. `words`: length of its body. */
export interface ItemInDoubt {
  id: string;
  feedId: string;
  partnerId: string;
  partnerName: string;
  isDemo: boolean;
  title: string;
  words: number;
  keys: IdentityKey[];
}
