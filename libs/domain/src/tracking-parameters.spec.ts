import fc from 'fast-check';
import { withoutTrackers } from './tracking-parameters.js';

test.each([
  ['https://gazette.example/a?utm_source=rss&utm_medium=feed', 'https://gazette.example/a'],
  ['https://gazette.example/a?id=7&utm_source=rss&page=2', 'https://gazette.example/a?id=7&page=2'],
  ['https://gazette.example/a?UTM_Source=rss#part-2', 'https://gazette.example/a#part-2'],
  ['https://gazette.example/a?fbclid=IwAR0&q=a%20b+c', 'https://gazette.example/a?q=a%20b+c'],
  ['https://gazette.example/a#utm_source=rss&utm_campaign=x', 'https://gazette.example/a'],
  ['https://gazette.example/a#/route?utm_source=rss', 'https://gazette.example/a#/route?utm_source=rss'],
  ['https://gazette.example/a?ref=home', 'https://gazette.example/a?ref=home'],
  ['https://gazette.example/a?', 'https://gazette.example/a'],
  ['mailto:desk@gazette.example', 'mailto:desk@gazette.example'],
])('%s becomes %s', (url, expected) => expect(withoutTrackers(url)).toBe(expected));

test('an address without trackers stays as it was, and cleaning twice is cleaning once', () => {
  fc.assert(
    fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (url) => {
      const once = withoutTrackers(url);
      expect(withoutTrackers(once)).toBe(once);
      if (!/[?#]/.test(url)) expect(once).toBe(url);
    }),
  );
});
