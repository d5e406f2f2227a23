/** What partners and their tools are in the habit of writing, beside what the formats say. */
import { type ParsedDocument } from '#contracts/parsed-feed.js';

import { parseDate } from './parse-date.js';
import { readFeed } from './read-feed.js';

const NAMESPACES = [
  'media="http://search.yahoo.com/mrss/"',
  'atom="http://www.w3.org/2005/Atom"',
  'echo="http://purl.org/atom/ns#"',
  'itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"',
  'googleplay="http://www.google.com/schemas/play-podcasts/1.0"',
  'feedburner="http://rssnamespace.org/feedburner/ext/1.0"',
]
  .map((each) => `xmlns:${each}`)
  .join(' ');

const read = (text: string, url = 'https://gazette.example/feed'): Promise<ParsedDocument> =>
  readFeed(Buffer.from(text), { contentType: null, url });
const channel = (inside: string): string => `<rss version="2.0" ${NAMESPACES}><channel>${inside}</channel></rss>`;
const itemOf = async (inside: string): Promise<ParsedDocument['items'][number] | undefined> =>
  (await read(channel(`<item>${inside}</item>`))).items[0];

const episode = '<enclosure url="https://proxy.example/count/7.mp3" length="9" type="audio/mpeg"/>';

test.each([
  [
    'the address that a counting proxy replaced is the enclosure',
    `${episode}<feedburner:origEnclosureLink>https://gazette.example/7.mp3</feedburner:origEnclosureLink>`,
    { media: [expect.objectContaining({ url: 'https://gazette.example/7.mp3', length: 9, enclosure: true })] },
  ],
  [
    'of two enclosures neither is replaced: nobody says which one it was',
    `${episode}<enclosure url="/b.mp3"/><feedburner:origEnclosureLink>/7.mp3</feedburner:origEnclosureLink>`,
    { media: [{ url: 'https://proxy.example/count/7.mp3' }, { url: 'https://gazette.example/b.mp3' }] },
  ],
  [
    'an enclosure is described by what stands inside it',
    '<enclosure url="/pier.jpg" type="image/jpeg"><media:title>The pier</media:title><media:credit>Ada Lund</media:credit></enclosure>',
    { media: [{ url: 'https://gazette.example/pier.jpg', title: 'The pier', credit: 'Ada Lund' }] },
  ],
  [
    'a peer link is a file to fetch',
    '<media:peerLink type="application/x-bittorrent" href=" /tide.torrent "/><media:group><media:peerLink href="/b.torrent"/><media:peerLink href=" "/></media:group>',
    {
      media: [
        { url: 'https://gazette.example/tide.torrent', type: 'application/x-bittorrent' },
        { url: 'https://gazette.example/b.torrent' },
      ],
    },
  ],
  [
    'a name that is marked up is read whole',
    '<author>by <a rel="author" href="/ada">Ada Lund</a></author>',
    { authors: [{ name: 'by Ada Lund' }] },
  ],
  [
    'what an author is besides a name is no part of it',
    '<author><name>Ada Lund</name><post>Harbour desk</post></author>',
    { authors: [{ name: 'Ada Lund' }] },
  ],
  [
    'the subject of a mail is no name',
    '<author>desk@gazette.example?subject=Your%20feed</author>',
    { authors: [{ email: 'desk@gazette.example' }] },
  ],
  [
    'the longer of two podcast descriptions is the summary',
    '<itunes:subtitle>Short</itunes:subtitle><googleplay:description>At length</googleplay:description>',
    { summary: 'At length' },
  ],
  [
    'units behind numbers are no harm',
    '<enclosure url="/a.mp3" length="1200 bytes"/><media:content url="/b.mp4" height="720px" duration="90 seconds"/>',
    { media: [{ length: 1200 }, { height: 720, duration: 90 }] },
  ],
  [
    'dates of the older Atom count in RSS too',
    '<echo:issued>2007-01-11T16:00:00Z</echo:issued><echo:modified>2007-01-12T16:00:00Z</echo:modified>',
    { published: '2007-01-11T16:00:00.000Z', updated: '2007-01-12T16:00:00.000Z' },
  ],
])('in an item, %s', async (_name, inside, wanted) => {
  const item = await itemOf(inside);
  expect(item).toMatchObject(wanted);
});

test('words where the address of the comments belongs give none', async () => {
  expect((await itemOf('<comments>no comments yet</comments>'))?.comments).toBeUndefined();
});

