/** The whole ingestor against hubs, good and bad: subscribing, being asked back, being pushed to, falling back. */
import { request as httpRequest } from 'node:http';
import { once } from 'node:events';
import type { RunningService } from '#service/start-service.js';
import { FeedAdminRepository } from '#storage/feed-admin.repository.js';
import { FeedRepository } from '#storage/feed.repository.js';
import { FollowedHubRepository } from '#storage/followed-hub.repository.js';
import { testConfig } from '../../../../test/support/config.js';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.js';
import { freePorts } from '../../../../test/support/free-ports.js';
import { until } from '../../../../test/support/until.js';
import { atomDocument, type SeenSubscription, WebSubHub } from '../../../../test/support/websub-hub.js';
import { startIngestor } from '../bootstrap.js';

let t: TestDatabase;
let hub: WebSubHub;
let ingestor: RunningService;
let callbackUrl: string;

beforeAll(async () => {
  t = await testDatabase();
  hub = await WebSubHub.start();
  const [port = 0] = await freePorts(1);
  callbackUrl = `http://127.0.0.1:${port}`;
  ingestor = await startIngestor(testConfig(t.url, { ingestorPort: port, callbackUrl }), 'ingestor');
});
afterAll(async () => {
  await ingestor?.close();
  await hub?.close();
  await t?.drop();
});

let number = 0;
/** A feed with a path of its own; what its document says, and the topic it names. */
async function addFeed(facts: { hubPath?: string; link?: string; self?: string; ids?: string[] } = {}) {
  const path = `/feed/${++number}`;
  const hubUrl = `${hub.origin}${facts.hubPath ?? '/hub'}`;
  const topic = facts.self ?? `${hub.origin}${path}`;
  const named = facts.link === undefined ? { hub: hubUrl, self: topic } : {};
  const serve = (...ids: string[]) =>
    hub.documents.set(path, {
      body: atomDocument({ ...named, ids: ids.map((id) => `${path}-${id}`) }),
      ...(facts.link === undefined ? {} : { link: facts.link }),
    });
  serve(...(facts.ids ?? ['one']));
  const url = `${hub.origin}${path}`;
  const { feedId } = await new FeedRepository(t.database).add({ url, newsWindowSeconds: 86_400 });
  return { feedId, path, topic, serve };
}
const feedRow = (id: string) =>
  t.database.db.selectFrom('feeds').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const subscriptions = (feedId: string) =>
  t.database.db.selectFrom('feed_subscriptions').selectAll().where('feed_id', '=', feedId).execute();
const items = async (feedId: string) =>
  (await t.database.db.selectFrom('items').select('identity_key').where('feed_id', '=', feedId).execute()).length;
const pushView = async (feedId: string) => (await new FeedAdminRepository(t.database).get(feedId))?.push;
const inState = (feedId: string, state: string) =>
  until(
    `the subscription is ${state}`,
    async () => (await pushView(feedId))?.state === state && (await subscriptions(feedId))[0],
  );
const due = (feedId: string) =>
  t.database.db
    .updateTable('feed_subscriptions')
    .set({ next_action_at: new Date() })
    .where('feed_id', '=', feedId)
    .execute();
const pollNow = async (feedId: string, path: string) => {
  const before = hub.polled.get(path) ?? 0;
  await new FeedAdminRepository(t.database).makeDue(feedId, 'test');
  await until(
    'it was polled',
    async () => (hub.polled.get(path) ?? 0) > before && (await feedRow(feedId)).enqueued_at === null,
  );
};
/** A feed whose subscription is active, and what the hub was asked. */
async function subscribed(facts: Parameters<typeof addFeed>[0] = {}) {
  const feed = await addFeed(facts);
  await inState(feed.feedId, 'active');
  const [asked] = hub.askedFor(feed.topic) as [SeenSubscription];
  const push = (ids: string[], options = {}) =>
    hub.push(asked, atomDocument({ ids: ids.map((id) => `${feed.path}-${id}`) }), options);
  return { ...feed, asked, push };
}

