/** Adding, changing, refreshing and retiring feeds and partners through the API, on a real database. */
import { REFRESH_FEED, type RefreshFeedReply } from '#contracts/commands.js';
import { HubServerRedis } from '#messaging/redis-transport.js';
import { testConsole, type TestConsole } from '../../../../test/support/console.js';
import { startStopwatch } from '../../../../test/support/stopwatch.js';
import { seedStory } from '../../../../test/support/story-seed.js';
import { feedPageSchema, feedSchema } from './feeds.schemas.js';
import { partnerSchema } from './partners.schemas.js';

let hub: TestConsole;
beforeAll(async () => {
  hub = await testConsole();
});
afterAll(() => hub?.close());

describe('POST /feeds', () => {
  it('needs only a URL, and makes a partner from the host', async () => {
    const elapsed = startStopwatch();
    const { status, body } = await hub.api('POST', '/feeds', { url: 'https://www.gazette.example/feed.xml#latest' });
    expect(status).toBe(201);
    expect(elapsed()).toBeLessThan(8_000);
    expect(feedSchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      url: 'https://www.gazette.example/feed.xml',
      partner: { slug: 'gazette-example' },
      status: 'active',
      demo: false,
      lastError: null,
    });
    const again = await hub.api('POST', '/feeds', { url: 'HTTPS://WWW.gazette.example:443/feed.xml' });
    expect(again.status).toBe(409);
    expect(again.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(again.body).toMatchObject({ type: 'urn:dateline:problem:feed-already-here', id: body.id });
    const other = await hub.api('POST', '/feeds', { url: 'https://gazette.example/other.xml' });
    expect(other.body.partner.slug).toBe('gazette-example-2');
  });

  it('takes a partner by id, slug or name, and adds one that is unknown', async () => {
    const first = await hub.api('POST', '/feeds', {
      url: 'https://a.example/1',
      partner: 'Harbour Daily',
      title: 'Mine',
    });
    expect(first.body).toMatchObject({ title: 'Mine', partner: { slug: 'harbour-daily', name: 'Harbour Daily' } });
    const { partnerId } = first.body;
    for (const partner of [{ partner: 'harbour daily' }, { partner: 'harbour-daily' }, { partnerId }]) {
      const url = `https://a.example/${JSON.stringify(partner)}`;
      const { status, body } = await hub.api('POST', '/feeds', { url, ...partner, intervalSeconds: 1, paused: true });
      expect(status).toBe(201);
      expect(body).toMatchObject({ partnerId, intervalSeconds: 1, status: 'paused' });
    }
    expect((await hub.api('GET', `/feeds?partnerId=${partnerId}`)).body.items).toHaveLength(4);
    expect((await hub.api('GET', `/feeds?partnerId=${partnerId}&status=paused`)).body.items).toHaveLength(3);
  });

  it.each([
    [
      'no scheme',
      { url: 'a.example/feed' },
      'url: must begin with http:// or https://; did you mean https://a.example/feed?',
    ],
    ['another scheme', { url: 'ftp://a.example/feed' }, 'url: must begin with http:// or https://'],
    ['file', { url: 'file:///etc/passwd' }, 'url: must begin with http:// or https://'],
    ['no URL', { url: 'what' }, 'url: is not a URL'],
    ['a long one', { url: `https://a.example/${'a'.repeat(2_000)}` }, 'url: must have at most 2000 characters'],
    ['credentials', { url: 'https://me:secret@a.example/' }, 'url: must not carry a user name or password'],
    ['nothing', {}, 'url: must be a URL'],
    ['unknown field', { url: 'https://b.example/', intervall: 5 }, 'intervall: unknown "intervall"; known here: url,'],
    ['interval 0', { url: 'https://b.example/', intervalSeconds: 0 }, 'intervalSeconds: '],
    [
      'interval text',
      { url: 'https://b.example/', intervalSeconds: '5' },
      'intervalSeconds: must be a number, not string',
    ],
    [
      'unknown partner id',
      { url: 'https://b.example/', partnerId: '0198a6f5-2222-7000-8000-000000000000' },
      'partnerId: there is no such partner',
    ],
    [
      'partner twice',
      { url: 'https://b.example/', partner: 'x', partnerId: '0198a6f5-2222-7000-8000-000000000000' },
      'partner: give partnerId or partner',
    ],
  ])('refuses %s', async (_, body, detail) => {
    const answer = await hub.api('POST', '/feeds', body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ type: 'urn:dateline:problem:invalid-request', status: 400 });
    expect(answer.body.detail).toContain(detail);
    expect(answer.body.errors.length).toBeGreaterThan(0);
  });

  it('refuses what is no JSON or too much of it, in problem details', async () => {
    const post = (body: string, type = 'application/json') =>
      fetch(`${hub.url}/api/v1/feeds`, {
        method: 'POST',
        headers: { authorization: `Bearer ${hub.token}`, 'content-type': type },
        body,
      });
    for (const [response, status] of [
      [await post('{"url":'), 400],
      [await post(''), 400],
      [await post('[]'), 400],
      [await post('url=x', 'text/plain'), 400],
      [await post('<feed/>', 'application/xml'), 415],
      [await post(JSON.stringify({ url: 'x'.repeat(300_000) })), 413],
    ] as const) {
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(await response.json()).toMatchObject({ status });
    }
  });
});

