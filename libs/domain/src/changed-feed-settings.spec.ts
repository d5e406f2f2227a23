import { changedFeedSettings, credentialsAreFor, type FeedSettings } from './changed-feed-settings.js';

const AT = { feedUrl: 'https://gazette.example/feed.xml', now: new Date('2026-08-01T09:30:00Z') };
const NONE: FeedSettings = { open: {}, secret: {} };

test('secrets go one way and what may be shown the other', () => {
  const settings = changedFeedSettings(
    NONE,
    {
      credentials: { kind: 'basic', username: 'hub', password: 'swordfish' },
      proxy: { url: 'http://proxy.example:3128/', username: 'out', password: 'tuna' },
    },
    AT,
  );
  expect(settings.open).toEqual({
    credentials: { kind: 'basic', setAt: '2026-08-01T09:30:00.000Z', origin: 'https://gazette.example' },
    proxy: { url: 'http://proxy.example:3128/', authenticated: true },
  });
  expect(settings.secret).toEqual({
    credentials: { kind: 'basic', username: 'hub', password: 'swordfish' },
    proxyUser: { username: 'out', password: 'tuna' },
  });
});

test('absent fields stay, null and defaults take away', () => {
  const all = changedFeedSettings(
    NONE,
    {
      credentials: { kind: 'bearer', token: 'swordfish' },
      userAgent: 'Reader/1',
      proxy: { url: 'http://proxy.example:3128/', username: 'out' },
      allowInvalidCertificate: true,
      stripTrackers: true,
      fullText: true,
      ca: 'PEM',
      rules: [{ action: 'block', field: 'title', operator: 'contains', value: 'x' }],
    },
    AT,
  );
  expect(changedFeedSettings(all, {}, AT)).toEqual(all);
  expect(changedFeedSettings(all, { proxy: { url: 'http://proxy.example:3128/' } }, AT)).toMatchObject({
    open: { proxy: { authenticated: false } },
    secret: { credentials: { kind: 'bearer' } },
  });
  expect(
    changedFeedSettings(
      all,
      {
        ...{ credentials: null, userAgent: null, proxy: null, allowInvalidCertificate: false },
        ...{ stripTrackers: null, fullText: false, ca: null, rules: [] },
      },
      AT,
    ),
  ).toEqual(NONE);
});

test.each([
  ['https://a.example', 'https://a.example/other.xml', true],
  ['http://a.example', 'https://a.example/feed', true],
  ['https://a.example', 'http://a.example/feed', false],
  ['https://a.example', 'https://b.example/feed', false],
  ['http://a.example:8080', 'https://a.example:8443/feed', false],
])('credentials given at %s go to %s: %s', (origin, url, expected) =>
  expect(credentialsAreFor(origin, url)).toBe(expected),
);