describe('finding and asking a hub', () => {
  test('hub and topic of the document are subscribed to, with a secret and an address that nobody can guess', async () => {
    const { feedId, asked, topic } = await subscribed();
    expect(Object.fromEntries(asked.form)).toMatchObject({
      'hub.mode': 'subscribe',
      'hub.topic': topic,
      'hub.lease_seconds': '864000',
      'hub.callback': expect.stringMatching(new RegExp(`^${callbackUrl}/websub/callbacks/[0-9a-f-]{36}/[\\w-]{43}$`)),
      'hub.secret': expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(asked.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(await pushView(feedId)).toMatchObject({
      state: 'active',
      hub: `${hub.origin}/hub`,
      topic,
      leaseUntil: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      lastPushAt: null,
      reason: null,
    });
    // Nothing was pushed yet: polls are not put off.
    expect((await feedRow(feedId)).push_until).toBeNull();
  });

  test('Link headers do as well', async () => {
    const topic = `${hub.origin}/topic-of-header`;
    const feed = await addFeed({ link: `<${hub.origin}/hub>; rel="hub", <${topic}>; rel="self"`, self: topic });
    await inState(feed.feedId, 'active');
    expect(hub.askedFor(topic)).toHaveLength(1);
  });

  test.each([301, 302, 307, 308])('a hub that has moved (%d) is asked where it is', async (status) => {
    hub.answers.set(`/hub/moved-${status}`, (response) => response.writeHead(status, { location: '/hub' }).end());
    const { topic } = await subscribed({ hubPath: `/hub/moved-${status}` });
    expect(hub.askedFor(topic).map(({ path, form }) => [path, form.get('hub.mode')])).toEqual([
      [`/hub/moved-${status}`, 'subscribe'],
      ['/hub', 'subscribe'],
    ]);
  });

  test.each([
    ['/hub/no', 404, 'no such topic'],
    ['/hub/broken', 500, 'out of order'],
    ['/hub/gone', 410, 'closed'],
  ])('what %s says to it stands on the feed, and it is asked again later', async (path, status, words) => {
    hub.answers.set(path, (response) => response.writeHead(status).end(words));
    const { feedId } = await addFeed({ hubPath: path });
    const reason = `the hub answered ${status}: ${words}`;
    await until('the reason is there', async () => (await pushView(feedId))?.reason === reason);
    const [row] = await subscriptions(feedId);
    expect(row).toMatchObject({ state: 'waiting', failures: 1, last_error: reason });
    expect(row?.next_action_at?.getTime()).toBeGreaterThan(Date.now() + 50_000);
  });

  test('a hub in a circle, one at a private address, and one that nobody can be are left alone', async () => {
    hub.answers.set('/hub/loop', (response) => response.writeHead(307, { location: '/hub/loop' }).end());
    const loop = await addFeed({ hubPath: '/hub/loop' });
    const hidden = await addFeed({ link: '<http://10.1.2.3/hub>; rel=hub', self: `${hub.origin}/hidden` });
    await until('it gave up', async () => (await pushView(loop.feedId))?.reason?.includes('redirects more than 4'));
    await until(
      'it is told apart',
      async () =>
        (await pushView(hidden.feedId))?.state === 'unreachable' || (await pushView(hidden.feedId))?.reason !== null,
    );
    expect(hub.askedFor(loop.topic)).toHaveLength(5);
    const view = await pushView(hidden.feedId);
    expect(view?.reason).toContain('set CALLBACK_URL');
  });
});

describe('being asked back', () => {
  test('a wrong topic, a wrong mode, a wrong address and a replayed challenge are refused', async () => {
    hub.answers.set('/hub/silent', (response) => response.writeHead(202).end());
    const { feedId, topic } = await addFeed({ hubPath: '/hub/silent' });
    await inState(feedId, 'requested');
    const [asked] = hub.askedFor(topic) as [SeenSubscription];
    expect(await hub.verify(asked, { 'hub.topic': `${topic}?` })).toMatchObject({ status: 404, echoed: false });
    expect(await hub.verify(asked, { 'hub.mode': 'unsubscribe' })).toMatchObject({ status: 404 });
    expect(await hub.verify(asked, { 'hub.challenge': '' })).toMatchObject({ status: 404 });
    const callback = asked.form.get('hub.callback') ?? '';
    const guessed = new URLSearchParams([...asked.form, ['hub.callback', '']]);
    guessed.set('hub.callback', `${callback.slice(0, -2)}AA`);
    expect(await hub.verify({ ...asked, form: guessed })).toMatchObject({ status: 404 });
    expect((await subscriptions(feedId))[0]?.state).toBe('requested');
    expect(await hub.verify(asked)).toEqual({ status: 200, echoed: true });
    expect(await hub.verify(asked)).toMatchObject({ status: 404, echoed: false });
    expect((await fetch(callback, { method: 'PUT' })).status).toBe(405);
  });

  test('a hub that verifies before it answers is believed', async () => {
    hub.answers.set('/hub/sync', (response, seen) => {
      void hub.verify(seen).then(() => response.writeHead(204).end());
    });
    const { feedId } = await subscribed({ hubPath: '/hub/sync' });
    expect((await subscriptions(feedId))[0]).toMatchObject({ state: 'active', failures: 0 });
  });

  test.each([
    [1, 1, 5 * 60],
    [10 * 365 * 86_400, 30 * 86_400, 15 * 86_400],
  ])('a lease of %d s counts as %d s', async (granted, believed, renewedBy) => {
    hub.answers.set('/hub/lease', (response, seen) => {
      response.writeHead(202).end();
      void hub.verify(seen, { 'hub.lease_seconds': String(granted) });
    });
    const { feedId } = await addFeed({ hubPath: '/hub/lease' });
    const row = await inState(feedId, 'active');
    expect(Number(row.lease_until) - Date.now()).toBeLessThanOrEqual(believed * 1_000);
    expect(Number(row.lease_until) - Date.now()).toBeGreaterThan((believed - 30) * 1_000);
    expect(Number(row.next_action_at) - Date.now()).toBeLessThanOrEqual(renewedBy * 1_000);
    expect(Number(row.next_action_at) - Date.now()).toBeGreaterThan(renewedBy * 850);
  });

  test('a denial is taken, and tried again after a day', async () => {
    const { feedId, asked, push } = await subscribed();
    expect(await push(['two'])).toBe(204);
    await until('push is proven', async () => (await feedRow(feedId)).push_until !== null);
    const denial = { 'hub.mode': 'denied', 'hub.reason': 'too many subscribers' };
    expect(await hub.verify(asked, { ...denial, 'hub.topic': 'another' })).toMatchObject({ status: 404 });
    expect(await hub.verify(asked, denial)).toMatchObject({ status: 200 });
    expect(await pushView(feedId)).toMatchObject({
      state: 'denied',
      reason: 'the hub denies the subscription: too many subscribers',
    });
    expect((await feedRow(feedId)).push_until).toBeNull();
  });

  test('a subscription is renewed at its time, and stays in force meanwhile', async () => {
    const { feedId, topic } = await subscribed();
    const [before] = await subscriptions(feedId);
    await due(feedId);
    await until('it was asked again', () => hub.askedFor(topic).length === 2);
    await until(
      'it was renewed',
      async () => Number((await subscriptions(feedId))[0]?.lease_until) > Number(before?.lease_until),
    );
    expect((await subscriptions(feedId))[0]).toMatchObject({ state: 'active', active_since: before?.active_since });
  });
});

describe('being pushed to', () => {
  test('what is pushed goes the way of what is fetched, and leaves the poll alone', async () => {
    const { feedId, push, path } = await subscribed();
    const before = await feedRow(feedId);
    expect(await push(['two'])).toBe(204);
    expect(await items(feedId)).toBe(2);
    const after = await feedRow(feedId);
    for (const field of [
      'etag',
      'last_modified',
      'title',
      'next_fetch_at',
      'next_fetch_reason',
      'last_fetch_id',
    ] as const)
      expect([field, after[field]]).toEqual([field, before[field]]);
    expect(after.body_hash?.equals(before.body_hash ?? Buffer.of())).toBe(true);
    expect(after.enqueued_at).toBeNull();
    const fetches = await t.database.db
      .selectFrom('fetches')
      .selectAll()
      .where('feed_id', '=', feedId)
      .orderBy('id')
      .execute();
    expect(fetches.map(({ kind, items_new, outcome }) => [kind, items_new, outcome])).toEqual([
      ['poll', 1, 'changed'],
      ['push', 1, 'changed'],
    ]);
    const batch = await t.database.db
      .selectFrom('item_batches')
      .selectAll()
      .where('fetch_id', '=', fetches[1]?.id ?? '')
      .execute();
    expect(batch).toHaveLength(1);
    await until(
      'push is proven',
      async () =>
        (await feedRow(feedId)).push_until?.getTime() === (await subscriptions(feedId))[0]?.lease_until?.getTime(),
    );
    expect((await pushView(feedId))?.lastPushAt).not.toBeNull();
    // Known by now: neither a repeated push nor the next poll stores it again.
    expect(await push(['two'])).toBe(204);
    hub.documents.set(path, {
      body: atomDocument({
        hub: `${hub.origin}/hub`,
        self: `${hub.origin}${path}`,
        ids: [`${path}-one`, `${path}-two`],
      }),
    });
    await pollNow(feedId, path);
    expect(await items(feedId)).toBe(2);
    expect((await subscriptions(feedId))[0]?.misses).toBe(0);
  });

  test.each(['sha1', 'sha256', 'sha384', 'sha512'])('%s signatures are accepted', async (method) => {
    const { feedId, push } = await subscribed();
    expect(await push(['two'], { method })).toBe(204);
    expect(await items(feedId)).toBe(2);
  });

  test('content without the right signature is ignored with success, and the feed says so', async () => {
    const { feedId, push } = await subscribed();
    expect(await push(['two'], { secret: 'guessed' })).toBe(202);
    expect(await push(['three'], { headers: {} })).toBe(202);
    expect(await push(['four'], { method: 'md5' })).toBe(202);
    expect(await items(feedId)).toBe(1);
    expect(await pushView(feedId)).toMatchObject({
      lastError: 'a push without the right signature was ignored',
      lastPushAt: null,
    });
    const metrics = await (await fetch(`${callbackUrl}/metrics`)).text();
    expect(metrics).toMatch(/dateline_push_received_total\{outcome="unsigned"\} 3/);
    expect(metrics).toMatch(/dateline_push_subscriptions\{state="active"\} \d+/);
  });

  test('many pushes at once are all stored, whatever poll is under way', async () => {
    const { feedId, push, path } = await subscribed();
    const polling = pollNow(feedId, path);
    const ids = Array.from({ length: 24 }, (_, index) => `many-${index}`);
    const statuses = await Promise.all(ids.map((id) => push([id])));
    for (const [index, status] of statuses.entries())
      if (status === 503)
        statuses[index] = await until('there is room', async () => (await push([`many-${index}`])) === 204 && 204);
    expect(new Set(statuses)).toEqual(new Set([204]));
    await polling;
    expect(await items(feedId)).toBe(25);
  });

  test('a body without end is cut off, and the process goes on', async () => {
    const { asked, push, feedId } = await subscribed();
    const endless = httpRequest(asked.form.get('hub.callback') ?? '', {
      method: 'POST',
      headers: { 'x-hub-signature': 'sha1=00' },
    });
    endless.on('error', () => undefined);
    const chunk = Buffer.alloc(256 * 1024, 'x');
    let sent = 0;
    const pour = () => {
      while (!endless.destroyed && sent < 64 * 1024 * 1024 && endless.write(chunk)) sent += chunk.length;
      if (!endless.destroyed) endless.once('drain', pour);
    };
    const answered = once(endless, 'response') as Promise<[{ statusCode: number }]>;
    pour();
    expect((await answered)[0].statusCode).toBe(413);
    endless.destroy();
    expect(sent).toBeLessThan(32 * 1024 * 1024);
    expect(await push(['two'])).toBe(204);
    expect(await items(feedId)).toBe(2);
  });

  test('what cannot be read is acknowledged and logged, and the feed is polled instead', async () => {
    const { feedId, asked, path } = await subscribed();
    await t.database.db
      .updateTable('feeds')
      .set({ last_fetched_at: new Date(Date.now() - 600_000) })
      .where('id', '=', feedId)
      .execute();
    const before = hub.polled.get(path) ?? 0;
    expect(await hub.push(asked, 'this is no feed', { contentType: 'text/plain' })).toBe(202);
    await until('it was polled', () => (hub.polled.get(path) ?? 0) > before);
    const [failed] = await t.database.db
      .selectFrom('fetches')
      .selectAll()
      .where('feed_id', '=', feedId)
      .where('kind', '=', 'push')
      .execute();
    expect(failed).toMatchObject({ outcome: 'failed', error_class: 'not-a-feed' });
  });

  test('who is not subscribed any more is told that it is gone', async () => {
    const { feedId, push } = await subscribed();
    await new FeedAdminRepository(t.database).retire(feedId);
    expect(await push(['two'])).toBe(410);
    expect(await items(feedId)).toBe(1);
  });
});

describe('falling back and leaving', () => {
  test('polls that find what was not pushed end the trust, then the subscription', async () => {
    const { feedId, push, path, serve } = await subscribed();
    expect(await push(['two'])).toBe(204);
    await until('push is proven', async () => (await feedRow(feedId)).push_until !== null);
    const misses: unknown[] = [];
    for (const id of ['three', 'four', 'five']) {
      serve('one', 'two', 'three', ...(id === 'three' ? [] : ['four']), ...(id === 'five' ? ['five'] : []));
      await pollNow(feedId, path);
      const seen = misses.length;
      misses.push(
        await until(
          'it is noticed',
          async () => ((await subscriptions(feedId))[0]?.misses ?? 0) > seen && (await feedRow(feedId)).push_until,
        ),
      );
    }
    expect(misses).toEqual([null, null, null]);
    expect(await pushView(feedId)).toMatchObject({
      state: 'broken',
      reason: 'the hub did not push what the last 3 polls found',
    });
    const [row] = await subscriptions(feedId);
    expect(row?.next_action_at?.getTime()).toBeGreaterThan(Date.now() + 3_500_000);
    // A push after all heals it.
    expect(await push(['six'])).toBe(204);
    await inState(feedId, 'active');
  });

  test('a feed that is paused leaves its hub, and comes back when it is resumed', async () => {
    const { feedId, topic } = await subscribed();
    const admin = new FeedAdminRepository(t.database);
    await admin.update(feedId, { paused: true });
    await until('the hub was told', () => hub.askedFor(topic, 'unsubscribe').length === 1, 30_000);
    await inState(feedId, 'ended');
    await admin.update(feedId, { paused: false });
    await until('the hub was asked again', () => hub.askedFor(topic).length === 2, 30_000);
    await inState(feedId, 'active');
  }, 70_000);

  test('a feed that names another hub leaves the first, but not more often than every hour', async () => {
    const { feedId, path, topic, asked } = await subscribed();
    const move = (to: string) =>
      hub.documents.set(path, {
        body: atomDocument({ hub: `${hub.origin}${to}`, self: topic, ids: [`${path}-${to}`] }),
      });
    move('/hub/second');
    await pollNow(feedId, path);
    expect((await pushView(feedId))?.hub).toBe(`${hub.origin}/hub`);
    await t.database.db
      .updateTable('feed_subscriptions')
      .set({ created_at: new Date(Date.now() - 3_700_000) })
      .where('feed_id', '=', feedId)
      .execute();
    move('/hub/second?');
    await pollNow(feedId, path);
    await until('only the second is left', async () => {
      const rows = await subscriptions(feedId);
      return rows.length === 1 && rows[0]?.hub === `${hub.origin}/hub/second?` && rows[0]?.state === 'active';
    });
    expect(hub.askedFor(topic, 'unsubscribe').map(({ path: at }) => at)).toEqual(['/hub']);
    expect(await hub.push(asked, atomDocument({ ids: ['late'] }))).toBe(410);
  });

  test('an operator can do without pushes, and want them again', async () => {
    const { feedId, topic, push } = await subscribed();
    const hubs = new FollowedHubRepository(t.database);
    expect(await hubs.want(feedId, false)).toBe(true);
    expect(await push(['two'])).toBe(410);
    await inState(feedId, 'off');
    expect(hub.askedFor(topic, 'unsubscribe')).toHaveLength(1);
    await hubs.want(feedId, true);
    await inState(feedId, 'active');
  });
});
