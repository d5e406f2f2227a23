/** What a page's links are taken for, and that no page can hang or swell its reading. */
import { expectCpuBelow } from '../../../../test/support/cpu-time.js';
import { pageLinks } from './page-links.js';

const links = (html: string, url = 'https://gazette.example/news/today.html') =>
  pageLinks(Buffer.from(html), 'text/html; charset=utf-8', url).links;

it('finds what a page declares, whatever its spelling, relative to its base', () => {
  const html = `<!doctype html><HTML><head><base href="/blog/"><title>Gazette</title>
    <link REL="Alternate" type="application/rss+xml" href="feed.rss" title="Gazette &amp; Sons">
    <link rel='alternate' type=application/atom+xml href=/atom>
    <link rel="home alternate" type="application/feed+json; charset=utf-8" href="https://other.example/feed.json">
    <link rel="alternate" type="application/rdf+xml" href="?feed=rdf">
    <link rel=feed href=updates>
    <link rel="alternate" type="text/xml" href="index.xml">
    <link rel="alternate" hreflang="de" href="/de/"><link rel="alternate" type="text/html" href="/m/">
    <link rel="stylesheet alternate" type="application/rss+xml" href="style.rss">
  </head></HTML>`;
  expect(links(html)).toEqual([
    { url: 'https://gazette.example/blog/feed.rss', foundBy: 'link', title: 'Gazette & Sons' },
    { url: 'https://gazette.example/atom', foundBy: 'link' },
    { url: 'https://other.example/feed.json', foundBy: 'link' },
    { url: 'https://gazette.example/blog/?feed=rdf', foundBy: 'link' },
    { url: 'https://gazette.example/blog/updates', foundBy: 'link' },
    { url: 'https://gazette.example/blog/index.xml', foundBy: 'link' },
  ]);
});

it('takes links that look like feeds, behind what is declared, each once', () => {
  const html = `<a href="/about">About</a><a href="/feed/">Feed</a><a href="/news.rss#top">RSS</a><a href="feed:https://gazette.example/x.atom">A</a>
    <a href="/feed/">again</a><link rel=alternate type=application/rss+xml href=/news.rss>`;
  expect(links(html)).toEqual([
    { url: 'https://gazette.example/news.rss', foundBy: 'link' },
    { url: 'https://gazette.example/feed/', foundBy: 'anchor' },
    { url: 'https://gazette.example/x.atom', foundBy: 'anchor' },
  ]);
});

it('leaves scripts, comments and everything that is no web address', () => {
  const html = `<!-- <link rel=alternate type=application/rss+xml href=/hidden.rss> -->
    <script>document.write('<link rel="alternate" type="application/rss+xml" href="/script.rss">')</script>
    <link rel=alternate type=application/rss+xml href="javascript:alert(1)//feed.rss">
    <link rel=alternate type=application/rss+xml href="data:application/rss+xml,<rss/>">
    <link rel=alternate type=application/rss+xml href="file:///etc/feed.rss">
    <link rel=alternate type=application/rss+xml href="https://me:secret@gazette.example/feed.rss">
    <link rel=alternate type=application/rss+xml href="http://[broken/feed.rss">
    <link rel=alternate type=application/rss+xml href="">
    <link rel=alternate type=application/rss+xml href="/good.rss">`;
  expect(links(html)).toEqual([{ url: 'https://gazette.example/good.rss', foundBy: 'link' }]);
});

it.each([
  ['100,000 links', Array.from({ length: 100_000 }, (_, n) => `<a href="/${n}.rss">x</a>`).join('')],
  ['100,000 nested elements', `${'<div>'.repeat(100_000)}<link rel=alternate type=application/rss+xml href=/f.rss>`],
  ['a link with a million attributes', `<link ${'a=b '.repeat(400_000)} rel=alternate href=/f.rss>`],
  ['an address of a megabyte', `<a href="/${'x'.repeat(1_000_000)}.rss">`],
  ['a tag that never ends', `<link rel="${'alternate '.repeat(200_000)}`],
  ['nothing but brackets', '<'.repeat(2_000_000)],
  ['quotes that never close', '<a href="'.repeat(200_000)],
  ['a comment that never ends', `<!-- ${'<!--'.repeat(400_000)}`],
  ['20 MB of text', 'news '.repeat(4_000_000)],
  ['NUL bytes', '\u0000'.repeat(2_000_000)],
])('reads %s in time, and no more than 200 links', async (_, html) => {
  let found = 0;
  await expectCpuBelow(2_000, () => (found = links(html).length));
  expect(found).toBeLessThanOrEqual(200);
});
