import { homeKey, speaksFor } from './home-key.js';

test.each([
  ['https://www.Gazette.example/politics/', 'gazette.example'],
  ['http://gazette.example./', 'gazette.example'],
  ['https://gazette.example:8443/', 'gazette.example:8443'],
  ['https://medium.com/@harbour/stories', 'medium.com/@harbour'],
  ['https://www.youtube.com/', null],
  ['mailto:desk@gazette.example', null],
  ['not an address', null],
  [`https://${'a'.repeat(3_000)}.gazette.example/`, null],
  [`https://medium.com/${'a'.repeat(3_000)}`, null],
])('%s is the site %s', (home, key) => expect(homeKey(home)).toBe(key));

test.each([
  ['https://gazette.example/rss', 'https://www.gazette.example/', true],
  ['https://feeds.gazette.example/sport.xml', 'https://gazette.example/sport', true],
  ['https://gazette.example/blog.xml', 'https://blog.gazette.example/', true],
  ['https://medium.com/feed/@harbour', 'https://medium.com/@harbour', false],
  ['https://medium.com/@harbour/feed', 'https://medium.com/@harbour', true],
  // A tenant of a blog host is not the host; nobody is the Gazette by saying so.
  ['https://evil.blogs.example/feed', 'https://blogs.example/', false],
  ['https://evil.example/feed', 'https://gazette.example/', false],
  ['https://notgazette.example/feed', 'https://gazette.example/', false],
  ['https://feeds.feedburner.com/gazette', 'https://gazette.example/', false],
  ['http://127.0.0.1:8001/feed', 'http://127.0.0.1:8002/', false],
  ['http://localhost/feed', 'http://news.localhost/', false],
])('a feed at %s speaks for %s: %s', (feed, home, expected) => expect(speaksFor(feed, home)).toBe(expected));
