/** The list of all feeds as OPML 2.0, which feed readers import. */
import { escapeMarkup, plainLine } from '../feeds/clean-value.js';

export interface OpmlFeed {
  title: string;
  feedUrl: string;
  pageUrl: string;
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