describe('GET /feeds', () => {
  it('goes through all pages without losing or repeating one', async () => {
    for (let number = 0; number < 7; number += 1)
      await hub.api('POST', '/feeds', { url: `https://pages.example/${number}`, partner: 'Pages' });
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { status, body } = await hub.api('GET', `/feeds?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      const page = feedPageSchema.parse(body);
      expect(page.items.length).toBeLessThanOrEqual(3);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual([...seen].sort().reverse());
    expect(seen.length).toBeGreaterThanOrEqual(7);
  });

  it.each(['limit=0', 'limit=201', 'limit=x', 'cursor=nonsense', 'status=odd', 'colour=red'])(
    'refuses ?%s',
    async (query) => {
      const { status, body } = await hub.api('GET', `/feeds?${query}`);
      expect(status).toBe(400);
      expect(body.errors[0].path).toBe(query.split('=')[0]);
    },
  );

  it('answers 404 for a feed that is not there, 400 for what is no id', async () => {
    expect((await hub.api('GET', '/feeds/0198a6f5-2222-7000-8000-000000000000')).status).toBe(404);
    expect((await hub.api('GET', '/feeds/17')).status).toBe(400);
  });
});

describe('one feed', () => {
  it('can be changed, paused, retired and added again with its history', async () => {
    const { body: feed } = await hub.api('POST', '/feeds', { url: 'https://c.example/feed' });
    const change = (body: object) => hub.api('PATCH', `/feeds/${feed.id}`, body);
    expect((await change({ intervalSeconds: 60, paused: true })).body).toMatchObject({
      intervalSeconds: 60,
      status: 'paused',
    });
    expect((await change({ paused: false, intervalSeconds: null, title: 'Named' })).body).toMatchObject({
      intervalSeconds: null,
      status: 'active',
      title: 'Named',
      nextFetchReason: 'resumed by an operator',
    });
    expect((await change({ url: 'https://c.example/moved' })).body.url).toBe('https://c.example/moved');
    expect((await change({ url: 'https://www.gazette.example/feed.xml' })).status).toBe(409);
    expect((await hub.api('DELETE', `/feeds/${feed.id}`)).status).toBe(204);
    expect((await hub.api('GET', `/feeds/${feed.id}`)).body.status).toBe('retired');
    expect((await change({ paused: false })).status).toBe(409);
    expect((await hub.api('POST', `/feeds/${feed.id}/refresh`)).status).toBe(409);
    const again = await hub.api('POST', '/feeds', { url: 'https://c.example/moved' });
    expect(again.status).toBe(201);
    expect(again.body).toMatchObject({ id: feed.id, status: 'active', nextFetchReason: 'added again' });
  });

  it('is refreshed by the ingestor, and answers with the fetch', async () => {
    const { body: feed } = await hub.api('POST', '/feeds', { url: 'https://d.example/feed' });
    const { fetchId } = await seedStory(hub.database, { partnerId: feed.partnerId, feedId: feed.id });
    const ingestor = new HubServerRedis(hub.config);
    const reply: RefreshFeedReply = { done: true, fetchId };
    ingestor.addHandler(REFRESH_FEED, async () => reply);
    await new Promise<void>((resolve) => void ingestor.listen(() => resolve()));
    try {
      const { status, body } = await hub.api('POST', `/feeds/${feed.id}/refresh`);
      expect(status).toBe(200);
      expect(body).toMatchObject({ id: fetchId, outcome: 'changed', itemsNew: 1 });
    } finally {
      await ingestor.close();
    }
    expect((await hub.api('GET', `/feeds/${feed.id}/fetches`)).body.items).toHaveLength(1);
  });

  it('is only made due when no ingestor answers in ten seconds', async () => {
    const { body: feed } = await hub.api('POST', '/feeds', { url: 'https://e.example/feed' });
    const { status, body } = await hub.api('POST', `/feeds/${feed.id}/refresh`);
    expect(status).toBe(202);
    expect(body.detail).toContain('due now');
  });
});

describe('partners', () => {
  it('are added, changed and listed', async () => {
    const { status, body } = await hub.api('POST', '/partners', { name: 'Ærlig Avis', rights: { excerptOnly: true } });
    expect(status).toBe(201);
    expect(partnerSchema.parse(body)).toEqual(body);
    const changed = await hub.api('PATCH', `/partners/${body.id}`, { priority: 5, siteUrl: 'https://avis.example/' });
    expect(changed.body).toMatchObject({
      priority: 5,
      siteUrl: 'https://avis.example/',
      rights: { excerptOnly: true },
    });
    expect((await hub.api('GET', '/partners')).body.items[0].id).toBe(body.id);
    const taken = await hub.api('POST', '/partners', { name: 'Other', slug: body.slug });
    expect(taken.status).toBe(409);
    expect(taken.body.id).toBe(body.id);
  });
});

describe('two at the same moment', () => {
  it('get one address for one feed, and the other is told whose it is', async () => {
    const feeds = await Promise.all(
      ['one', 'two'].map((name) =>
        hub.api('POST', '/feeds', { url: `https://race.example/${name}.xml`, paused: true }),
      ),
    );
    const url = 'https://race.example/feed.xml';
    const answers = await Promise.all(feeds.map(({ body }) => hub.api('PATCH', `/feeds/${body.id}`, { url })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [won, lost] = answers.toSorted((a, b) => a.status - b.status);
    expect(lost?.body).toMatchObject({ type: 'urn:dateline:problem:feed-already-here', id: won?.body.id as string });
  });

  it('get one slug for one partner', async () => {
    const slug = `${'long-'.repeat(19)}slug`;
    const answers = await Promise.all([1, 2].map(() => hub.api('POST', '/partners', { name: 'Twin', slug })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const [made, refused] = answers.toSorted((a, b) => a.status - b.status);
    expect(made?.body.slug).toBe(slug);
    expect(refused?.body).toMatchObject({
      type: 'urn:dateline:problem:partner-already-here',
      id: made?.body.id as string,
    });
  });
});
