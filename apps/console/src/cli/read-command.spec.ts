/** `dateline read`: one document from a file, a URL or standard input, and whole suites, without a hub. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { runProgram } from './program.js';

const FOLDER = mkdtempSync(join(tmpdir(), 'dateline-read-'));
const FEED = `<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>Gazette</title>
  <link>https://gazette.example/</link><ttl>30</ttl><skipDays><day>Sunday</day></skipDays>
  <item><title>Vote</title><link>/vote</link><pubDate>sometime</pubDate><description>&lt;p onclick="x()"&gt;Yes&lt;/p&gt;</description>
  <comments>https://gazette.example/vote#c</comments><source url="https://other.example/feed.xml">Other</source>
  <enclosure url="https://gazette.example/a.mp3" length="7" type="audio/mpeg"/><itunes:image href="https://gazette.example/a.png"/></item></channel></rss>`;

async function read(args: string[], input: string | Buffer = '', env: NodeJS.ProcessEnv = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runProgram(['read', ...args], {
    env: { INIT_CWD: FOLDER, ...env },
    print: (text) => out.push(text),
    complain: (text) => err.push(text),
    input: Readable.from(input.length > 0 ? [Buffer.from(input)] : []),
  });
  return {
    code,
    out: out.join('\n'),
    err: err.join('\n'),
    lines: () => out.map((line) => JSON.parse(line) as unknown),
  };
}

it('prints what a file says under the names of the guide, and what was wrong with it', async () => {
  writeFileSync(join(FOLDER, 'feed.xml'), FEED);
  const { code, out, err } = await read(['feed.xml']);
  expect([code, err]).toEqual([0, '']);
  const media = { url: 'https://gazette.example/a.mp3', length: 7, type: 'audio/mpeg', medium: 'audio' };
  expect(JSON.parse(out)).toEqual({
    feed: {
      format: 'rss',
      title: 'Gazette',
      homePage: 'https://gazette.example/',
      hubs: [],
      authors: [],
      categories: [],
      ttl: 30,
      schedule: { skipDays: ['Sunday'] },
    },
    items: [
      {
        url: 'https://gazette.example/vote',
        title: 'Vote',
        summary: '<p>Yes</p>',
        authors: [],
        categories: [],
        media: [media, { url: 'https://gazette.example/a.png', medium: 'image' }],
        enclosures: [media],
        originalSource: {
          title: 'Other',
          url: 'https://other.example/feed.xml',
          feedUrl: 'https://other.example/feed.xml',
        },
        commentsUrl: 'https://gazette.example/vote#c',
      },
    ],
    problems: [
      { code: 'unreadable-date', message: 'The date "sometime" cannot be read; it was left out.', itemIndex: 0 },
    ],
  });
});

it('prints contents as the partner wrote them when asked to', async () => {
  const { out } = await read(['--raw', '-'], FEED);
  expect(JSON.parse(out)).toMatchObject({ items: [{ summary: '<p onclick="x()">Yes</p>' }] });
});

it.each([
  ['a file that is not there', ['nowhere.xml'], '', 3, /nowhere.xml cannot be read: it does not exist/],
  ['a folder', ['.'], '', 3, /cannot be read: it is a folder/],
  ['no feed', ['-'], '<html></html>', 1, /^The address answers an HTML page, not a feed\.$/],
  ['nothing', ['-'], '', 1, /empty document/],
  ['too much', ['-'], Buffer.alloc(21 * 1024 * 1024, 32), 1, /more than 20 MB/],
  ['no source', [], '', 2, /read what\?/],
  ['a suite at a URL', ['--jsonl', 'https://gazette.example/suite'], '', 2, /fetch it first/],
  ['a suite that is not there', ['--jsonl', 'nowhere.jsonl'], '', 3, /does not exist/],
  ['an address inside', ['http://127.0.0.1:9/feed'], '', 3, /OUTBOUND_ALLOW does not open/],
  ['a wrong setting', ['http://127.0.0.1:9/feed'], '', 2, /PUBLISHER_PORT/, { PUBLISHER_PORT: 'x' }],
])('exits for %s', async (_name, args, input, code, message, env: NodeJS.ProcessEnv = {}) => {
  expect(await read(args, input, env)).toMatchObject({ code, out: '', err: expect.stringMatching(message) });
});

it('reads a URL through the guarded client, with the charset it came with', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/gone') return void response.writeHead(410).end();
    if (request.url === '/old') return void response.writeHead(301, { location: '/feed' }).end();
    response.writeHead(200, { 'content-type': 'text/xml; charset=koi8-r' });
    response.end(Buffer.concat([Buffer.from('<rss><channel><title>'), Buffer.from([0xf0]), Buffer.from('</title>')]));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { OUTBOUND_ALLOW: '127.0.0.0/8' };
  try {
    const { out } = await read([`${origin}/old`], '', env);
    expect(JSON.parse(out)).toMatchObject({ feed: { title: 'П' }, problems: [{ code: 'truncated' }] });
    const gone = await read([`${origin}/gone`], '', env);
    expect([gone.code, gone.err]).toEqual([3, `${origin}/gone answers 410`]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

describe('suites', () => {
  it('answers each line in its order, whatever the others are', async () => {
    const lines = [
      { name: 'a', xml: '<rss><channel><title>A</title></channel></rss>' },
      'not json',
      [],
      { name: 'b' },
      {
        name: { c: 1 },
        base64: Buffer.from('<rss><channel><title>\u00e9</title></channel></rss>', 'latin1').toString('base64'),
      },
      { name: 'd', xml: '<rss><channel><link>/x</link></channel></rss>', url: 'https://d.example/feed' },
      { name: 'e', xml: '<rss/>', headers: { 'Content-Language': 'de' } },
      { name: 'f', xml: '' },
    ];
    const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n\n');
    const { code, lines: answers } = await read(['--jsonl'], text);
    expect(code).toBe(0);
    expect(answers()).toMatchObject([
      { name: 'a', feed: { title: 'A' }, items: [], problems: [] },
      { name: null, error: expect.stringMatching(/^The line is not JSON: .*\.$/), code: 'bad-line' },
      { name: null, error: 'The line is not a JSON object.', code: 'bad-line' },
      { name: 'b', error: 'The line has neither "xml" (text) nor "base64" (bytes).', code: 'bad-line' },
      { name: { c: 1 }, feed: { title: 'é' } },
      { name: 'd', feed: { homePage: 'https://d.example/x' } },
      { name: 'e', feed: { language: 'de' } },
      { name: 'f', error: 'The address answers an empty document.', code: 'empty' },
    ]);
  });

  it('goes on behind documents and lines that are too long, and names them', async () => {
    const long = (name: string, megabytes: number): string =>
      JSON.stringify({ name, xml: `<rss>${'x'.repeat(megabytes * 1024 * 1024)}</rss>` });
    const text = [long('long', 21), long('absurd', 45), JSON.stringify({ name: 'z', xml: '<rss/>' })].join('\n');
    const { lines } = await read(['--jsonl', '-'], text);
    expect(lines()).toMatchObject([
      { name: 'long', code: 'too-large' },
      { name: 'absurd', code: 'bad-line' },
      { name: 'z', feed: {} },
    ]);
  });

  it('reads a thousand documents from a file', async () => {
    const line = (index: number): string => JSON.stringify({ name: index, xml: FEED });
    writeFileSync(join(FOLDER, 'suite.jsonl'), Array.from({ length: 1_000 }, (_each, index) => line(index)).join('\n'));
    const answers = (await read(['--jsonl', 'suite.jsonl'])).lines() as { name: number; items: unknown[] }[];
    expect(answers.map(({ name }) => name)).toEqual(Array.from({ length: 1_000 }, (_each, index) => index));
    expect(answers.every(({ items }) => items.length === 1)).toBe(true);
  });
});
