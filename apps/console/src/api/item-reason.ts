/** Why an item is in the state it is in: the processor's reason, or the operator's word by which it passed the rules. */
import type { ItemAdminRow } from '#storage/item-admin.repository.js';

type Judged = Pick<ItemAdminRow, 'state_reason' | 'released_version' | 'version'>;

/** What an operator releases is one version; the next one is judged anew. */
export function reasonOf({ state_reason, released_version, version }: Judged): string | null {
  if (state_reason !== null) return state_reason;
  return released_version === version ? 'released by an operator: no rule drops or holds this version' : null;
}
