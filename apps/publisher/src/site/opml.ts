/** The list of all feeds as OPML 2.0, which feed readers import. */
import { escapeMarkup, plainLine } from '../feeds/clean-value.js';
import type { FeedTopic } from '../feeds/feed-address.js';
import type { Messages } from './messages/en.js';
import type { SiteFacts } from './site-facts.js';

export interface OpmlFeed {
  title: string;
  feedUrl: string;
  pageUrl: string;
}

/** The channels that have feeds: everything first. */
export function channelTopics(facts: SiteFacts, t: Messages): { title: string; topic: FeedTopic }[] {
  return [
    { title: t.everything, topic: { kind: 'channel', slug: 'all' } },
    ...facts.channels
      .filter(({ slug }) => slug !== 'all')
      .map(({ slug, title }) => ({ title, topic: { kind: 'channel', slug } as const })),
  ];
}

export function opml(siteName: string, groups: { title: string; feeds: OpmlFeed[] }[]): string {
  const attribute = (text: string): string => escapeMarkup(plainLine(text));
  const outlines = groups
    .filter(({ feeds }) => feeds.length > 0)
    .map(({ title, feeds }) => {
      const lines = feeds.map(
        (feed) =>
          `      <outline type="rss" text="${attribute(feed.title)}" title="${attribute(feed.title)}"` +
          ` xmlUrl="${attribute(feed.feedUrl)}" htmlUrl="${attribute(feed.pageUrl)}"/>\n`,
      );
      return `    <outline text="${attribute(title)}">\n${lines.join('')}    </outline>\n`;
    });
  return (
    '<?xml version="1.0" encoding="utf-8"?>\n<opml version="2.0">\n' +
    `  <head>\n    <title>${attribute(siteName)}</title>\n  </head>\n  <body>\n${outlines.join('')}  </body>\n</opml>\n`
  );
}
