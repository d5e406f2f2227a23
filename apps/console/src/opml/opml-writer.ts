/** Writes all feeds as OPML 2.0, an outline a partner with its feeds inside, as it is read from the database. */
import { Injectable } from '@nestjs/common';
import { escapeUTF8 } from 'entities';
import { type ExportedFeed, FeedExportRepository } from '#storage/feed-export.repository.js';

const PAGE = 1_000;
/** What XML 1.0 cannot hold at all. */
// eslint-disable-next-line no-control-regex -- they are the point
const ILLEGAL =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

@Injectable()
export class OpmlWriter {
  constructor(private readonly feeds: FeedExportRepository) {}

  /** The document in pieces; a page of feeds is in memory at a time. */
  async *write(title: string, now: Date): AsyncGenerator<string> {
    yield (
      `<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n  <head>\n    <title>${text(title)}</title>\n` +
      `    <dateCreated>${now.toUTCString()}</dateCreated>\n  </head>\n  <body>\n`
    );
    let partner: string | undefined;
    for (let after: ExportedFeed | undefined; ;) {
      const page = await this.feeds.page(after, PAGE);
      let piece = '';
      for (const feed of page) {
        if (feed.partnerSlug !== partner) {
          piece += `${partner === undefined ? '' : '    </outline>\n'}    <outline text="${text(feed.partnerName)}">\n`;
          partner = feed.partnerSlug;
        }
        piece += outline(feed);
      }
      yield piece;
      after = page.at(-1);
      if (page.length < PAGE) break;
    }
    yield `${partner === undefined ? '' : '    </outline>\n'}  </body>\n</opml>\n`;
  }
}

/** `type` is `rss` for every format but Atom, as readers expect (OPML 2.0, "Subscription lists"). */
function outline({ url, title, homeUrl, format }: ExportedFeed): string {
  const name = text(title ?? url);
  const home = homeUrl === null ? '' : ` htmlUrl="${text(homeUrl)}"`;
  return `      <outline type="${format === 'atom' ? 'atom' : 'rss'}" text="${name}" title="${name}" xmlUrl="${text(url)}"${home}/>\n`;
}

function text(value: string): string {
  return escapeUTF8(value.replace(ILLEGAL, '').replace(/\s+/g, ' '));
}
