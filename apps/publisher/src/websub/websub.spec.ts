/** The hub as websub.rocks tests hubs (its numbers in the names), on a real publisher, PostgreSQL and Redis. */
import { createHmac, randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import type { JobPublisher } from '#messaging/job-publisher.js';
import type { RedisSentinel } from '#messaging/redis-sentinel.js';
import type { RunningService } from '#service/start-service.js';
import { HubSubscriptionRepository } from '#storage/hub-subscription.repository.js';
import { uuidV7 } from '#storage/uuid.js';
import { sql } from 'kysely';
import { testConfig } from '../../../../test/support/config.js';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.js';
import { freePorts } from '../../../../test/support/free-ports.js';
import { addPartner, addStory, type TestPartner } from '../../../../test/support/published-stories.js';
import { until } from '../../../../test/support/until.js';
import { WebSubSubscriber } from '../../../../test/support/websub-subscriber.js';
import { startPublisher } from '../bootstrap.js';
import { EventsPublished } from '../webhooks/events-published.js';
import { SubscriberDispatcher } from './subscriber-dispatcher.js';
import { readHubRequest } from './subscription-request.js';
import { parseTopic } from './topic-address.js';
import { TopicPings } from './topic-pings.js';

let t: TestDatabase;
let publisher: RunningService;
let subscriber: WebSubSubscriber;
let partner: TestPartner;
let base: string;
let config: ReturnType<typeof testConfig>;

beforeAll(async () => {
  t = await testDatabase();
  const [port = 0] = await freePorts(1);
  base = `http://127.0.0.1:${port}`;
  config = testConfig(t.url, { publisherPort: port, publicUrl: base });
  publisher = await startPublisher(config, 'publisher');
  partner = await addPartner(t.database, { slug: 'wire' });
});
beforeEach(async () => {
  subscriber = await WebSubSubscriber.start();
});
afterEach(async () => {
  await t.database.db.deleteFrom('hub_subscriptions').execute();
  await subscriber.close();
});
afterAll(async () => {
  await publisher.close();
  await t.drop();
});

const topicOf = (format = 'atom') => `${base}/feeds/all.${format}`;
const ask = (fields: Record<string, string> = {}) =>
  fetch(`${base}/websub`, {
    method: 'POST',
    body: new URLSearchParams({
      'hub.mode': 'subscribe',
      'hub.topic': topicOf(),
      'hub.callback': `${subscriber.origin}/push?own=1`,
      ...fields,
    }),
  });
const rows = () => t.database.db.selectFrom('hub_subscriptions').selectAll().execute();
const settled = (what: string, found: (all: Awaited<ReturnType<typeof rows>>) => boolean) =>
  until(what, async () => found(await rows()));
const active = () => settled('it is active', (all) => all.some((row) => row.active && row.asked_mode === null));
async function publish(title = `News ${randomBytes(4).toString('hex')}`): Promise<string> {
  await addStory(t.database, { title, partners: [partner] });
  // As the fan-out leaves its events; the hint is lost, as with a kill, and the timer finds them.
  await sql`UPDATE events SET fanned_out_at = now() WHERE fanned_out_at IS NULL`.execute(t.database.db);
  return title;
}
const pushes = (number: number) => until(`${number} pushes`, () => Promise.resolve(subscriber.pushed.length >= number));

test.each([
  ['text/plain', 'hub.mode=subscribe', 415],
  ['application/json', '{"hub.mode"', 400],
  ['application/x-www-form-urlencoded', `hub.secret=${'x'.repeat(300_000)}`, 413],
])('says in plain text what is wrong with a body of %s', async (type, body, status) => {
  const response = await fetch(`${base}/websub`, { method: 'POST', headers: { 'content-type': type }, body });
  expect([response.status, response.headers.get('content-type')]).toEqual([status, 'text/plain; charset=utf-8']);
  expect(await response.text()).toMatch(/^[^{}]+\n$/);
});

test('100, 102: a subscription is verified, foreign parameters ignored, content pushed whole with one Link header', async () => {
  const response = await ask({ 'hub.lease_seconds': '5', foreign: 'parameter' });
  expect(response.status).toBe(202);
  await active();
  const [question] = subscriber.asked;
  expect(question?.searchParams.get('own')).toBe('1');
  expect(question?.searchParams.get('hub.topic')).toBe(topicOf());
  expect(question?.searchParams.get('hub.lease_seconds')).toBe('3600');
  const title = await publish();
  await pushes(1);
  const [push] = subscriber.pushed;
  expect(push?.headers['link']).toBe(`<${base}/websub>; rel="hub", <${topicOf()}>; rel="self"`);
  expect(push?.headers['content-type']).toBe('application/atom+xml; charset=utf-8');
  expect(push?.headers['x-hub-signature']).toBeUndefined();
  expect(push?.body.toString()).toContain(title);
});

test.each([
  ['101, 106: JSON', 'json', 'application/feed+json; charset=utf-8'],
  ['105: text', 'rss', 'application/rss+xml; charset=utf-8'],
])('%s is pushed in its own type, signed with the secret, which is not kept in the open', async (_n, format, type) => {
  await ask({ 'hub.topic': topicOf(format), 'hub.secret': 'a secret of theirs' });
  await active();
  await publish();
  await pushes(1);
  const [push] = subscriber.pushed;
  expect(push?.headers['content-type']).toBe(type);
  const signature = createHmac('sha256', 'a secret of theirs')
    .update(push?.body ?? '')
    .digest('hex');
  expect(push?.headers['x-hub-signature']).toBe(`sha256=${signature}`);
  expect((await rows())[0]?.secret_sealed?.toString('latin1')).not.toContain('a secret');
});

test('103, 104: who subscribes again gets one push; who unsubscribes none', async () => {
  await ask();
  await active();
  await ask({ 'hub.secret': 'later' });
  await settled('it is renewed', (all) => all[0]?.secret_sealed !== null && all[0]?.asked_mode === null);
  await publish();
  await settled('it was told', (all) => all[0]?.last_status === 204);
  expect(subscriber.pushed).toHaveLength(1);
  // A subscription of another callback shows when the round is over.
  await ask({ 'hub.callback': `${subscriber.origin}/other` });
  await settled('the other is active', (all) => all.length === 2 && all.every((row) => row.active));
  await ask({ 'hub.mode': 'unsubscribe' });
  await settled('it is gone', (all) => all.length === 1);
  await publish();
  await settled('the other was told', (all) => all[0]?.last_status === 204);
  expect(subscriber.pushed).toHaveLength(2);
});

test('a verification that fails changes nothing, and one that never was confirmed leaves nothing', async () => {
  await ask();
  await active();
  const [before] = await rows();
  subscriber.confirm = () => ({ status: 200, body: 'something else' });
  await ask({ 'hub.secret': 'not theirs' });
  await settled('it was refused', (all) => subscriber.asked.length === 2 && all[0]?.asked_mode === null);
  const [after] = await rows();
  expect([after?.secret_sealed, after?.lease_until]).toEqual([null, before?.lease_until]);
  await ask({ 'hub.callback': `${subscriber.origin}/stranger` });
  await until('it was asked', () => Promise.resolve(subscriber.asked.length === 3));
  await settled('the stranger is gone', (all) => all.length === 1);
});

test('410 ends it; another failure is tried again and keeps it', async () => {
  await ask();
  await active();
  subscriber.pushStatus = 500;
  await publish();
  await settled('it failed', (all) => all[0]?.failures === 1 && all[0].active);
  subscriber.pushStatus = 410;
  await settled('it is gone', (all) => all.length === 0);
});

test('after FLUSHALL and lost jobs, an update still arrives, once', async () => {
  await ask();
  await active();
  const redis = new Redis(config.redisUrl ?? '');
  const keys = await redis.keys(`*${config.redisPrefix}*`);
  await publish();
  if (keys.length > 0) await redis.del(...keys);
  await pushes(1);
  await settled('it is settled', (all) => all[0]?.taken_until === null && all[0].last_status === 204);
  await redis.quit();
  expect(subscriber.pushed).toHaveLength(1);
});

test('events that were fanned out are handed on at once, without the timer', async () => {
  await ask();
  await active();
  await publisher.close();
  const handedOn: unknown[] = [];
  const jobs = { publish: (_queue: string, some: unknown[]) => Promise.resolve(handedOn.push(...some) > 0) };
  const events = new EventsPublished();
  const flushes = { onFlush: () => undefined };
  // Not bootstrapped: its timer never starts.
  new SubscriberDispatcher(
    new HubSubscriptionRepository(t.database),
    jobs as unknown as JobPublisher,
    new TopicPings(config, new HubSubscriptionRepository(t.database)),
    events,
    flushes as unknown as RedisSentinel,
  );
  await publish();
  events.tell();
  await until('it is handed on', () => Promise.resolve(handedOn.length === 1));
  publisher = await startPublisher(config, 'publisher');
});

test('a lease is cut to what the site allows, and what has run out is pushed to no more and goes', async () => {
  await ask({ 'hub.lease_seconds': '999999999' });
  await active();
  expect(subscriber.asked[0]?.searchParams.get('hub.lease_seconds')).toBe(String(config.websubLeaseMaxSeconds));
  await t.database.db
    .updateTable('hub_subscriptions')
    .set({ lease_until: new Date(Date.now() - 1_000) })
    .execute();
  await publish();
  await settled('it is gone', (all) => all.length === 0);
  expect(subscriber.pushed).toHaveLength(0);
});

test('a ping by the address of a feed brings what changed without an event', async () => {
  await ask();
  await active();
  await t.database.db
    .updateTable('stories')
    .set({ title: `Renamed ${randomBytes(3).toString('hex')}` })
    .execute();
  await until('what changed is pushed', async () => {
    expect((await ask({ 'hub.mode': 'publish', 'hub.topic': topicOf(), 'hub.callback': '' })).status).toBe(202);
    return subscriber.pushed.length === 1;
  });
});

test('subscribers of a host that does not answer delay nobody else', async () => {
  const stuck = await WebSubSubscriber.start();
  for (let n = 0; n < 12; n++) await ask({ 'hub.callback': `${stuck.origin}/stuck/${n}` });
  await settled('all are active', (all) => all.length === 12 && all.every((row) => row.active));
  stuck.pushStatus = 0;
  await ask();
  await settled('the other is active too', (all) => all.length === 13 && all.every((row) => row.active));
  await publish();
  await pushes(1);
  // The stuck ones wait for their own host: no more of them are in hand than one host may have.
  const inHand = (await rows()).filter((row) => row.callback.includes('/stuck/') && row.taken_until !== null);
  expect(inHand.length).toBeLessThanOrEqual(8);
  expect(stuck.pushed.length).toBeLessThanOrEqual(8);
  await stuck.close();
});

test('those that keep a worker waiting share a few places, however many hosts they have; the others have theirs at once', async () => {
  const subscriptions = new HubSubscriptionRepository(t.database);
  await publisher.close();
  const kinds = {
    quick: {},
    slow: { slow: true },
    failing: { failures: 2 },
    new: { active: false, asked_mode: 'subscribe' as const },
  };
  const row = (kind: keyof typeof kinds, n: number) => ({
    ...{
      id: uuidV7(),
      topic: topicOf(),
      callback: `https://${kind}${n}.example/`,
      callback_host: `${kind}${n}.example`,
    },
    ...{ active: true, lease_until: new Date(Date.now() + 60_000), checked_seq: -1, next_at: new Date(0) },
    ...kinds[kind],
  });
  const all = Array.from({ length: 10 }, (_, n) =>
    (['slow', 'failing', 'new', 'quick'] as const).map((kind) => row(kind, n)),
  );
  await t.database.db.insertInto('hub_subscriptions').values(all.flat()).execute();
  const limits = { batch: 100, perHost: 8, careful: 5, patienceSeconds: 60 };
  const { claimed, isShort } = await subscriptions.claimDue(limits);
  const hosts = async (ids: string[]) =>
    (await rows()).filter(({ id }) => ids.includes(id)).map((one) => one.callback_host.replace(/\d.*/, ''));
  const inHand = await hosts(claimed.map(({ id }) => id));
  expect([inHand.filter((kind) => kind === 'quick').length, inHand.length, isShort]).toEqual([10, 15, true]);
  // Those in hand count.
  expect(await subscriptions.claimDue(limits)).toEqual({ claimed: [], isShort: true });
  await t.database.db.deleteFrom('hub_subscriptions').execute();
  expect(await subscriptions.claimDue(limits)).toEqual({ claimed: [], isShort: false });
  publisher = await startPublisher(config, 'publisher');
});

test('any number of pings is one look in five seconds, and none for what is no feed of ours', async () => {
  const looks: string[][] = [];
  const subscriptions = { lookAgain: (topics: string[]) => Promise.resolve(void looks.push(topics)) };
  const pings = new TopicPings(config, subscriptions as unknown as HubSubscriptionRepository);
  pings.add([topicOf(), `${base}/about`, 'https://elsewhere.example/feeds/all.atom']);
  await pings.lookAgain(1_000);
  for (let n = 0; n < 100; n++) {
    pings.add([topicOf('rss')]);
    await pings.lookAgain(1_000 + n * 40);
  }
  expect(looks).toEqual([[topicOf()]]);
  await pings.lookAgain(6_000);
  await pings.lookAgain(60_000);
  expect(looks).toEqual([[topicOf()], [topicOf('rss')]]);
});

test('whom the operator ends is told with hub.mode=denied', async () => {
  await ask();
  await active();
  const [mine] = await rows();
  await new HubSubscriptionRepository(t.database).deny(mine?.id ?? '');
  await settled('it is gone', (all) => all.length === 0);
  const told = subscriber.asked.at(-1)?.searchParams;
  expect([told?.get('hub.mode'), told?.get('hub.topic'), told?.has('hub.reason')]).toEqual(['denied', topicOf(), true]);
});

test('a host may not have subscriptions without end', async () => {
  const { host } = new URL(subscriber.origin);
  const rest = { topic: topicOf(), callback_host: host, active: true, checked_seq: 1_000_000, generation: 1 };
  const leaseUntil = new Date(Date.now() + 60_000);
  await t.database.db
    .insertInto('hub_subscriptions')
    .values(
      Array.from({ length: config.websubSubscriptionsPerHost }, (_each, n) => ({
        ...rest,
        id: uuidV7(),
        callback: `${subscriber.origin}/${n}`,
        lease_until: leaseUntil,
      })),
    )
    .execute();
  const refused = await ask();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
});

test('discovery: a feed names hub and self in its Link header and in its document', async () => {
  for (const [format, inside] of [
    ['atom', `href="${base}/websub"`],
    ['rss', `href="${base}/websub"`],
    ['json', `${base}/websub`],
  ] as const) {
    const response = await fetch(topicOf(format));
    expect(response.headers.get('link')).toContain(`<${base}/websub>; rel="hub", <${topicOf(format)}>; rel="self"`);
    expect(await response.text()).toContain(inside);
  }
});

test('a claim is begun once, is claimed anew when its worker died, and the dead one cannot write', async () => {
  const subscriptions = new HubSubscriptionRepository(t.database);
  const id = uuidV7();
  const mine = { id, topic: 'x', callback: 'x', callback_host: 'x', active: true, checked_seq: 1_000_000 };
  await t.database.db
    .insertInto('hub_subscriptions')
    .values({ ...mine, lease_until: new Date(Date.now() + 60_000), generation: 7 })
    .execute();
  const held = await subscriptions.begin({ id, generation: 7 }, 30);
  expect(held).toBeDefined();
  expect(await subscriptions.begin({ id, generation: 7 }, 30)).toBeUndefined();
  await t.database.db.updateTable('hub_subscriptions').set({ generation: 8, begun: false }).execute();
  if (held !== undefined) await subscriptions.settle(held, { last_status: 204 });
  expect((await rows())[0]?.last_status).toBeNull();
});

test('what is wrong is refused at once in plain text, a strange topic among it', async () => {
  const strange = await ask({ 'hub.topic': 'https://elsewhere.example/feed' });
  expect([strange.status, strange.headers.get('content-type')]).toEqual([404, 'text/plain; charset=utf-8']);
  expect((await ask({ 'hub.topic': `${base}/feeds/nothing.rss` })).status).toBe(404);
  expect((await ask({ 'hub.secret': 'x'.repeat(200) })).status).toBe(400);
  expect((await ask({ 'hub.callback': 'ftp://x.example/' })).status).toBe(400);
  expect((await ask({ 'hub.mode': 'publish', 'hub.url': topicOf() })).status).toBe(202);
});

test('a topic is the self link of a feed, letter by letter', () => {
  const site = 'https://hub.example';
  expect(parseTopic(`${site}/feeds/tag/topic/sea.json`, site)).toEqual({
    topic: { kind: 'tag', scheme: 'topic', slug: 'sea' },
    format: 'json',
  });
  for (const wrong of ['/feeds/all.rss?x=1', '/feeds/%zz.rss', '/feeds/a/b/c/d.rss', '/about', '/feeds/all.txt'])
    expect(parseTopic(site + wrong, site)).toBeUndefined();
  expect(readHubRequest({ 'hub.mode': ['subscribe', 'unsubscribe'] }).kind).toBe('wrong');
  const asked = { 'hub.mode': 'subscribe', 'hub.topic': topicOf(), 'hub.callback': 'https://reader.example/push' };
  expect(readHubRequest(asked).kind).toBe('subscription');
  for (const field of ['hub.topic', 'hub.callback'] as const)
    expect(readHubRequest({ ...asked, [field]: `${asked[field]}\0` }).kind).toBe('wrong');
});
