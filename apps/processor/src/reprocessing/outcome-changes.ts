/** What processing an item again changed, field by field, in words for operators. Pure. */
import type { ItemOutcome } from '#storage/item-outcome.repository.js';
import type { ReprocessingExample } from '#storage/schema.js';

type Field = ReprocessingExample['fields'][number];

const EXCERPT_LENGTH = 160;

/** Items with at least one changed field, in the given order. A story that several items share is told of once. */
export function outcomeChanges(
  itemIds: readonly string[],
  before: ReadonlyMap<string, ItemOutcome>,
  after: ReadonlyMap<string, ItemOutcome>,
): ReprocessingExample[] {
  const told = new Set<string>();
  return itemIds.flatMap((itemId) => {
    const [old, now] = [before.get(itemId), after.get(itemId)];
    if (old === undefined || now === undefined) return [];
    const isTold = now.storyId !== null && told.has(now.storyId);
    if (now.storyId !== null) told.add(now.storyId);
    const fields = [...itemFields(old, now), ...(isTold || old.storyId !== now.storyId ? [] : storyFields(old, now))];
    return fields.length === 0 ? [] : [{ itemId, storyId: now.storyId, title: shown(now.title), fields }];
  });
}

/** How many of the items changed in each field. */
export function countFields(examples: readonly ReprocessingExample[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { fields } of examples) for (const { field } of fields) counts[field] = (counts[field] ?? 0) + 1;
  return counts;
}

function itemFields(old: ItemOutcome, now: ItemOutcome): Field[] {
  return [
    ...changed('state', stateInWords(old.state, old.stateReason), stateInWords(now.state, now.stateReason)),
    ...changed('story', old.storyId, now.storyId),
    ...changed('channels', missing(old.routes, now.routes), missing(now.routes, old.routes)),
  ];
}

function storyFields(old: ItemOutcome, now: ItemOutcome): Field[] {
  return [
    ...changed('status', old.status, now.status),
    ...changed('lead', old.lead, now.lead),
    ...changed('title', old.title, now.title),
    ...changed('language', old.language, now.language),
    ...changed('text', old.text, now.text),
    ...changed('tags', missing(old.tags, now.tags), missing(now.tags, old.tags)),
  ];
}

/** Those of `names` that `others` lack; null when there are none. */
function missing(names: readonly string[], others: readonly string[]): string | null {
  return names.filter((name) => !others.includes(name)).join(', ') || null;
}

function changed(field: string, before: string | null, after: string | null): Field[] {
  return before === after ? [] : [{ field, before: shown(before), after: shown(after) }];
}

export function stateInWords(state: string, reason: string | null): string {
  return reason === null ? state : `${state}: ${reason}`;
}

/** Cut between characters: half of one cannot be stored. */
function shown(text: string | null): string | null {
  if (text === null || text.length <= EXCERPT_LENGTH) return text;
  return `${text.slice(0, EXCERPT_LENGTH - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
