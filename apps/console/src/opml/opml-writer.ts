/** Writes all feeds as OPML 2.0, an outline a partner with its feeds inside, as it is read from the database. */
import { Injectable } from '@nestjs/common';
import { escapeUTF8 } from 'entities';
import { type ExportedFeed, type ExportedPartner, FeedExportRepository } from '#storage/feed-export.repository.js';

/** Of each so many are in memory at a time. */
const PARTNERS = 500;
const FEEDS = 1_000;
/** What XML 1.0 cannot hold at all. */
const ILLEGAL =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

@Injectable()
export class OpmlWriter {
  constructor(private readonly feeds: FeedExportRepository) {}

  /** The document in pieces. */
  async *write(title: string, now: Date): AsyncGenerator<string> {
    yield (
      `<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n  <head>\n    <title>${text(title)}</title>\n` +
      `    <dateCreated>${now.toUTCString()}</dateCreated>\n  </head>\n  <body>\n`
    );
    for (let after = ''; ;) {
      const partners: ExportedPartner[] = await this.feeds.partners(after, PARTNERS);
      yield* this.writePartners(new Map(partners.map((partner) => [partner.id, partner])));
      after = partners.at(-1)?.slug ?? '';
      if (partners.length < PARTNERS) break;
    }
    yield '  </body>\n</opml>\n';
  }

  private async *writePartners(partners: ReadonlyMap<string, ExportedPartner>): AsyncGenerator<string> {
    let open: string | undefined;
    for (let after: ExportedFeed | undefined; ;) {
      const page: ExportedFeed[] = await this.feeds.feeds([...partners.keys()], after, FEEDS);
      let piece = '';
      for (const feed of page) {
        const partner = partners.get(feed.partnerId);
        if (feed.partnerId !== open)
          piece += `${open === undefined ? '' : '    </outline>\n'}    <outline text="${text(partner?.name ?? '')}">\n`;
        open = feed.partnerId;
        piece += outline(feed, feed.homeUrl ?? partner?.siteUrl ?? null);
      }
      yield piece;
      after = page.at(-1);
      if (page.length < FEEDS) break;
    }
    if (open !== undefined) yield '    </outline>\n';
  }
}

/** `type` is `rss` for every format but Atom, as readers expect (OPML 2.0, "Subscription lists"). */
function outline({ url, title, format }: ExportedFeed, homeUrl: string | null): string {
  const name = text(title ?? url);
  const home = homeUrl === null ? '' : ` htmlUrl="${text(homeUrl)}"`;
  return `      <outline type="${format === 'atom' ? 'atom' : 'rss'}" text="${name}" title="${name}" xmlUrl="${text(url)}"${home}/>\n`;
}

function text(value: string): string {
  return escapeUTF8(value.replace(ILLEGAL, '').replace(/\s+/g, ' '));
}
