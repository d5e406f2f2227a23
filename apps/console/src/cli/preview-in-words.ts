/** A preview as lines for people. */
import type { Resource } from './hub-client.js';
import { harmless, shown } from './table.js';

export function previewInWords(preview: Resource): string {
  const known = (preview['alreadyHere'] as Resource[]).map(
    (feed) => `already here as ${shown(feed['id'])} (${harmless(shown(feed['url']))}): ${shown(feed['reason'])}`,
  );
  const page = preview['page'] as Resource | undefined;
  if (page !== undefined) return [...pageInWords(page), ...known].join('\n');
  if (preview['ok'] !== true) return [`cannot be read: ${harmless(shown(preview['error']))}`, ...known].join('\n');
  const feed = preview['feed'] as Resource;
  const items = preview['items'] as Resource[];
  const problems = preview['problems'] as Resource[];
  return [
    `${harmless(shown(feed['title']) || 'untitled')} (${shown(feed['format'])}), ${shown(preview['itemCount'])} items, would be polled: ${shown(preview['pollReason'])}`,
    ...items.map(
      (item) =>
        `  ${(shown(item['published']) || 'undated').padEnd(24)}  ${harmless(shown(item['title']) || 'untitled')}`,
    ),
    ...problems.map((problem) => `  problem: ${harmless(shown(problem['message']))}`),
    ...known,
  ].join('\n');
}

function pageInWords({ best, choice, candidates, unreadable }: Resource): string[] {
  return [
    `a page, not a feed. ${shown(choice)}`,
    ...(candidates as Resource[]).map(
      (feed) =>
        `${feed['url'] === best ? '*' : ' '} ${shown(feed['url'])}  ${harmless(shown(feed['title']))} (${shown(feed['format'])}, ${shown(feed['itemCount'])} items)`,
    ),
    ...(unreadable as Resource[]).map(
      (lead) => `  ${shown(lead['url'])}  cannot be read: ${harmless(shown(lead['error']))}`,
    ),
  ];
}
