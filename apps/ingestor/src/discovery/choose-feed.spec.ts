/** Which feed of a page is the one to add, and when the operator has to say. */
import type { ParsedDocument, ParsedFeed } from '#contracts/parsed-feed.js';
import { chooseFeed, type FoundFeed } from './choose-feed.js';

const PAGE = 'https://gazette.example/';

function found(
  url: string,
  facts: Partial<ParsedFeed> & { items?: string[]; foundBy?: FoundFeed['foundBy'] } = {},
): FoundFeed {
  const { items = [`${url}#1`, `${url}#2`], foundBy = 'link', ...feed } = facts;
  const document: ParsedDocument = {
    feed: { format: 'rss', hubs: [], authors: [], categories: [], schedule: {}, ...feed },
    items: items.map((each, index) => ({
      url: each,
      authors: [],
      categories: [],
      media: [],
      published: `2026-08-0${(index % 8) + 1}T08:00:00.000Z`,
    })),
    problems: [],
  };
  return { url, asked: url, foundBy, document };
}

it('takes the only feed, and says that it is', () => {
  const { best, choice, candidates } = chooseFeed([found('https://gazette.example/feed', { title: 'Gazette' })], PAGE);
  expect(best).toBe('https://gazette.example/feed');
  expect(choice).toContain('only feed');
  expect(candidates).toEqual([
    {
      url: 'https://gazette.example/feed',
      title: 'Gazette',
      format: 'rss',
      itemCount: 2,
      newestAt: '2026-08-02T08:00:00.000Z',
      foundBy: 'link',
      isComments: false,
      sameHost: true,
      otherFormats: [],
    },
  ]);
});

it('takes the main feed before the comments', () => {
  const { best, candidates } = chooseFeed(
    [found('https://gazette.example/comments/feed/'), found('https://gazette.example/feed/')],
    PAGE,
  );
  expect(best).toBe('https://gazette.example/feed/');
  expect(candidates.map(({ isComments }) => isComments)).toEqual([false, true]);
});

it('knows one feed in three formats, and prefers Atom', () => {
  const items = ['https://gazette.example/a', 'https://gazette.example/b', 'https://gazette.example/c'];
  const { best, candidates } = chooseFeed(
    [
      found('https://gazette.example/feed.json', { format: 'json', items }),
      found('https://gazette.example/rss', { items }),
      found('https://gazette.example/atom', { format: 'atom', items: items.slice(0, 2) }),
    ],
    PAGE,
  );
  expect(best).toBe('https://gazette.example/atom');
  expect(candidates).toHaveLength(1);
  expect(candidates[0]?.otherFormats).toEqual(['https://gazette.example/rss', 'https://gazette.example/feed.json']);
});

it('takes the feed that calls this page its home', () => {
  const feeds = [
    found('https://gazette.example/world.rss', { homeUrl: 'https://gazette.example/world' }),
    found('https://gazette.example/all.rss', { homeUrl: 'http://www.gazette.example' }),
  ];
  expect(chooseFeed(feeds, PAGE).best).toBe('https://gazette.example/all.rss');
});

it('takes the declared feed of the same host before linked ones elsewhere', () => {
  const feeds = [
    found('https://friends.example/feed.xml', { foundBy: 'anchor' }),
    found('https://gazette.example/feed.xml'),
  ];
  expect(chooseFeed(feeds, PAGE)).toMatchObject({ best: 'https://gazette.example/feed.xml' });
});

it('asks when several have the same claim', () => {
  const feeds = [found('https://gazette.example/sport.rss'), found('https://gazette.example/world.rss')];
  const { best, choice, candidates } = chooseFeed(feeds, PAGE);
  expect(best).toBeNull();
  expect(choice).toContain('2 feeds');
  expect(candidates.map(({ url }) => url)).toEqual(feeds.map(({ url }) => url));
});

it('counts an address that was found twice once', () => {
  const feeds = [found('https://gazette.example/feed'), found('https://gazette.example/feed', { foundBy: 'anchor' })];
  expect(chooseFeed(feeds, PAGE).candidates).toHaveLength(1);
  expect(chooseFeed([], PAGE)).toMatchObject({ best: null, candidates: [] });
});

it('takes no comments without asking while what the page is for did not answer', () => {
  const comments = found('https://gazette.example/comments/feed/');
  const main = { url: 'https://gazette.example/feed/', foundBy: 'link' } as const;
  const { best, choice, candidates } = chooseFeed([comments], PAGE, [main]);
  expect(best).toBeNull();
  expect(choice).toContain('https://gazette.example/feed/ did not answer');
  expect(candidates).toHaveLength(1);
  const other = { url: 'https://gazette.example/old/comments/feed/', foundBy: 'link' } as const;
  expect(chooseFeed([comments], PAGE, [other]).best).toBe('https://gazette.example/comments/feed/');
  expect(chooseFeed([comments, found(main.url)], PAGE, [other]).best).toBe(main.url);
});
