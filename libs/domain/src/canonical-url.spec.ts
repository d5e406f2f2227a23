/** The canonical URL: a table of addresses of one page, and properties that hold for any address. */
import fc from 'fast-check';
import { canonicalUrl, isLandingPage } from './canonical-url.js';

const article = 'https://example.com/2026/11/storm-hits-coast';

describe('canonicalUrl', () => {
  it.each([
    ['itself', article],
    ['http', 'http://example.com/2026/11/storm-hits-coast'],
    ['default port', 'https://example.com:443/2026/11/storm-hits-coast'],
    ['http port on http', 'http://example.com:80/2026/11/storm-hits-coast'],
    ['www', 'https://www.example.com/2026/11/storm-hits-coast'],
    ['mobile host', 'https://m.example.com/2026/11/storm-hits-coast'],
    ['two mobile labels', 'https://m.www.example.com/2026/11/storm-hits-coast'],
    ['host in capitals, final dot', 'HTTPS://Example.COM./2026/11/storm-hits-coast'],
    ['user and password', 'https://user:pass@example.com/2026/11/storm-hits-coast'],
    ['fragment', `${article}#comments`],
    ['final slash', `${article}/`],
    ['double slash', 'https://example.com//2026/11//storm-hits-coast'],
    ['dot segments', 'https://example.com/2026/10/../11/./storm-hits-coast'],
    ['index file', `${article}/index.html`],
    ['utm', `${article}?utm_source=rss&utm_medium=feed&UTM_Campaign=x`],
    ['click ids', `${article}?fbclid=a&gclid=b&mc_eid=c`],
    ['analytics of broadcasters', `${article}?at_medium=RSS&at_campaign=KARANGA&ns_mchannel=rss`],
    ['amp path', `${article}/amp/`],
    ['amp prefix', 'https://example.com/amp/2026/11/storm-hits-coast'],
    ['amp host', 'https://amp.example.com/2026/11/storm-hits-coast'],
    ['amp parameter', `${article}?amp=1&outputType=amp`],
    ['amp suffix', `${article}.amp`],
    ['google amp', 'https://www.google.com/amp/s/www.example.com/2026/11/storm-hits-coast'],
    ['amp cache', 'https://www-example-com.cdn.ampproject.org/c/s/www.example.com/2026/11/storm-hits-coast'],
    ['escaped plain letters', 'https://example.com/2026/11/%73torm-hits-coast'],
    ['white space around', ` ${article}\n`],
  ])('%s', (_, url) => {
    expect(canonicalUrl(url)).toBe(article);
  });

  it.each([
    ['https://example.com/story?id=7&page=2', 'https://example.com/story?page=2&id=7', true],
    ['https://example.com/story?id=7', 'https://example.com/story?id=8', false],
    ['https://example.com/Story', 'https://example.com/story', false],
    ['https://example.com:8443/story', 'https://example.com/story', false],
    ['https://example.com/%C3%A9t%c3%a9', 'https://example.com/été', true],
    ['https://münchen.example/a-b', 'https://xn--mnchen-3ya.example/a-b', true],
    ['https://news.example.com/a-b', 'https://example.com/a-b', false],
    ['https://m.com/a-b', 'https://com/a-b', false],
    ['https://example.com/a.amp.html', 'https://example.com/a.html', true],
    ['https://example.com/#!/news/1', 'https://example.com/#!/news/2', false],
    ['https://example.com/app#/news/1', 'https://example.com/app#/news/2', false],
    ['https://www.example.com/#!/news/1/', 'https://example.com/#!/news/1', true],
    ['https://example.com/app#/', 'https://example.com/app', true],
    ['https://example.com/#!/news//1/?&', 'https://example.com/#!/news//1', true],
    ['https://example.com/#!/news//1', 'https://example.com/#!/news/1', false],
    ['https://example.com../a-b', 'https://example.com/a-b', true],
    ['https://example.com/a-b#ref=rss', 'https://example.com/a-b', true],
  ])('%s against %s: one page is %s', (a, b, same) => {
    expect(canonicalUrl(a) === canonicalUrl(b)).toBe(same);
  });

  it.each([
    '',
    'no url',
    'javascript:alert(1)',
    'data:text/html,x',
    'mailto:a@b.example',
    'ftp://a.example/x',
    '//x/y',
  ])('refuses %j', (url) => expect(canonicalUrl(url)).toBeNull());

  it('refuses what no address should be as long as', () => {
    expect(canonicalUrl(`https://example.com/${'x'.repeat(5_000)}`)).toBeNull();
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (url) => {
        const once = canonicalUrl(url);
        expect(once === null ? null : canonicalUrl(once)).toBe(once);
      }),
    );
  });
});

describe('isLandingPage', () => {
  it.each([
    'https://example.com/',
    'https://example.com/news',
    'https://example.com/de/sport',
    'https://example.com/world/europe',
    'https://example.com/2026/11',
    'https://example.com/tag/elections',
    'https://example.com/en',
    'https://example.com/sections/health/2026/11',
    'https://example.com/tag/elections-2026/page/2',
    'https://example.com/category/news/2026/11/page/2',
  ])('%s is shared by many items', (url) => expect(isLandingPage(url)).toBe(true));

  it.each([
    article,
    'https://example.com/a/17',
    'https://example.com/?p=123',
    'https://example.com/news/storm-hits-coast',
    'https://example.com/posts/hello',
    'https://example.com/item',
    'https://example.com/news/5',
    'https://example.com/articles/12',
    'https://example.com/sections/health/2026/11/20/1234567/storm-hits-coast',
    'https://example.com/#!/news/1',
  ])('%s may be one article', (url) => expect(isLandingPage(url)).toBe(false));
});
