/** What addresses tell of feeds. */
import fc from 'fast-check';
import { addressSpellings, isAboutComments, looksLikeFeed, siteHost } from './feed-address.js';

it.each([
  'https://gazette.example/feed.xml',
  'https://gazette.example/news.rss',
  'https://gazette.example/feed/',
  'https://gazette.example/blog/atom',
  'https://gazette.example/?feed=rss2',
  'https://gazette.example/feed.json?lang=en',
])('takes %s for a feed', (url) => expect(looksLikeFeed(url)).toBe(true));

it.each([
  'https://gazette.example/',
  'https://gazette.example/feeds',
  'https://gazette.example/about-rss',
  'https://gazette.example/index.html',
  'https://gazette.example/rss.html',
  'what',
])('does not take %s for a feed', (url) => expect(looksLikeFeed(url)).toBe(false));

it('knows the spellings of one address, the given one first', () => {
  expect(addressSpellings('https://www.gazette.example/feed#x')).toEqual([
    'https://www.gazette.example/feed',
    'http://gazette.example/feed',
    'http://gazette.example/feed/',
    'http://www.gazette.example/feed',
    'http://www.gazette.example/feed/',
    'https://gazette.example/feed',
    'https://gazette.example/feed/',
    'https://www.gazette.example/feed/',
  ]);
  expect(addressSpellings('http://127.0.0.1:8080/feed')).toEqual([
    'http://127.0.0.1:8080/feed',
    'http://127.0.0.1:8080/feed/',
  ]);
  expect(addressSpellings('mailto:a@gazette.example')).toEqual([]);
});

it('finds every spelling of an address from any of them', () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true }), (url) => {
      const all = addressSpellings(url);
      expect(all.length).toBeLessThanOrEqual(9);
      for (const each of all.slice(1)) expect(all).toEqual(expect.arrayContaining(addressSpellings(each)));
    }),
  );
});

it('knows whose a host is, and what speaks of comments', () => {
  expect(siteHost('https://www.Gazette.example:8443/x')).toBe('gazette.example');
  expect(siteHost('https://www.example')).toBe('www.example');
  expect(siteHost('nothing')).toBeNull();
  expect(isAboutComments('https://gazette.example/comments/feed')).toBe(true);
  expect(isAboutComments(undefined, 'Kommentare zu: Hafenblatt')).toBe(true);
  expect(isAboutComments('https://gazette.example/feed', 'Gazette')).toBe(false);
});
