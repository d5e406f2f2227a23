/** Budgets of hosts, and why a feed is fetched next when it is, through the API on a real database. */
import { sql } from 'kysely';
import { testConsole, type TestConsole } from '../../../../test/support/console.js';
import { feedDetailSchema } from './feed-detail.js';
import { hostPageSchema } from './hosts.schemas.js';

let hub: TestConsole;
beforeAll(async () => {
  hub = await testConsole();
});
afterAll(() => hub?.close());

const add = async (url: string): Promise<string> => (await hub.api('POST', '/feeds', { url })).body.id as string;

describe('/hosts', () => {
  it('lists hosts with their feeds, page by page', async () => {
    for (const url of ['https://b.example/1', 'https://b.example/2', 'https://a.example/', 'http://c.example:8080/'])
      await add(url);
    const first = await hub.api('GET', '/hosts?limit=2');
    expect(hostPageSchema.parse(first.body)).toEqual(first.body);
    expect(first.body.items).toMatchObject([
      { host: 'a.example', requestsPerMinute: null, connections: null, feeds: 1, deferred: 0 },
      { host: 'b.example', feeds: 2 },
    ]);
    const second = await hub.api('GET', `/hosts?limit=2&cursor=${first.body.nextCursor}`);
    expect(second.body).toMatchObject({ items: [{ host: 'c.example:8080' }], nextCursor: null });
  });

  it('gives a host limits of its own, and takes them back', async () => {
    const put = await hub.api('PUT', '/hosts/B.example', { requestsPerMinute: 600 });
    expect(put).toMatchObject({
      status: 200,
      body: { host: 'b.example', requestsPerMinute: 600, connections: hub.config.hostConnections, feeds: 2 },
    });
    expect((await hub.api('PUT', '/hosts/b.example', { requestsPerMinute: 0, connections: 9 })).body).toMatchObject({
      requestsPerMinute: 0,
      connections: 9,
    });
    expect((await hub.api('GET', '/hosts?limited=true')).body.items).toHaveLength(1);
    expect((await hub.api('DELETE', '/hosts/b.example')).status).toBe(204);
    expect((await hub.api('GET', '/hosts/b.example')).body).toMatchObject({ requestsPerMinute: null });
    expect((await hub.api('DELETE', '/hosts/b.example')).body).toMatchObject({
      type: 'urn:dateline:problem:not-found',
    });
    expect((await hub.api('GET', '/hosts/unknown.example')).status).toBe(404);
  });

  it.each([
    ['https%3A%2F%2Fb.example', { requestsPerMinute: 1 }],
    ['b.example%2Ffeed', { requestsPerMinute: 1 }],
    ['b.example', { requestsPerMinute: -1 }],
    ['b.example', { requestsPerMinute: 5, connections: 0 }],
    ['b.example', {}],
  ])('refuses %s with %j', async (host, body) => {
    expect((await hub.api('PUT', `/hosts/${host}`, body)).status).toBe(400);
  });
});

describe('GET /feeds/ID', () => {
  it('says why a feed is fetched next when it is, from the facts of its last fetch', async () => {
    const id = await add('https://why.example/feed');
    expect((await hub.api('GET', `/feeds/${id}`)).body).toMatchObject({
      nextFetchReasons: ['just added'],
      host: 'why.example',
      moving: null,
      formerUrl: null,
      pushUntil: null,
    });
    await sql`UPDATE feeds SET last_fetched_at = now(), schedule_hints = '{"ttlMinutes": 60}',
        answer_facts = '{"freshSeconds": 300}', item_spacing_seconds = 1200, newest_item_at = now() - interval '5 minutes',
        next_fetch_reason = 'every 60 min, as the feed asks (ttl)', moved_to = 'https://new.example/', moved_since = now(),
        moved_fetches = 2 WHERE id = ${id}`.execute(hub.database.db);
    const { body } = await hub.api('GET', `/feeds/${id}`);
    expect(feedDetailSchema.parse(body)).toEqual(body);
    expect(body.nextFetchReasons).toEqual([
      'every 60 min, as the feed asks (ttl)',
      'the server lets its answer be kept for 5 min (max-age): not longer than that, so it changes nothing',
      'new items came every 20 min, the last 5 min ago: what the feed asks for comes first',
      'up to 25 % later, so that feeds do not move in step',
    ]);
    expect(body.moving).toMatchObject({ to: 'https://new.example/', fetches: 2, note: null });
  });

  it.each([
    ['remote', 3, 'failed 3 times in a row: after 60 min'],
    ['ours', 0, 'trouble on our side: after 60 s'],
    ['backpressure', 0, 'the partner asks for fewer requests: after 30 min'],
  ])('explains a failure whose scope is %s', async (scope, failures, reason) => {
    const id = await add(`https://${scope}.example/feed`);
    await sql`UPDATE feeds SET last_fetched_at = now(), last_error_class = 'x', last_error = 'y', next_fetch_reason = ${reason},
        consecutive_failures = ${failures}, answer_facts = jsonb_build_object('scope', ${scope}::text)
      WHERE id = ${id}`.execute(hub.database.db);
    const { body } = await hub.api('GET', `/feeds/${id}`);
    expect((body.nextFetchReasons as string[]).slice(0, 2)).toEqual([
      reason,
      'while all is well: every 15 min, the default',
    ]);
    expect(body.lastError).toEqual({ class: 'x', message: 'y', scope });
  });
});
