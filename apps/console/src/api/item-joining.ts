/** How an item came into its story, in words: for its way and for its steps. */
import type { ItemAdminRow } from '#storage/item-admin.repository.js';

const RELATIONS = { original: 'as its original', duplicate: 'as a duplicate', derived: 'as derived from it' } as const;

const JOINED = 'joined the story';

export interface Joining {
  outcome: string;
  reason: string;
}

/** Null while the item is part of no story. */
export function joiningOf({ story_id, joined_at, rule, relation, evidence }: ItemAdminRow): Joining | null {
  if (story_id === null || joined_at === null) return null;
  const { originalOf, action } = evidence ?? {};
  if (rule === 'operator')
    return { outcome: JOINED, reason: `moved there later by an operator (action ${text(action)})` };
  // The story that it made may have ended in this one.
  if (rule === 'first' && originalOf !== undefined && originalOf !== story_id)
    return {
      outcome: JOINED,
      reason: `with story ${text(originalOf)}, which it had made and which was merged into it`,
    };
  if (rule === 'first') return { outcome: 'made the story', reason: 'no story had it' };
  return { outcome: JOINED, reason: `rule "${rule ?? ''}", ${RELATIONS[relation ?? 'derived']}` };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
