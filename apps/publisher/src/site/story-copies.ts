/** Who carried a story, when, and why their copies are one story, in sentences. Pure. */
import type { StoryItem } from '#storage/story-history.repository.js';
import { absoluteUrl } from '../feeds/clean-value.js';
import type { Edition } from './editions.js';
import { partnerPath } from './links.js';
import type { Messages } from './messages/en.js';

export interface StoryCopy {
  partner: string;
  path: string;
  url: string | undefined;
  received: string;
  dateTime: string;
  leading: boolean;
  why: string;
}

export function storyCopies(items: readonly StoryItem[], { t, dates }: Edition): StoryCopy[] {
  const carriers = new Set(items.map((item) => item.partnerName));
  return items.map((item) => ({
    partner: item.partnerName,
    path: partnerPath({ slug: item.partnerSlug }),
    url: absoluteUrl(item.url),
    received: dates.dateTime(item.receivedAt),
    dateTime: item.receivedAt.toISOString(),
    leading: item.leading,
    why: reason(item, carriers, t.rules),
  }));
}

/** Rules by what they say to readers. */
const SENTENCES = {
  guid: 'guid',
  url: 'url',
  text: 'text',
  'text-copy': 'copy',
  'short-text': 'copy',
  'update-marker': 'later',
  'text-overlap': 'later',
  'figures-updated': 'later',
} as const;

/** From the rule that joined the copy and what it matched. A partner that is not shown among them is not named. */
function reason({ rule, evidence }: StoryItem, carriers: ReadonlySet<string>, says: Messages['rules']): string {
  const matched = evidence['matchedPartner'];
  const partner = typeof matched === 'string' && carriers.has(matched) ? matched : says.anotherPartner;
  // A copy that began another story came with it.
  if (rule === 'first') return evidence['originalOf'] === undefined ? says.first : says.merged;
  if (rule === 'operator') return says.operator;
  return Object.hasOwn(SENTENCES, rule) ? says[SENTENCES[rule as keyof typeof SENTENCES]](partner) : says.other(rule);
}
