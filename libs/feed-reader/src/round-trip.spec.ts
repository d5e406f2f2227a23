/** Feeds written by another library, in all three formats, come back as they went in. */
import fc from 'fast-check';
import { Feed } from 'feed';

import { readFeed } from './read-feed.js';

/** Headlines with every character that escaping gets wrong, short of what nobody can tell from markup. */
const headline = fc
  .array(
    fc.constantFrom(
      'Vote',
      'passes',
      '&',
      '<',
      '>',
      '"',
      "'",
      '1 < 2',
      'AT&T',
      'Vec<T>',
      'é',
      '中文',
      '😀',
      '—',
      '%',
      '$&',
      ']]',
      '{0}',
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((words) => words.join(' '));
const date = fc.integer({ min: 946_684_800, max: 2_000_000_000 }).map((seconds) => new Date(seconds * 1000));
const item = fc.record({
  title: headline,
  slug: fc.stringMatching(/^[a-z0-9]{1,12}$/),
  published: date,
  changed: date,
  content: headline.map(
    (text) =>
      `<p>${text.replace(/&/g, '&amp;').replace(/</g, '&lt;')} <a href="https://p.example/?a=1&amp;b=2">x</a></p>`,
  ),
  author: fc.constantFrom('Jane Doe', 'Müller & Söhne', 'O’Neil "Jim"'),
  tags: fc.uniqueArray(fc.constantFrom('EU', 'R&D', 'a < b', 'été'), { maxLength: 3 }),
});

it.each(['rss2', 'atom1', 'json1'] as const)('%s', async (format) => {
  await fc.assert(
    fc.asyncProperty(
      headline,
      fc.uniqueArray(item, { minLength: 1, maxLength: 5, selector: (each) => each.slug }),
      async (title, items) => {
        const feed = new Feed({
          id: 'https://p.example/',
          link: 'https://p.example/',
          title,
          copyright: 'All rights',
          feedLinks: {},
        });
        for (const each of items) {
          feed.addItem({
            title: each.title,
            id: `https://p.example/id/${each.slug}`,
            link: `https://p.example/${each.slug}?a=1&b=2`,
            date: each.changed,
            published: each.published,
            content: each.content,
            author: [{ name: each.author, email: 'a@p.example' }],
            category: each.tags.map((name) => ({ name, term: name, scheme: 'https://p.example/tags', domain: 'tags' })),
          });
        }
        const read = await readFeed(Buffer.from(feed[format]()), { contentType: null, url: 'https://p.example/feed' });
        expect(read.feed.title).toBe(title);
        expect(read.problems).toEqual([]);
        expect(
          read.items.map(({ title: name, id, url, published, content, authors, categories }) => ({
            name,
            id,
            url,
            published,
            content,
            author: authors[0]?.name,
            tags: categories.map(({ term }) => term),
          })),
        ).toEqual(
          items.map((each) => ({
            name: each.title,
            id: `https://p.example/id/${each.slug}`,
            url: `https://p.example/${each.slug}?a=1&b=2`,
            published: each.published.toISOString(),
            content: each.content,
            author: each.author,
            tags: each.tags,
          })),
        );
      },
    ),
    { numRuns: 100 },
  );
});
