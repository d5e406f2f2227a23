/** What endpoints ask for shows in what they receive: their headers, their form, signatures through rotations, events of their own. */
import { createPublicKey, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.js';
import { HostileReceiver, type SeenRequest } from '../../../../test/support/hostile-receiver.js';
import { storyBody } from '../../../../test/support/story-events.js';
import { until } from '../../../../test/support/until.js';
import { testConfig } from '../../../../test/support/config.js';
import { WebhookRoom } from '../../../../test/support/webhook-room.js';
import { EndpointKeyRepository } from '#storage/endpoint-key.repository.js';
import { EndpointPingRepository } from '#storage/endpoint-ping.repository.js';
import { EventRepository } from '#storage/event.repository.js';
import { PartnerRepository } from '#storage/partner.repository.js';
import { webhookSchema } from '#contracts/webhook-schemas.js';
import { DeliveryDispatcher } from './delivery-dispatcher.js';

let store: TestDatabase;
let room: WebhookRoom;
let receiver: HostileReceiver;
let keys: EndpointKeyRepository;

beforeAll(async () => {
  store = await testDatabase();
  receiver = await HostileReceiver.start();
  const config = testConfig(store.url);
  room = await WebhookRoom.start(store, config);
  keys = new EndpointKeyRepository(store.database, config);
});
afterAll(async () => {
  await room.close();
  await receiver.close();
  await store.drop();
});
afterEach(async () => {
  await store.database.db.deleteFrom('endpoints').execute();
  receiver.seen.length = 0;
});

/** The webhooks that came to this path, once there are so many. */
const came = (path: string, count = 1): Promise<SeenRequest[]> =>
  until(`${count} at ${path}`, () => {
    const seen = receiver.at(path);
    return seen.length >= count ? seen : undefined;
  });
const fits = (secret: string, { body, headers }: SeenRequest): boolean => {
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
};
const signatures = ({ headers }: SeenRequest) => String(headers['webhook-signature']).split(' ');

test('own headers are sent and sealed at rest; ours stand beside them', async () => {
  const { id, secret } = await room.endpoint(
    `${receiver.origin}/ok`,
    {},
    { headers: { authorization: 'Bearer s3cr3t-of-theirs', 'x-tenant': 'news' } },
  );
  await room.relay([{}]);
  const [first] = await came('/ok');
  expect(first?.headers).toMatchObject({ authorization: 'Bearer s3cr3t-of-theirs', 'x-tenant': 'news' });
  expect(fits(secret, first as SeenRequest)).toBe(true);
  const row = await store.database.db.selectFrom('endpoints').selectAll().where('id', '=', id).executeTakeFirst();
  expect(row?.headers_sealed?.includes('s3cr3t')).toBe(false);
  expect(row?.header_names).toEqual(['authorization', 'x-tenant']);
  // A change reaches the next webhook: what was opened before is not trusted blindly.
  await room.endpoints.update(id, { headers: { 'x-tenant': null, 'x-other': 'b' } });
  await room.relay([{}]);
  const [, second] = await came('/ok', 2);
  expect(second?.headers).toMatchObject({ authorization: 'Bearer s3cr3t-of-theirs', 'x-other': 'b' });
  expect(second?.headers).not.toHaveProperty('x-tenant');
});

test('a thin body has ids and addresses; the full one of the same event is untouched', async () => {
  const story = storyBody({ title: 'A title that stays here' });
  await room.endpoint(`${receiver.origin}/ok`, {}, { bodyForm: 'thin' });
  await room.endpoint(`${receiver.origin}/ok-with-body`);
  await room.relay([{ story }]);
  const [thin] = await came('/ok');
  const [full] = await came('/ok-with-body');
  const { id, version, url } = story;
  const parsed: unknown = JSON.parse(thin?.body ?? '');
  expect(parsed).toMatchObject({ type: 'story.published', schemaVersion: 1, data: { story: { id, version, url } } });
  expect(webhookSchema('story.published', 'thin').strict().parse(parsed)).toBeTruthy();
  expect(thin?.body).not.toContain('stays here');
  expect((JSON.parse(full?.body ?? '') as { data: unknown }).data).toEqual({ story });
});

test('after a rotation both secrets verify and 0 seconds end the old one at once', async () => {
  const { id, secret } = await room.endpoint(`${receiver.origin}/ok`);
  const made = await keys.rotate(id, { overlapSeconds: 3_600, by: 'an operator' });
  const fresh = typeof made === 'object' ? (made.secret ?? '') : '';
  expect(fresh).toMatch(/^whsec_/);
  await room.relay([{}]);
  const [both] = (await came('/ok')) as [SeenRequest];
  expect([fits(fresh, both), fits(secret, both), signatures(both).length]).toEqual([true, true, 2]);

  // Leaked: everything from before ends at once.
  const ended = await keys.rotate(id, { overlapSeconds: 0, by: 'an operator' });
  const last = typeof ended === 'object' ? (ended.secret ?? '') : '';
  await room.relay([{}]);
  const [, alone] = (await came('/ok', 2)) as [SeenRequest, SeenRequest];
  expect([fits(last, alone), fits(fresh, alone), fits(secret, alone)]).toEqual([true, false, false]);
  expect((await keys.rotations(id, { limit: 10 })).map((one) => one.rotated_by)).toHaveLength(2);
});

test('an old key stops to the second, whether wiped or not, and five at once are too many', async () => {
  const { id, secret } = await room.endpoint(`${receiver.origin}/ok`);
  await keys.rotate(id, { overlapSeconds: 1, by: 'an operator' });
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await room.relay([{}]);
  const [first] = (await came('/ok')) as [SeenRequest];
  expect([signatures(first).length, fits(secret, first)]).toEqual([1, false]);
  await keys.forgetFormer();
  const row = await store.database.db
    .selectFrom('endpoints')
    .select(['former_keys_sealed', 'former_keys_until'])
    .where('id', '=', id)
    .executeTakeFirst();
  expect(row).toEqual({ former_keys_sealed: null, former_keys_until: null });
  for (let count = 0; count < 4; count++)
    expect(await keys.rotate(id, { overlapSeconds: 60, by: 'an operator' })).toHaveProperty('secret');
  expect(await keys.rotate(id, { overlapSeconds: 60, by: 'an operator' })).toBe('too-many');
  expect(await keys.rotate(id, { overlapSeconds: 0, by: 'an operator' })).toHaveProperty('secret');
});

test('a change to ed25519 signs with both kinds; the public key alone verifies', async () => {
  const { id, secret } = await room.endpoint(`${receiver.origin}/ok`);
  await keys.rotate(id, { overlapSeconds: 60, signing: 'ed25519', by: 'an operator' });
  const { public_key, signing } = (await room.endpoints.get(id)) ?? {};
  expect([signing, public_key]).toEqual(['ed25519', expect.stringMatching(/^whpk_/)]);
  await room.relay([{}]);
  const [request] = (await came('/ok')) as [SeenRequest];
  expect(fits(secret, request)).toBe(true);
  const [newest = ''] = signatures(request);
  const { headers, body } = request;
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(public_key?.slice(5) ?? '', 'base64').toString('base64url') },
    format: 'jwk',
  });
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  expect(newest).toMatch(/^v1a,/);
  expect(verify(null, Buffer.from(signed), key, Buffer.from(newest.slice(4), 'base64'))).toBe(true);
});

