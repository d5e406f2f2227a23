/** What operators say that partners' categories mean, laid over the names that ship with Dateline. */
import { normaliseText } from './normalised-text.js';
import type { MediaTopic, TopicIndex } from './topic-index.js';

/** `partnerId` null: of every partner. `code` null: the category names no topic. */
export interface TopicMapping {
  partnerId: string | null;
  categoryKey: string;
  code: string | null;
}

/** How a category is compared: letter case, punctuation and "&" for "and" do not count. Empty when nothing is left. */
export function categoryKey(category: string): string {
  return normaliseText(category.replaceAll('&', ' and '));
}

/** A partner's own mapping comes before the general one, and both before what `shipped` finds. */
export function mappedTopics(
  topics: readonly MediaTopic[],
  shipped: (category: string) => MediaTopic | undefined,
  mappings: readonly TopicMapping[],
): TopicIndex {
  if (mappings.length === 0) return shipped;
  const byCode = new Map(topics.map((topic) => [topic.code, topic]));
  const meanings = new Map<string, MediaTopic | null>();
  for (const { partnerId, categoryKey: key, code } of mappings) {
    const topic = code === null ? null : byCode.get(code);
    // A code that a later list of topics has dropped: what ships is the better guess.
    if (topic !== undefined) meanings.set(mark(partnerId, key), topic);
  }
  return (category, partnerId) => {
    const key = categoryKey(category);
    const own = partnerId === undefined ? undefined : meanings.get(mark(partnerId, key));
    const meant = own === undefined ? meanings.get(mark(null, key)) : own;
    return meant === undefined ? shipped(category) : meant;
  };
}

function mark(partnerId: string | null, key: string): string {
  return `${partnerId ?? ''} ${key}`;
}
