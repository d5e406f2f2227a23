/** Whatever a partner writes: every feed stays well-formed, holds no element that is not ours, and gives everything back. */
import fc from 'fast-check';
import Parser from 'rss-parser';
import { cleanLine } from '#domain/clean-text.js';
import { readFeed } from '#feed-reader/read-feed.js';
import type { FullStory } from '#storage/published-story.repository.js';
import { fullStory } from '../../../../test/support/full-story.js';
import { all, only, parseXml, type XmlElement } from '../../../../test/support/xml-tree.js';
import { escapeMarkup, plainText } from './clean-value.js';
import type { FeedDocument } from './feed-document.js';
import { feedEntry } from './feed-entry.js';
import { writeAtom } from './write-atom.js';
import { writeJson } from './write-json.js';
import { writeRss } from './write-rss.js';

const RUNS = 150;

const nasty = fc.constantFrom(
  ']]>',
  ']]>]]>',
  '<![CDATA[',
  ']]></title><item><title>injected',
  '</entry><entry>',
  '<script>alert(1)</script>',
  '&amp;',
  '&amp;lt;',
  '&#0;',
  '"\'><x y="',
  '\u0000\u0008\u000b\u001f',
  '\ud83d',
  '\udc00',
  '👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  'عربي \u202e مقلوب',
  '\ufffe\uffff',
  '\r\n\t',
  '<!-- -->',
  '<?xml?>',
  '$& $1 $`',
  'x'.repeat(3_000),
);
const text = fc
  .array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ maxLength: 12 })), { maxLength: 6 })
  .map((parts) => parts.join(''));
