/** Previewing feeds and pages of real servers, the friendly and the hostile ones. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DocumentParser } from '#feed-reader/document-parser.js';
import { OutboundHttp } from '#http-client/http-client.js';
import { Metrics } from '#observability/metrics.js';
import { testConfig } from '../../../../test/support/config.js';
import { startStopwatch } from '../../../../test/support/stopwatch.js';
import { DocumentMemory } from '../fetching/document-memory.js';
import { AddressReader } from './address-reader.js';
import { customaryAddresses, knownSiteFeed } from './customary-addresses.js';
import { FeedFinder } from './feed-finder.js';
import { FeedPreviewer } from './feed-previewer.js';
import { PageReader } from './page-reader.js';

type Answer = (response: ServerResponse) => void;

const site = new Map<string, Answer>();
const asked: string[] = [];
let server: Server;
let origin: string;
let http: OutboundHttp;
let parser: DocumentParser;
let pages: PageReader;
let previewer: FeedPreviewer;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.on('error', () => undefined);
    (site.get(request.url ?? '') ?? ((answer: ServerResponse) => answer.writeHead(404).end()))(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  origin = `http://127.0.0.1:${port}`;
  http = new OutboundHttp({ allow: [`127.0.0.1/32:${port}`] });
  parser = new DocumentParser();
  pages = new PageReader();
  const reader = new AddressReader(http, parser, new DocumentMemory({ fetchMemoryMegabytes: 128 }, new Metrics()));
  previewer = new FeedPreviewer(
    reader,
    new FeedFinder(pages, reader, new Metrics()),
    testConfig('postgres://unused/x'),
  );
});
beforeEach(() => {
  site.clear();
  asked.length = 0;
});
afterAll(async () => {
  await Promise.all([http.onApplicationShutdown(), parser.onApplicationShutdown(), pages.onApplicationShutdown()]);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const html =
  (body: string): Answer =>
  (response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><html>${body}</html>`);
const rss =
  (title: string, ...days: number[]): Answer =>
  (response) =>
    response
      .writeHead(200, { 'content-type': 'application/rss+xml', 'cache-control': 'max-age=3600' })
      .end(
        `<rss version="2.0"><channel><title>${title}</title>${days.map((day) => `<item><title>${title} ${day}</title><link>https://gazette.example/${title}/${day}</link><pubDate>0${day} Aug 2026 08:00:00 GMT</pubDate></item>`).join('')}</channel></rss>`,
      );
const redirect =
  (to: string): Answer =>
  (response) =>
    response.writeHead(302, { location: to }).end();

it('shows a feed as it would be read, its newest items first, and how often it would be polled', async () => {
  site.set('/moved', redirect('/feed.xml')).set('/feed.xml', rss('Gazette', 3, 5, 4));
  const preview = await previewer.preview(`${origin}/moved`, 10_000);
  expect(preview).toMatchObject({
    ok: true,
    url: `${origin}/feed.xml`,
    redirects: [`${origin}/moved`],
    feed: { title: 'Gazette', format: 'rss' },
    items: [{ title: 'Gazette 5' }, { title: 'Gazette 4' }, { title: 'Gazette 3' }],
    itemCount: 3,
    // Nothing has come for months: the longest interval there is.
    pollSeconds: 86_400,
  });
  expect(asked).toEqual(['/moved', '/feed.xml']);
});

it('reads what a page names, and chooses among it', async () => {
  site
    .set(
      '/',
      html(
        '<link rel=alternate type=application/rss+xml href=comments/feed><link rel=alternate type=application/rss+xml href=/news><a href=/gone.rss>x</a>',
      ),
    )
    .set('/comments/feed', rss('Comments', 1, 2))
    .set('/news', rss('News', 3, 4));
  const preview = await previewer.preview(`${origin}/`, 10_000);
  expect(preview).toMatchObject({
    ok: false,
    page: {
      best: `${origin}/news`,
      candidates: [{ url: `${origin}/news`, title: 'News', itemCount: 2, foundBy: 'link' }, { isComments: true }],
      unreadable: [{ url: `${origin}/gone.rss`, error: expect.stringContaining('404') }],
    },
  });
});

it('does not take the comments for the feed when that is down', async () => {
  site
    .set(
      '/',
      html(
        '<link rel=alternate type=application/rss+xml href=/comments/feed><link rel=alternate type=application/rss+xml href=/news>',
      ),
    )
    .set('/comments/feed', rss('Comments', 1, 2))
    .set('/news', (response) => response.writeHead(503).end());
  const page = { best: null, choice: expect.stringContaining(`${origin}/news did not answer`) };
  expect(await previewer.preview(`${origin}/`, 10_000)).toMatchObject({ page });
  // What is gone for good is waited for by nobody.
  site.set('/news', (response) => response.writeHead(404).end());
  expect(await previewer.preview(`${origin}/`, 10_000)).toMatchObject({ page: { best: `${origin}/comments/feed` } });
});

it('tries customary addresses when a page names none', async () => {
  site.set('/blog', html('<p>No links</p>')).set('/blog/feed.xml', rss('Blog', 1));
  const preview = await previewer.preview(`${origin}/blog`, 10_000);
  expect(preview).toMatchObject({ page: { best: `${origin}/blog/feed.xml`, candidates: [{ foundBy: 'well-known' }] } });
  expect(asked.length).toBeLessThanOrEqual(11);
  expect(customaryAddresses('https://gazette.example/news/today.html', 99)[0]).toBe(
    'https://gazette.example/news/feed',
  );
});

it('knows the feeds of channels and playlists', () => {
  const channel = 'UC0123456789abcdefghijkl';
  expect(knownSiteFeed(`https://www.youtube.com/channel/${channel}/videos`)).toBe(
    `https://www.youtube.com/feeds/videos.xml?channel_id=${channel}`,
  );
  expect(knownSiteFeed('https://youtube.com/playlist?list=PL0123456789')).toContain('playlist_id=PL0123456789');
  expect(knownSiteFeed('https://gazette.example/channel/x')).toBeNull();
});

it('asks no more than ten of twenty thousand links', async () => {
  site.set('/', html(Array.from({ length: 20_000 }, (_, n) => `<a href="/${n}.rss">x</a>`).join('')));
  const preview = await previewer.preview(`${origin}/`, 20_000);
  expect(preview).toMatchObject({ page: { best: null, candidates: [] } });
  expect(asked.length).toBeLessThanOrEqual(21);
});

it('never follows a page to a private address, by link or by redirect', async () => {
  site
    .set(
      '/',
      html(
        '<link rel=alternate type=application/rss+xml href="http://127.0.0.2:1/feed"><link rel=alternate type=application/rss+xml href=/out><link rel=alternate type=application/rss+xml href=http://169.254.169.254/feed>',
      ),
    )
    .set('/out', redirect('http://10.0.0.1/feed'));
  const preview = await previewer.preview(`${origin}/`, 10_000);
  expect(preview).toMatchObject({ page: { best: null, candidates: [] } });
  const errors = (!preview.ok && preview.page?.unreadable.map(({ error }) => error)) || [];
  expect(errors).toHaveLength(3);
  for (const error of errors)
    expect(error).toMatch(/private|loopback|link-local|not allowed|refused|127\.0\.0\.2|169\.254|10\.0\.0\.1/);
  expect(await previewer.preview('http://127.0.0.2:1/', 5_000)).toMatchObject({ ok: false });
});

it('ends in time when a page, or the feeds that it names, never end', async () => {
  const endless: Answer = (response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    const timer = setInterval(() => response.write('<p>more</p>'), 20);
    response.on('close', () => clearInterval(timer));
  };
  site
    .set('/endless', endless)
    .set(
      '/',
      html(
        '<link rel=alternate type=application/rss+xml href=/endless><link rel=alternate type=application/rss+xml href=/news>',
      ),
    )
    .set('/news', rss('News', 1));
  const elapsed = startStopwatch();
  expect(await previewer.preview(`${origin}/endless`, 1_000)).toMatchObject({
    ok: false,
    error: expect.stringContaining('1 s'),
  });
  expect(await previewer.preview(`${origin}/`, 1_500)).toMatchObject({
    page: { best: `${origin}/news`, unreadable: [{ url: `${origin}/endless`, error: 'it did not answer in time' }] },
  });
  expect(elapsed()).toBeLessThan(10_000);
});

it('says what is wrong with what is neither feed nor page', async () => {
  site
    .set('/text', (response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('hello'))
    .set('/500', (response) => response.writeHead(500).end());
  expect(await previewer.preview(`${origin}/text`, 5_000)).toMatchObject({
    ok: false,
    error: expect.stringContaining('not a feed'),
  });
  expect(await previewer.preview(`${origin}/500`, 5_000)).toMatchObject({
    ok: false,
    error: expect.stringContaining('500'),
  });
});