test('the channel has the picture and the keywords that Media RSS gives it', async () => {
  const said = '<media:keywords>harbour, news</media:keywords>';
  const { feed } = await read(channel(`${said}<media:thumbnail url="/small.png"/>`));
  expect(feed.categories.map(({ term }) => term)).toEqual(['harbour', 'news']);
  expect(feed.image).toBe('https://gazette.example/small.png');
  const film = '<media:content url="/film.mp4" type="video/mp4"/>';
  const other = await read(channel(`${film}<media:content url="/still.png" type="image/png"/>`));
  expect(other.feed.image).toBe('https://gazette.example/still.png');
});

test('an empty item inside an item does not end it', async () => {
  const inside = '<title>One</title><item /><link>https://gazette.example/1</link>';
  const { items } = await read(channel(`<item>${inside}</item><item><title>Two</title></item>`));
  expect(items).toMatchObject([{ title: 'One', url: 'https://gazette.example/1' }, { title: 'Two' }]);
});

test('CDATA without its end costs one text, not the items behind it', async () => {
  const items = ['One', '<![CDATA[Two', 'Three'].map((title) => `<item><title>${title}</title></item>`);
  const document = await read(channel(items.join('')));
  expect(document.items.map(({ title }) => title)).toEqual(['One', 'Two', 'Three']);
  expect(document.problems.map(({ code }) => code)).toContain('unclosed-element');
});

test('a document that nobody gave an address is beside the one it names itself, or else beside its home page', async () => {
  const self = '<link rel="self" href="https://gazette.example/news/feed"/><link href="../"/>';
  const entry = '<entry><link href="1"/></entry>';
  const named = await read(`<feed xmlns="http://www.w3.org/2005/Atom">${self}${entry}</feed>`, '');
  expect(named.feed.homeUrl).toBe('https://gazette.example/');
  expect(named.items[0]?.url).toBe('https://gazette.example/news/1');
  const home = '<link href="https://gazette.example/"/>';
  const other = await read(`<feed xmlns="http://www.w3.org/2005/Atom">${home}${entry}</feed>`, '');
  expect(other.items[0]?.url).toBe('https://gazette.example/1');
  const logo = '<link>https://gazette.example/</link><image><url>/logo.png</url></image>';
  expect((await read(channel(logo), '')).feed.image).toBe('https://gazette.example/logo.png');
});

test.each([
  ['one author instead of a list', { authors: { name: 'Ada Lund' } }, [{ name: 'Ada Lund' }]],
  [
    'the same author twice',
    { authors: [{ name: 'Ada' }, { name: 'Bo' }, { name: 'Ada' }] },
    [{ name: 'Ada' }, { name: 'Bo' }],
  ],
  [
    'a mail address as an address',
    { author: { url: 'mailto:ada@gazette.example?subject=Hello' } },
    [{ email: 'ada@gazette.example', url: 'mailto:ada@gazette.example?subject=Hello' }],
  ],
])('JSON may name %s', async (_name, item, authors) => {
  const { items } = await read(JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', items: [item] }));
  expect(items[0]?.authors).toEqual(authors);
});

test('numbers that JSON does not have are no numbers', async () => {
  const text =
    '{"items": [{"id": NaN, "title": "NaN stays here", "attachments": [{"url": "/a.mp3", "size_in_bytes": -Infinity}]}]}';
  const { items, problems } = await read(text);
  expect(items).toMatchObject([{ title: 'NaN stays here', media: [{ url: 'https://gazette.example/a.mp3' }] }]);
  expect(items[0]?.id).toBeUndefined();
  expect(problems.map(({ code }) => code)).toContain('broken-json');
});

test.each([
  ['Mon, 03/30/2020 - 19:19', '2020-03-30T19:19:00.000Z'],
  ['10/30/23 21:55:58', '2023-10-30T21:55:58.000Z'],
  ['23/10/30', undefined],
  // Only the eleventh of April was a Saturday, only the fourth of November a Wednesday.
  ['Sat, 11 04 2020 08:51:49 +0100', '2020-04-11T07:51:49.000Z'],
  ['Wed, 11/04/2020', '2020-11-04T00:00:00.000Z'],
  ['Sun, 11/04/2020', undefined],
  ['11/04/2020', undefined],
])('numbers and a weekday: %s is %s', (text, expected) => expect(parseDate(text)).toBe(expected));
