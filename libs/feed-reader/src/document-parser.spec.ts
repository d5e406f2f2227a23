/** Parsing in worker threads: what comes back, and that no document harms the process or the next one. */
import { DocumentParser, type ParseInput } from './document-parser.js';

const RSS = '<rss version="2.0"><channel><title>T</title><item><title>A</title></item></channel></rss>';
const input = (text: string, more: Partial<ParseInput> = {}): ParseInput => ({
  bytes: Buffer.from(text),
  contentType: 'application/rss+xml',
  url: 'https://partner.example/feed',
  ...more,
});

let parser: DocumentParser;
beforeEach(() => {
  parser = new DocumentParser();
});
afterEach(() => parser.onApplicationShutdown());

it('reads documents side by side and leaves the bytes to the caller', async () => {
  const one = input(RSS);
  const read = await Promise.all(Array.from({ length: 20 }, () => parser.parse(one)));
  expect(read.map((document) => document.items[0]?.title)).toEqual(Array.from({ length: 20 }, () => 'A'));
  expect(one.bytes.length).toBe(RSS.length);
});

it('says what is wrong with a document, and goes on', async () => {
  await expect(parser.parse(input('<html></html>'))).rejects.toMatchObject({
    name: 'UnreadableFeedError',
    code: 'html-page',
    message: 'The address answers an HTML page, not a feed.',
  });
  await expect(parser.parse(input(RSS))).resolves.toMatchObject({ feed: { title: 'T' } });
});

it('gives up a document that nobody wants any more', async () => {
  await expect(parser.parse(input(RSS, { signal: AbortSignal.abort() }))).rejects.toMatchObject({ code: 'aborted' });
  const gone = new AbortController();
  const parsing = parser.parse(
    input(`<rss><channel>${'<item><title>x</title></item>'.repeat(100_000)}`, { signal: gone.signal }),
  );
  gone.abort();
  await expect(parsing).rejects.toMatchObject({ code: 'aborted' });
  await expect(parser.parse(input(RSS))).resolves.toMatchObject({ feed: { title: 'T' } });
});

it('ends waiting and running documents when the app shuts down', async () => {
  const parsing = Array.from({ length: 6 }, () => parser.parse(input(RSS)).catch((error: unknown) => error));
  await parser.onApplicationShutdown();
  for (const each of await Promise.all(parsing)) expect(each).toMatchObject({ code: 'stopped' });
});
