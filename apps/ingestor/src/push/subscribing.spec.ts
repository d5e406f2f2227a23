/** The whole ingestor asks hubs, good and bad, and is asked back. */
import { type PushRoom, pushRoom } from '../../../../test/support/push-room.js';
import { until } from '../../../../test/support/until.js';
import type { SeenSubscription } from '../../../../test/support/websub-hub.js';

let room: PushRoom;
beforeAll(async () => {
  room = await pushRoom();
});
afterAll(() => room?.close());

describe('finding and asking a hub', () => {
  test('hub and topic of the document are subscribed to, with a secret and an address that nobody can guess', async () => {
    const { feedId, asked, topic } = await room.subscribed();
    expect(Object.fromEntries(asked.form)).toMatchObject({
      'hub.mode': 'subscribe',
      'hub.topic': topic,
      'hub.lease_seconds': '864000',
      'hub.callback': expect.stringMatching(
        new RegExp(`^${room.callbackUrl}/websub/callbacks/[0-9a-f-]{36}/[\\w-]{43}$`),
      ),
      'hub.secret': expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(asked.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(await room.pushView(feedId)).toMatchObject({
      state: 'active',
      hub: `${room.hub.origin}/hub`,
      topic,
      leaseUntil: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      lastPushAt: null,
      reason: null,
    });
    // Nothing was pushed yet: polls are not put off.
    expect((await room.feedRow(feedId)).push_until).toBeNull();
  });

  test('Link headers do as well', async () => {
    const topic = `${room.hub.origin}/topic-of-header`;
    const feed = await room.addFeed({
      link: `<${room.hub.origin}/hub>; rel="hub", <${topic}>; rel="self"`,
      self: topic,
    });
    await room.inState(feed.feedId, 'active');
    expect(room.hub.askedFor(topic)).toHaveLength(1);
  });

  test.each([301, 302, 307, 308])('a hub that has moved (%d) is asked where it is', async (status) => {
    room.hub.answers.set(`/hub/moved-${status}`, (response) => response.writeHead(status, { location: '/hub' }).end());
    const { topic } = await room.subscribed({ hubPath: `/hub/moved-${status}` });
    expect(room.hub.askedFor(topic).map(({ path, form }) => [path, form.get('hub.mode')])).toEqual([
      [`/hub/moved-${status}`, 'subscribe'],
      ['/hub', 'subscribe'],
    ]);
  });

  test.each([
    ['/hub/no', 404, 'no such topic'],
    ['/hub/broken', 500, 'out of order'],
    ['/hub/gone', 410, 'closed'],
  ])('what %s says to it stands on the feed, and it is asked again later', async (path, status, words) => {
    room.hub.answers.set(path, (response) => response.writeHead(status).end(words));
    const { feedId } = await room.addFeed({ hubPath: path });
    const reason = `the hub answered ${status}: ${words}`;
    await until('the reason is there', async () => (await room.pushView(feedId))?.reason === reason);
    const [row] = await room.subscriptions(feedId);
    expect(row).toMatchObject({ state: 'waiting', failures: 1, last_error: reason });
    expect(row?.next_action_at?.getTime()).toBeGreaterThan(Date.now() + 50_000);
  });

  test('a hub that leads in a circle or inwards, and one that cannot call us, are left alone', async () => {
    room.hub.answers.set('/hub/loop', (response) => response.writeHead(307, { location: '/hub/loop' }).end());
    room.hub.answers.set('/hub/inwards', (response) =>
      response.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data/' }).end(),
    );
    const loop = await room.addFeed({ hubPath: '/hub/loop' });
    const inwards = await room.addFeed({ hubPath: '/hub/inwards' });
    const far = await room.addFeed({ link: '<https://hub.example/>; rel=hub', self: `${room.hub.origin}/far` });
    const reason = (feedId: string) =>
      until('there is a reason', async () => {
        const push = await room.pushView(feedId);
        return push?.state !== 'none' && (push?.reason ?? undefined);
      });
    expect(await reason(loop.feedId)).toContain('redirects more than 4');
    expect(room.hub.askedFor(loop.topic)).toHaveLength(5);
    expect(await reason(inwards.feedId)).toContain('169.254.169.254');
    expect(await reason(far.feedId)).toContain('set CALLBACK_URL');
    expect((await room.pushView(far.feedId))?.state).toBe('unreachable');
  });
});

describe('being asked back', () => {
  test('a wrong topic, a wrong mode, a wrong address and a replayed challenge are refused', async () => {
    room.hub.answers.set('/hub/silent', (response) => response.writeHead(202).end());
    const { feedId, topic } = await room.addFeed({ hubPath: '/hub/silent' });
    await room.inState(feedId, 'requested');
    const [asked] = room.hub.askedFor(topic) as [SeenSubscription];
    expect(await room.hub.verify(asked, { 'hub.topic': `${topic}?` })).toMatchObject({ status: 404, echoed: false });
    expect(await room.hub.verify(asked, { 'hub.mode': 'unsubscribe' })).toMatchObject({ status: 404 });
    expect(await room.hub.verify(asked, { 'hub.challenge': '' })).toMatchObject({ status: 404 });
    const callback = asked.form.get('hub.callback') ?? '';
    const guessed = new URLSearchParams([...asked.form, ['hub.callback', '']]);
    guessed.set('hub.callback', `${callback.slice(0, -2)}AA`);
    expect(await room.hub.verify({ ...asked, form: guessed })).toMatchObject({ status: 404 });
    expect((await room.subscriptions(feedId))[0]?.state).toBe('requested');
    expect(await room.hub.verify(asked)).toEqual({ status: 200, echoed: true });
    expect(await room.hub.verify(asked)).toMatchObject({ status: 404, echoed: false });
    expect((await fetch(callback, { method: 'PUT' })).status).toBe(405);
  });

  test('a hub that verifies before it answers is believed', async () => {
    room.hub.answers.set('/hub/sync', (response, seen) => {
      void room.hub.verify(seen).then(() => response.writeHead(204).end());
    });
    const { feedId } = await room.subscribed({ hubPath: '/hub/sync' });
    expect((await room.subscriptions(feedId))[0]).toMatchObject({ state: 'active', failures: 0 });
  });

  test.each([
    [1, 1, 5 * 60],
    [10 * 365 * 86_400, 30 * 86_400, 15 * 86_400],
  ])('a lease of %d s counts as %d s', async (granted, believed, renewedBy) => {
    room.hub.answers.set('/hub/lease', (response, seen) => {
      response.writeHead(202).end();
      void room.hub.verify(seen, { 'hub.lease_seconds': String(granted) });
    });
    const { feedId } = await room.addFeed({ hubPath: '/hub/lease' });
    const row = await room.inState(feedId, 'active');
    expect(Number(row.lease_until) - Date.now()).toBeLessThanOrEqual(believed * 1_000);
    expect(Number(row.lease_until) - Date.now()).toBeGreaterThan((believed - 30) * 1_000);
    expect(Number(row.next_action_at) - Date.now()).toBeLessThanOrEqual(renewedBy * 1_000);
    expect(Number(row.next_action_at) - Date.now()).toBeGreaterThan(renewedBy * 850);
  });

  test('a denial is taken, and tried again after a day', async () => {
    const { feedId, asked, push } = await room.subscribed();
    expect(await push(['two'])).toBe(204);
    await until('push is proven', async () => (await room.feedRow(feedId)).push_until !== null);
    const denial = { 'hub.mode': 'denied', 'hub.reason': 'too many subscribers' };
    expect(await room.hub.verify(asked, { ...denial, 'hub.topic': 'another' })).toMatchObject({ status: 404 });
    expect(await room.hub.verify(asked, denial)).toMatchObject({ status: 200 });
    expect(await room.pushView(feedId)).toMatchObject({
      state: 'denied',
      reason: 'the hub denies the subscription: too many subscribers',
    });
    expect((await room.feedRow(feedId)).push_until).toBeNull();
  });

  test('a subscription is renewed at its time, and stays in force meanwhile', async () => {
    const { feedId, topic } = await room.subscribed();
    const [before] = await room.subscriptions(feedId);
    await room.due(feedId);
    await until('it was asked again', () => room.hub.askedFor(topic).length === 2);
    await until(
      'it was renewed',
      async () => Number((await room.subscriptions(feedId))[0]?.lease_until) > Number(before?.lease_until),
    );
    expect((await room.subscriptions(feedId))[0]).toMatchObject({
      state: 'active',
      active_since: before?.active_since,
    });
  });
});
