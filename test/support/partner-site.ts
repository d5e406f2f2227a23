/** Partners' feeds as tests need them: RSS served from memory with an ETag, growing whenever the test says so. */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PartnerItem {
  guid: string;
  url: string;
  title: string;
  body: string;
  publishedAt: Date;
  categories?: string[];
}

export class PartnerSite {
  private readonly feeds = new Map<string, PartnerItem[]>();
  /** Requests answered, by status. */
  readonly answered = { 200: 0, 304: 0, 404: 0 };

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async start(): Promise<PartnerSite> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const site = new PartnerSite(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      const items = site.feeds.get((request.url ?? '').slice(1));
      if (items === undefined) {
        site.answered[404] += 1;
        response.writeHead(404).end();
        return;
      }
      const body = rss(request.url ?? '', items);
      const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
      const unchanged = request.headers['if-none-match'] === etag;
      site.answered[unchanged ? 304 : 200] += 1;
      response.writeHead(unchanged ? 304 : 200, { 'content-type': 'application/rss+xml; charset=utf-8', etag });
      response.end(unchanged ? undefined : body);
    });
    return site;
  }

  /** The feed's address. Adding items makes the feed exist; the newest come first. */
  feedUrl(name: string): string {
    return `${this.origin}/${name}`;
  }

  /** What is there under the same guid already is replaced. */
  publish(name: string, ...items: PartnerItem[]): void {
    const guids = new Set(items.map(({ guid }) => guid));
    const others = (this.feeds.get(name) ?? []).filter(({ guid }) => !guids.has(guid));
    this.feeds.set(name, [...items, ...others]);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function rss(path: string, items: PartnerItem[]): string {
  const xml = items.map(
    (item) => `<item><guid isPermaLink="false">${escape(item.guid)}</guid><link>${escape(item.url)}</link>
<title>${escape(item.title)}</title><description>${escape(item.body)}</description>
<pubDate>${item.publishedAt.toUTCString()}</pubDate>${(item.categories ?? []).map((name) => `<category>${escape(name)}</category>`).join('')}</item>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Partner ${escape(path.slice(1))}</title><link>https://${escape(path.slice(1))}.example/</link>
<description>A partner made for tests</description><language>en</language>
${xml.join('\n')}
</channel></rss>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