test('a ping goes to its endpoint alone, whatever that asked for, and not to one that is paused', async () => {
  const { id, secret } = await room.endpoint(`${receiver.origin}/ok`);
  await room.endpoint(`${receiver.origin}/ok-with-body`, {}, { eventTypes: ['ping', 'story.published'] });
  const pings = new EndpointPingRepository(store.database);
  const sent = await pings.ping(id);
  room.get(DeliveryDispatcher).poke();
  const [request] = (await came('/ok')) as [SeenRequest];
  expect(sent).toMatchObject({ verdict: 'sent', webhookId: request.headers['webhook-id'] });
  expect(fits(secret, request)).toBe(true);
  const endpoint = { id, url: `${receiver.origin}/ok` };
  expect(webhookSchema('ping', 'full').parse(JSON.parse(request.body))).toMatchObject({ data: { endpoint } });
  expect(await pings.ping(id)).toEqual({ verdict: 'too-soon' });
  await room.endpoints.update(id, { status: 'paused' });
  expect(await pings.ping(id)).toEqual({ verdict: 'away' });
  expect(await pings.ping('01a209d8-701a-76f4-8ac6-6f84f64f1c97')).toBeUndefined();
  // What comes after it found nothing of it to send elsewhere.
  await room.relay([{}]);
  const others = await came('/ok-with-body');
  expect(others.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual(['story.published']);
});

test('of an endpoint that is disabled its partner’s others hear, once, however it came about', async () => {
  const partners = new PartnerRepository(store.database);
  const { id: partnerId } = await partners.create({ name: 'Harbour Agency', namedByOperator: true });
  const { id: strangerId } = await partners.create({ name: 'Hill Agency', namedByOperator: true });
  const types = { eventTypes: ['endpoint.disabled', 'story.published'] } as const;
  const asks = { eventTypes: [...types.eventTypes], filter: { languages: ['xx'] } };
  await room.endpoint(`${receiver.origin}/ok`, {}, { ...asks, partnerId });
  await room.endpoint(`${receiver.origin}/ok-with-body`, {}, { ...asks, partnerId: strangerId });
  const { id } = await room.endpoint(`${receiver.origin}/gone`, {}, { partnerId });
  const { id: second } = await room.endpoint(`${receiver.origin}/hang`, { languages: ['xx'] }, { partnerId });
  await room.relay([{}, {}, {}]);
  await until('it is disabled', async () => (await room.endpoints.get(id))?.status === 'disabled');
  await room.endpoints.update(second, { status: 'disabled' });
  await room.endpoints.update(second, { status: 'disabled' });
  // As the processor's relay does.
  const relayed = await new EventRepository(store.database).relay(100);
  expect(relayed).toHaveLength(2);
  await room.publish(relayed.map((event) => event.id));
  const heard = (await came('/ok', 2)).map(({ body }) =>
    webhookSchema('endpoint.disabled', 'full').parse(JSON.parse(body)),
  );
  expect(heard.map(({ data }) => data)).toEqual(
    expect.arrayContaining([
      { endpoint: { id, url: `${receiver.origin}/gone` }, reason: 'answered 410 (gone): the endpoint is disabled' },
      { endpoint: { id: second, url: `${receiver.origin}/hang` }, reason: 'disabled by an operator' },
    ]),
  );
  await room.relay([{ story: storyBody({ language: 'xx' }) }]);
  await came('/ok', 3);
  expect(await came('/ok-with-body')).toHaveLength(1);
});