const url = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.constantFrom(
    '/relative',
    '//host/x',
    'javascript:alert(1)',
    'data:text/html,x',
    'http://',
    '',
    'https://a.example/?q="<>&x=\'',
    'http://[bad',
  ),
  text,
);
const date = fc.oneof(
  fc.date({ min: new Date('1890-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }),
  fc.constant(new Date('2026-11-20T10:00:00Z')),
);

const media = fc.record(
  {
    url,
    type: fc.oneof(text, fc.constantFrom('image/jpeg', 'audio/mpeg')),
    length: fc.oneof(fc.integer(), fc.double()),
    width: fc.double(),
    credit: text,
    caption: text,
  },
  { requiredKeys: ['url'] },
);

const hostileStory: fc.Arbitrary<FullStory> = fc
  .record({
    id: fc.uuid({ version: 7 }),
    slug: fc.constantFrom('a', 'sea-wall', 'новый-год', 'نخيل'),
    title: text,
    summary: text,
    content: fc.oneof(
      text,
      text.map(
        (inner) => `<p><a href="${escapeMarkup(inner)}">x</a><img src="pic.png" alt="">${escapeMarkup(inner)}</p>`,
      ),
    ),
    language: fc.oneof(fc.constantFrom('en', 'ar', 'pt-BR', null), text),
    sourceName: text,
    sourceUrl: fc.option(url),
    sourceFeedUrl: fc.option(url),
    itemUrl: fc.option(url),
    sortAt: date,
    updatedAt: date,
    rights: fc.option(text),
    authors: fc.array(fc.record({ name: text, url, email: text }, { requiredKeys: [] }), { maxLength: 3 }),
    tags: fc.array(
      fc.record({
        scheme: fc.constantFrom('topic' as const, 'keyword' as const),
        name: text,
        slug: fc.constantFrom('sport', 'ёлка'),
      }),
      { maxLength: 4 },
    ),
    media: fc.array(media, { maxLength: 3 }),
    image: fc.option(
      fc.record({
        url,
        credit: fc.option(text),
        caption: fc.option(text),
        width: fc.option(fc.integer()),
        height: fc.constant(null),
      }),
    ),
  })
  .map((changes) => fullStory(changes as Partial<FullStory>));

const documents = fc
  .tuple(text, fc.uniqueArray(hostileStory, { maxLength: 8, selector: (story) => story.id }))
  .map(([title, stories]) => ({ stories, document: documentOf(title, stories) }));

function documentOf(title: string, stories: FullStory[]): FeedDocument {
  return {
    title: cleanLine(title, 200),
    description: plainText(title),
    homeUrl: 'https://news.test/?a=1&b=2',
    selfUrl: 'https://news.test/feeds/all.rss',
    siteName: cleanLine(title, 200),
    language: undefined,
    updated: new Date('2026-11-20T10:00:00Z'),
    entries: stories.map((story) => feedEntry(story, 'https://news.test')),
    hubs: [],
    gone: [],
    previousUrl: undefined,
    currentUrl: undefined,
  };
}

const ITEM_ELEMENTS = new Set(
  'title link guid pubDate description content:encoded category enclosure dc:creator dc:language dc:rights source atom:link media:content'.split(
    ' ',
  ),
);
const ENTRY_ELEMENTS = new Set(
  'title id link updated summary content author category published rights source media:content'.split(' '),
);

function expectOnly(element: XmlElement, names: Set<string>): void {
  for (const child of element.children) expect(names).toContain(child.name);
}

describe('hostile stories', () => {
  it('give well-formed RSS, and every value comes back', () => {
    fc.assert(
      fc.property(documents, ({ document }) => {
        const channel = only(parseXml(writeRss(document)), 'channel');
        expect(only(channel, 'title').text).toBe(document.title);
        const items = all(channel, 'item');
        expect(items).toHaveLength(document.entries.length);
        items.forEach((item, index) => {
          const entry = document.entries[index];
          if (entry === undefined) return;
          expectOnly(item, ITEM_ELEMENTS);
          expect(only(item, 'title').text).toBe(entry.title);
          expect(only(item, 'guid').text).toBe(entry.url);
          expect(all(item, 'description')[0]?.text ?? '').toBe(escapeMarkup(entry.summary));
          expect(all(item, 'content:encoded')[0]?.text ?? '').toBe(entry.content);
          expect(all(item, 'category').map((category) => category.text)).toEqual(entry.tags.map((tag) => tag.name));
          expect(all(item, 'dc:creator').map((creator) => creator.text)).toEqual(entry.authors.map(({ name }) => name));
          expect(all(item, 'enclosure').length).toBeLessThanOrEqual(1);
          for (const source of all(item, 'source')) expect(source.text).toBe(entry.source.name);
          expect(all(item, 'atom:link').map((link) => link.attributes)).toEqual(
            entry.originalUrl === undefined ? [] : [{ rel: 'via', href: entry.originalUrl }],
          );
        });
      }),
      { numRuns: RUNS },
    );
  });

  it('give well-formed Atom, and every value comes back', () => {
    fc.assert(
      fc.property(documents, ({ document }) => {
        const feed = parseXml(writeAtom(document));
        expect(only(feed, 'title').text).toBe(document.title);
        const entries = all(feed, 'entry');
        expect(entries).toHaveLength(document.entries.length);
        entries.forEach((element, index) => {
          const entry = document.entries[index];
          if (entry === undefined) return;
          expectOnly(element, ENTRY_ELEMENTS);
          expect(only(element, 'title').text).toBe(escapeMarkup(entry.title));
          expect(only(element, 'id').text).toBe(entry.url);
          expect(all(element, 'content')[0]?.text ?? '').toBe(entry.content);
          expect(all(element, 'category').map(({ attributes }) => attributes['label'])).toEqual(
            entry.tags.map((tag) => tag.name),
          );
          for (const link of all(element, 'link')) expect(link.attributes['href']).toMatch(/^https?:\/\//);
        });
        const updates = entries.map((entry) => only(entry, 'updated').text);
        expect(new Set(updates).size).toBe(updates.length);
      }),
      { numRuns: RUNS },
    );
  });

  it('give JSON Feed 1.1, and every value comes back', () => {
    fc.assert(
      fc.property(documents, ({ document }) => {
        const feed = JSON.parse(writeJson(document)) as { version: string; items: Record<string, unknown>[] };
        expect(feed.version).toBe('https://jsonfeed.org/version/1.1');
        feed.items.forEach((item, index) => {
          const entry = document.entries[index];
          expect(item['id']).toBe(entry?.url);
          expect(item['title'] ?? '').toBe(entry?.title);
          expect(item['tags']).toEqual(entry?.tags.map((tag) => tag.name));
          expect(typeof item['content_html']).toBe('string');
          expect(item).not.toHaveProperty('author');
        });
      }),
      { numRuns: RUNS },
    );
  });

  it('are read back by a feed reader, title and all', async () => {
    const title = 'AT&T ]]> <b>bold</b> &amp; "quotes" 👩‍👩‍👧 \ud83d';
    const document = documentOf('Feed', [
      fullStory({ title, tags: [{ scheme: 'topic', slug: 'x', name: 'R&D "<x>"' }] }),
    ]);
    const rss = await new Parser().parseString(writeRss(document));
    const atom = await new Parser().parseString(writeAtom(document));
    const expected = title.replace(/\ud83d$/, '\ufffd');
    expect(rss.items[0]?.title).toBe(expected);
    expect(rss.items[0]?.link).toBe(document.entries[0]?.url);
    expect(atom.items[0]?.title).toBe(escapeMarkup(expected));
    expect(rss.items[0]?.pubDate).toBe('Fri, 20 Nov 2026 10:00:00 GMT');
  });

  it("come back whole, ten thousand of them, through the reader that partners' feeds go through", async () => {
    // When a story changed is the hub's own word, not the partner's.
    const ours = hostileStory.map((story) => ({ ...story, updatedAt: new Date('2026-11-20T10:05:00Z') }));
    const stories = fc.sample(ours, { numRuns: 10_000, seed: 5 });
    const writers = { rss: writeRss, atom: writeAtom, json: writeJson };
    for (let from = 0; from < stories.length; from += 100) {
      const document = documentOf('Feed', stories.slice(from, from + 100));
      for (const [format, write] of Object.entries(writers)) {
        const bytes = Buffer.from(write(document));
        if (format !== 'json') parseXml(bytes.toString());
        const { items, problems } = await readFeed(bytes, { contentType: null, url: '' });
        expect([format, problems]).toEqual([format, []]);
        expect(items.map(({ id }) => id)).toEqual(document.entries.map(({ url: id }) => id));
      }
    }
  });
});
