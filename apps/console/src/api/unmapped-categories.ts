/** Which of the categories that partners write name no topic yet, the most frequent first. Pure. */
import { categoryParts, isEmptyCategory } from '#domain/category-parts.js';
import type { MediaTopic, TopicIndex } from '#domain/topic-index.js';
import { categoryKey } from '#domain/topic-mapping.js';

export interface Usage {
  partnerId: string;
  partnerName: string;
  term: string;
  label: string | null;
  items: number;
}

export interface UnmappedCategory {
  category: string;
  items: number;
  /** Those who use it most, at most five. */
  partners: { id: string; name: string; items: number }[];
  /** Topics that a word of it names. */
  suggestions: MediaTopic[];
}

const MAX_PARTNERS = 5;
const MAX_SUGGESTIONS = 3;

/** `find` knows the mappings; `shipped` answers without them. */
export function unmappedCategories(
  used: readonly Usage[],
  find: TopicIndex,
  shipped: (text: string) => MediaTopic | undefined,
): UnmappedCategory[] {
  const found = new Map<string, UnmappedCategory>();
  for (const { partnerId, partnerName, term, label, items } of used) {
    const byTerm = find(term, partnerId);
    // Null: an operator has said that it names none.
    if ((byTerm === undefined && label !== null ? find(label, partnerId) : byTerm) !== undefined) continue;
    const text = label ?? term;
    if (/^https?:/i.test(text.trim())) continue;
    for (const category of new Set(categoryParts(text))) {
      const key = categoryKey(category);
      if (!/\p{L}/u.test(key) || isEmptyCategory(category) || find(category, partnerId) !== undefined) continue;
      const entry = found.get(key) ?? { category, items: 0, partners: [], suggestions: suggestions(category, shipped) };
      found.set(key, entry);
      entry.items += items;
      const known = entry.partners.find(({ id }) => id === partnerId);
      if (known === undefined) entry.partners.push({ id: partnerId, name: partnerName, items });
      else known.items += items;
    }
  }
  return [...found.values()]
    .map((entry) => ({
      ...entry,
      partners: entry.partners.toSorted((a, b) => b.items - a.items).slice(0, MAX_PARTNERS),
    }))
    .toSorted((a, b) => b.items - a.items || (a.category < b.category ? -1 : 1));
}

function suggestions(category: string, shipped: (text: string) => MediaTopic | undefined): MediaTopic[] {
  const words = category.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => word.length > 2);
  const pairs = words.slice(1).map((word, index) => `${words[index]} ${word}`);
  const meant = [...pairs, ...words].flatMap((text) => shipped(text) ?? []);
  return [...new Set(meant)].slice(0, MAX_SUGGESTIONS);
}
