/** Two ways to what was missed, through the API: asking for an endpoint's events, and having its deliveries sent again. */
import { sql } from 'kysely';
import { testConsole, type TestConsole } from '../../../../test/support/console.js';
import { addPartner, addStory } from '../../../../test/support/published-stories.js';
import { insertEvents, storyBody, type TestEvent } from '../../../../test/support/story-events.js';
import { webhookId } from '#domain/webhook-id.js';
import { FanOutRepository } from '#storage/fan-out.repository.js';
import { endpointStreamEvents } from '../../../../test/support/server-sent-events.js';
import { uuidV7 } from '#storage/uuid.js';
import { startStopwatch } from '../../../../test/support/stopwatch.js';
import { until } from '../../../../test/support/until.js';

let hub: TestConsole;
let endpointId: string;
const HOUR_AGO = new Date(Date.now() - 3_600_000).toISOString();

beforeAll(async () => {
  hub = await testConsole();
});
afterAll(() => hub.close());
beforeEach(async () => {
  for (const table of ['deliveries', 'endpoints', 'events'] as const) await hub.database.db.deleteFrom(table).execute();
  endpointId = await endpoint('https://partner.example/hook');
});

async function endpoint(url: string): Promise<string> {
  const { body } = await hub.api('POST', '/endpoints', { url });
  return (body as { id: string }).id;
}

/** Deliveries of these events for the endpoint alone, as the publisher's fan-out makes them. */
async function fanOut(eventIds: string[], to: string[] = [endpointId]): Promise<void> {
  await new FanOutRepository(hub.database).fanOut(eventIds, (facts) => ({
    joins: [],
    leaves: [],
    changed: [],
    deliveries: facts.events.flatMap((event) =>
      to.map((id) => ({ event, endpointId: id, webhookId: webhookId(event.id, id) })),
    ),
  }));
}

async function published(events: TestEvent[], to?: string[]): Promise<string[]> {
  const ids = await insertEvents(hub.database, events);
  await fanOut(ids, to);
  return ids;
}

const ask = (query: string) => hub.api('GET', `/events?endpointId=${endpointId}${query}`);
const idsOf = (answer: { body: { items: { id: string }[] } }) => answer.body.items.map(({ id }) => id);

test('an endpoint that asks gets its own events in their order, page by page, under the webhook-ids of its deliveries', async () => {
  const mine = await published([{}, {}, {}]);
  await published([{}], [await endpoint('https://other.example/hook')]);
  const [later = ''] = await published([{ type: 'story.updated' }]);
  const first = await ask('&limit=2');
  expect(first.status).toBe(200);
  expect(idsOf(first)).toEqual(mine.slice(0, 2));
  expect(first.body.items[0]).toMatchObject({
    type: 'story.published',
    webhookId: webhookId(mine[0] ?? '', endpointId),
    data: { story: { title: 'Ferry returns to the harbour' } },
  });
  expect(first.body.nextCursor).not.toBeNull();
  const second = await ask(`&since=${first.body.nextSince}`);
  expect(idsOf(second)).toEqual([mine[2], later]);
  expect(second.body.nextCursor).toBeNull();
  expect(idsOf(await ask(`&since=${second.body.nextSince}`))).toEqual([]);
});

test.each([
  ['&wait=25', 'application/json'],
  ['', 'text/event-stream'],
])('HEAD asks whether there is an answer, and waits for none: %s %s', async (query, accept) => {
  const asked = await fetch(`${hub.url}/api/v1/events?endpointId=${endpointId}${query}`, {
    method: 'HEAD',
    headers: { authorization: `Bearer ${hub.token}`, accept },
    signal: AbortSignal.timeout(10_000),
  });
  expect(asked.status).toBe(200);
});

test('an event is not shown before one with a lower number whose deliveries are not made yet; what was silenced is left out', async () => {
  const [early = '', late = '', silenced = ''] = await insertEvents(hub.database, [{}, {}, {}]);
  await fanOut([late, silenced]);
  const before = await ask('');
  expect(idsOf(before)).toEqual([]);
  await sql`UPDATE events SET quiet_reason = 'rights: expired' WHERE id = ${silenced}`.execute(hub.database.db);
  await fanOut([early]);
  const after = await ask(`&since=${before.body.nextSince}`);
  expect(idsOf(after)).toEqual([early, late]);
});

test('the text of a story that was withdrawn is told to nobody any more: not asked for, not sent again, not in the log', async () => {
  const { database } = hub;
  const partner = await addPartner(database, { slug: 'harbour', name: 'Harbour Daily' });
  const at = new Date('2026-11-20T10:00:00Z');
  const gone = await addStory(database, { title: 'Gone', partners: [partner], at });
  const kept = await addStory(database, { title: 'Kept', partners: [partner], at });
  // Their own events have no deliveries, and would hold back what comes after them.
  await database.db.deleteFrom('events').execute();
  const story = storyBody({ version: 2 });
  const [lost = '', other = ''] = await published([
    { type: 'story.updated', storyId: gone, story },
    { type: 'story.updated', storyId: kept, story: storyBody({ version: 2 }) },
  ]);
  await sql`UPDATE stories SET status = 'withdrawn' WHERE id = ${gone}`.execute(database.db);
  const [end = ''] = await published([{ type: 'story.withdrawn', storyId: gone, story: storyBody({ version: 3 }) }]);
  await sql`UPDATE deliveries SET status = 'delivered', finished_at = now()`.execute(database.db);

  expect(idsOf(await ask(''))).toEqual([other, end]);
  const count = await hub.api('POST', `/endpoints/${endpointId}/replays`, {
    from: HOUR_AGO,
    only: 'all',
    dryRun: true,
  });
  expect(count.body).toMatchObject({ total: 2, leftOut: 1 });
  const deliveries = (await hub.api('GET', `/deliveries?endpointId=${endpointId}`)).body.items as {
    id: string;
    eventId: string;
  }[];
  const retry = (eventId: string) =>
    hub.api('POST', `/deliveries/${deliveries.find((delivery) => delivery.eventId === eventId)?.id}/retry`);
  expect(await retry(lost)).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('its story was withdrawn') },
  });
  expect((await retry(end)).status).toBe(202);
  const log = (await hub.api('GET', '/events')).body.items as { id: string; data: object }[];
  const { id, version, url } = story;
  expect(log.find((event) => event.id === lost)?.data).toEqual({ story: { id, version, url } });
  expect((await hub.api('GET', `/events/${other}`)).body.data.story.title).toBe('Ferry returns to the harbour');
});

test('a cursor from before a restore, ahead of the newest event, is answered with 410 and where to go on; one just handed out never', async () => {
  const [id] = await published([{}]);
  const { nextSince } = (await ask('')).body as { nextSince: number };
  const problem = {
    status: 410,
    body: { type: 'urn:dateline:problem:beyond-newest', detail: expect.stringContaining('backup'), newest: nextSince },
  };
  const told = await ask(`&wait=25&since=${nextSince + 1}`);
  expect(told).toMatchObject(problem);
  expect(idsOf(await ask(`&since=${told.body.oldestSince}`))).toEqual([id]);
  const streamed = await fetch(`${hub.url}/api/v1/events?endpointId=${endpointId}`, {
    headers: {
      authorization: `Bearer ${hub.token}`,
      accept: 'text/event-stream',
      'last-event-id': String(nextSince + 1),
    },
  });
  expect(streamed.status).toBe(410);
  expect(await hub.api('GET', `/events?since=${nextSince + 1}`)).toMatchObject({
    ...problem,
    body: { oldestSince: 0 },
  });

  // Another process has given a number, and has not written yet whose it is.
  await hub.database.transaction(async (trx) => {
    const { rows } = await sql<{ seq: number }>`SELECT nextval('event_seq') AS seq`.execute(trx);
    expect((await ask(`&since=${rows[0]?.seq}`)).status).toBe(200);
    expect((await hub.api('GET', `/events?since=${rows[0]?.seq}`)).status).toBe(200);
  });
});

test('whoever waits is answered when something comes, or with nothing when the time is up; six may not wait at once', async () => {
  const elapsed = startStopwatch();
  const six = Array.from({ length: 6 }, () => ask('&wait=25'));
  // The sixth finds no place; the others wait.
  expect(await Promise.race(six)).toMatchObject({
    status: 429,
    body: { type: 'urn:dateline:problem:too-many-waiting' },
  });
  expect((await ask('')).status).toBe(200);
  const [id] = await published([{}]);
  const answered = (await Promise.all(six)).filter(({ status }) => status === 200);
  expect(answered.map((answer) => idsOf(answer))).toEqual(Array.from({ length: 5 }, () => [id]));
  expect(elapsed()).toBeLessThan(20_000);
  const { nextSince } = answered[0]?.body as { nextSince: number };
  const empty = await ask(`&wait=1&since=${nextSince}`);
  expect(empty.body).toEqual({ items: [], nextCursor: null, nextSince });
  expect((await ask('&wait=26')).status).toBe(400);
});

test('a cursor from before what is kept is answered with 410 and where to go on; zero begins with the oldest', async () => {
  const [first = '', old = '', kept = ''] = await published([{}, {}, {}]);
  const seqOf = async (id: string) => ((await hub.api('GET', `/events/${id}`)).body as { seq: number }).seq;
  const [firstSeq, keptSeq] = [await seqOf(first), await seqOf(kept)];
  // The week of all but the last was dropped.
  for (const [days, id] of Object.entries({ 61: first, 60: old })) {
    await sql`DELETE FROM deliveries WHERE event_id = ${id}`.execute(hub.database.db);
    await sql`UPDATE events SET id = uuid_v7_floor(now() - make_interval(days => ${Number(days)})) WHERE id = ${id}`.execute(
      hub.database.db,
    );
  }
  expect(await ask(`&since=${firstSeq}`)).toMatchObject({
    status: 410,
    body: { type: 'urn:dateline:problem:no-longer-kept', oldestSince: keptSeq - 1 },
  });
  expect(idsOf(await ask(`&since=${keptSeq - 1}`))).toEqual([kept]);
  expect(idsOf(await ask(''))).toEqual([kept]);
});

test('what was numbered about the end of a week leads nobody in a circle', async () => {
  // Made before the week began, numbered after the first event of that week.
  const [kept = '', old = '', last = ''] = await published([{}, {}, {}]);
  await sql`DELETE FROM deliveries WHERE event_id = ${old}`.execute(hub.database.db);
  await sql`UPDATE events SET id = uuid_v7_floor(now() - interval '60 days') WHERE id = ${old}`.execute(
    hub.database.db,
  );
  const { nextSince } = (await ask('&limit=1')).body as { nextSince: number };
  const { seq } = (await hub.api('GET', `/events/${kept}`)).body as { seq: number };
  expect(nextSince).toBe(seq);
  const next = await ask(`&since=${seq}`);
  expect([next.status, idsOf(next)]).toEqual([200, [last]]);
});

test('as a stream of server-sent events the answer goes on, and begins behind the event that the receiver had last', async () => {
  const [, second = ''] = await published([{}, {}]);
  const first = await ask('');
  const stream = await endpointStreamEvents(`${hub.url}/api/v1/events?endpointId=${endpointId}`, {
    authorization: `Bearer ${hub.token}`,
    'last-event-id': String(first.body.items[0].seq),
  });
  expect(stream.status).toBe(200);
  expect(stream.headers.get('cache-control')).toBe('no-store');
  const one = await stream.next();
  expect(one).toMatchObject({ event: 'story.published', id: String(first.body.items[1].seq) });
  expect(JSON.parse(one.data)).toEqual(first.body.items[1]);
  const [third] = await published([{ type: 'story.updated' }]);
  expect(JSON.parse((await stream.next()).data)).toMatchObject({ id: third, type: 'story.updated' });
  expect(second).not.toBe(third);
  await stream.close();
});

test('a stream says how far it has looked, so that who connects again does not begin at an event of long ago', async () => {
  const otherId = await endpoint('https://other.example/hook');
  const [mine = ''] = await published([{}]);
  const stream = await endpointStreamEvents(`${hub.url}/api/v1/events?endpointId=${endpointId}`, {
    authorization: `Bearer ${hub.token}`,
  });
  expect(JSON.parse((await stream.next()).data)).toMatchObject({ id: mine });
  const [theirs] = await published([{}], [otherId]);
  const { seq } = (await hub.api('GET', `/events/${theirs}`)).body as { seq: number };
  for (let id = await stream.nextId(); id !== String(seq);) id = await stream.nextId();
  await stream.close();
});

test('a token that is revoked ends what it waits for and what it streams, before anything more is told', async () => {
  const { token, id } = (await hub.api('POST', `/endpoints/${endpointId}/tokens`)).body as {
    token: string;
    id: string;
  };
  const authorization = `Bearer ${token}`;
  const [mine = ''] = await published([{}]);
  const stream = await endpointStreamEvents(`${hub.url}/api/v1/events`, { authorization });
  const first = await stream.next();
  expect(JSON.parse(first.data)).toMatchObject({ id: mine });
  const waiting = Array.from({ length: 5 }, async () => {
    const answer = await fetch(`${hub.url}/api/v1/events?wait=25&since=${first.id}`, { headers: { authorization } });
    return { status: answer.status, text: await answer.text() };
  });
  // The fifth finds no place beside the stream; the others wait.
  expect((await Promise.race(waiting)).status).toBe(429);
  expect((await hub.api('DELETE', `/endpoints/${endpointId}/tokens/${id}`)).status).toBe(204);
  await published([{ type: 'story.updated' }]);
  await expect(stream.next()).rejects.toThrow('the stream ended');
  const answers = await Promise.all(waiting);
  expect(answers.map(({ status }) => status).sort()).toEqual([401, 401, 401, 401, 429]);
  expect(JSON.stringify(answers)).not.toContain('story.updated');
});

test('who hangs up before a stream begins takes no place of those that wait', async () => {
  const headers = { authorization: `Bearer ${hub.token}`, accept: 'text/event-stream' };
  const stream = (signal: AbortSignal) =>
    fetch(`${hub.url}/api/v1/events?endpointId=${endpointId}`, { headers, signal });
  const hangUp = new AbortController();
  await hub.database.transaction(async (trx) => {
    await sql`LOCK TABLE endpoints IN ACCESS EXCLUSIVE MODE`.execute(trx);
    const lost = Array.from({ length: 5 }, () => stream(hangUp.signal));
    await until('all of them ask for their endpoint', async () => {
      const { rows } = await sql`
        SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(
        hub.database.db,
      );
      return rows.length === 5;
    });
    hangUp.abort();
    await Promise.allSettled(lost);
  });
  const asked = new AbortController();
  expect(await until('there is a place', async () => (await stream(asked.signal)).status === 200)).toBe(true);
  asked.abort();
});

test('with a token of its own an endpoint gets its events and nothing else, thin where it wants them thin', async () => {
  const otherId = await endpoint('https://other.example/hook');
  const [id = ''] = await published([{}]);
  await published([{}], [otherId]);
  const made = await hub.api('POST', `/endpoints/${endpointId}/tokens`, { name: 'reader' });
  const { token } = made.body as { token: string };
  const asPartner = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${hub.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as { items: { id: string; data: object }[] } };
  };
  expect(idsOf(await asPartner('GET', '/events'))).toEqual([id]);
  await hub.api('PATCH', `/endpoints/${endpointId}`, { bodyForm: 'thin' });
  const thin = await asPartner('GET', `/events?endpointId=${endpointId}`);
  expect(thin.body.items[0]?.data).toEqual({ story: { id: expect.any(String), version: 1, url: expect.any(String) } });
  expect((await asPartner('GET', `/events?endpointId=${otherId}`)).status).toBe(404);
  expect((await asPartner('GET', `/events/${id}`)).status).toBe(403);
  expect((await asPartner('POST', `/endpoints/${otherId}/replays`, { from: HOUR_AGO })).status).toBe(404);
  expect(await asPartner('POST', `/endpoints/${endpointId}/replays`, { from: HOUR_AGO, only: 'all' })).toMatchObject({
    status: 201,
    body: { requestedBy: expect.stringContaining('reader') },
  });
});

test("of a partner's token one replay is counted at a time", async () => {
  const token = (await hub.api('POST', `/endpoints/${endpointId}/tokens`)).body.token as string;
  await published([{}]);
  const count = () =>
    fetch(`${hub.url}/api/v1/endpoints/${endpointId}/replays`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ from: HOUR_AGO, only: 'all', dryRun: true }),
    });
  // The first to count waits for the lock; the others come meanwhile.
  const both = await hub.database.transaction(async (trx) => {
    await sql`LOCK TABLE deliveries IN ACCESS EXCLUSIVE MODE`.execute(trx);
    const asked = [count(), count()];
    expect((await Promise.race(asked)).status).toBe(429);
    return asked;
  });
  const answers = await Promise.all(both);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 429]);
  expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('1');
  expect((await count()).status).toBe(200);
});

test("a partner's token sends to no other address, and does not see what an operator has sent there", async () => {
  const partnerId = (await hub.api('POST', '/partners', { name: 'Replaying Press' })).body.id as string;
  await hub.api('PATCH', `/endpoints/${endpointId}`, { partnerId });
  const tokens = await Promise.all(
    [`/partners/${partnerId}`, `/endpoints/${endpointId}`].map(
      async (owner) => (await hub.api('POST', `${owner}/tokens`)).body.token as string,
    ),
  );
  const asPartner = async (token: string, method: string, path: string, body?: object) => {
    const answer = await fetch(`${hub.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as { detail: string; items: unknown[] } };
  };
  const [eventId = ''] = await published([{}]);
  const path = `/endpoints/${endpointId}/replays`;
  const elsewhere = { from: HOUR_AGO, only: 'all', url: 'http://10.0.0.7/internal' };
  for (const token of tokens) {
    for (const dryRun of [true, false])
      expect(await asPartner(token, 'POST', path, { ...elsewhere, dryRun })).toMatchObject({
        status: 403,
        body: { detail: expect.stringContaining('Leave url out') },
      });
  }
  const fast = { from: HOUR_AGO, only: 'all', ratePerMinute: 3_001, dryRun: true };
  expect(await asPartner(tokens[0] as string, 'POST', path, fast)).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining('ratePerMinute: at most 3000') },
  });
  expect((await hub.api('POST', path, fast)).status).toBe(200);
  const { id: replayId } = (await hub.api('POST', path, elsewhere)).body as { id: string };
  const copy = await hub.database.db
    .selectFrom('endpoints')
    .select('id')
    .where('replay_of', '=', endpointId)
    .executeTakeFirstOrThrow();
  const sent = uuidV7();
  await sql`
    INSERT INTO deliveries (event_id, endpoint_id, id, webhook_id, event_seq, correlation_id, status, next_attempt_at, created_at, replay_id)
    SELECT event_id, ${copy.id}, ${sent}, webhook_id, event_seq, correlation_id, status, now(), now(), ${replayId}::uuid
      FROM deliveries WHERE event_id = ${eventId}`.execute(hub.database.db);
  expect((await hub.api('GET', `/deliveries?replayId=${replayId}`)).body.items).toMatchObject([{ id: sent }]);
  for (const token of tokens) {
    for (const query of [`replayId=${replayId}`, `endpointId=${copy.id}`])
      expect((await asPartner(token, 'GET', `/deliveries?${query}`)).body.items).toEqual([]);
    expect((await asPartner(token, 'GET', `/deliveries/${sent}`)).status).toBe(404);
    expect((await asPartner(token, 'POST', `/deliveries/${sent}/retry`, {})).status).toBe(404);
    expect(await asPartner(token, 'GET', `${path}/${replayId}`)).toMatchObject({
      body: { status: 'running', requestedBy: 'an operator' },
    });
  }
  expect((await hub.api('POST', `${path}/${replayId}/stop`)).body).toMatchObject({
    requestedBy: expect.stringContaining('127.0.0.1'),
    statusReason: expect.stringContaining('stopped by an operator'),
  });
});

test('what was noted of an operator in former times shows no address to a partner', async () => {
  const { token } = (await hub.api('POST', `/endpoints/${endpointId}/tokens`)).body as { token: string };
  const [eventId = ''] = await published([{}]);
  const path = `/endpoints/${endpointId}/replays`;
  const { id } = (await hub.api('POST', path, { from: HOUR_AGO, only: 'all' })).body as { id: string };
  await hub.api('POST', `${path}/${id}/stop`);
  await sql`
    UPDATE replays SET status_reason = 'stopped by 192.0.2.7; cancelled what waited: 1', requested_by = '2001:db8::7' WHERE id = ${id}`.execute(
    hub.database.db,
  );
  await sql`
    UPDATE deliveries SET status = 'cancelled', status_reason = ${`replay ${id} was stopped by 2001:db8::7`} WHERE event_id = ${eventId}`.execute(
    hub.database.db,
  );
  const delivery = (await hub.api('GET', `/deliveries?endpointId=${endpointId}`)).body.items as { id: string }[];
  const paths = [path, `${path}/${id}`, `/deliveries?endpointId=${endpointId}`, `/deliveries/${delivery[0]?.id}`];
  for (const shown of paths) {
    const asPartner = await fetch(`${hub.url}/api/v1${shown}`, { headers: { authorization: `Bearer ${token}` } });
    expect([shown, asPartner.status]).toEqual([shown, 200]);
    const text = await asPartner.text();
    expect(text).toContain('stopped by an operator');
    expect(text).not.toMatch(/192\.0\.2\.7|2001:db8/);
    expect(JSON.stringify((await hub.api('GET', shown)).body)).toMatch(/stopped by (192\.0\.2\.7|2001:db8::7)/);
  }
});

test('a replay is counted first, begun, watched, listed and stopped; a second one at the same time is refused', async () => {
  await published([{}, {}, { type: 'story.updated' }]);
  await sql`UPDATE deliveries SET status = 'failed'`.execute(hub.database.db);
  const path = `/endpoints/${endpointId}/replays`;
  const count = await hub.api('POST', path, { from: HOUR_AGO, types: ['story.published'], dryRun: true });
  expect(count).toMatchObject({ status: 200, body: { dryRun: true, total: 2, leftOut: 0, underWay: 0 } });
  const begun = await hub.api('POST', path, { from: HOUR_AGO, url: 'https://staging.example/hook', ratePerMinute: 30 });
  expect(begun).toMatchObject({
    status: 201,
    body: {
      status: 'running',
      only: 'failed',
      total: 3,
      sent: 0,
      url: 'https://staging.example/hook',
      nothingBefore: null,
    },
  });
  const { id } = begun.body as { id: string };
  expect(await hub.api('POST', path, { from: HOUR_AGO })).toMatchObject({ status: 409, body: { id } });
  expect((await hub.api('GET', path)).body).toMatchObject({ items: [{ id }], nextCursor: null });
  expect((await hub.api('GET', `/endpoints`)).body.items).toHaveLength(1);
  expect(await hub.api('POST', `${path}/${id}/stop`)).toMatchObject({ status: 200, body: { status: 'stopped' } });
  expect((await hub.api('GET', `${path}/${id}`)).body).toMatchObject({ id, status: 'stopped' });
});

test('a replay ends with what happened before it was asked for, whatever it was asked until', async () => {
  await published([{}]);
  const begun = await hub.api('POST', `/endpoints/${endpointId}/replays`, {
    from: HOUR_AGO,
    to: '2999-01-01',
    only: 'all',
  });
  expect(begun.status).toBe(201);
  expect(Date.parse(begun.body.to as string)).toBeLessThanOrEqual(Date.now());
});

test.each([
  [{}, 400, 'from'],
  [{ from: '2026-13-01' }, 400, 'from'],
  [{ from: '2030-01-01' }, 400, 'earlier'],
  [{ from: '2020-01-01', to: '2020-02-01' }, 422, 'not kept any more'],
  [{ from: '2026-11-01', ratePerMinute: 0 }, 400, 'ratePerMinute'],
  [{ from: '2026-11-01', url: 'ftp://x.example/' }, 400, 'url'],
  [{ from: '2026-11-01', only: 'delivered' }, 400, 'only'],
])('a replay of %j is refused with %d', async (body, status, words) => {
  const answer = await hub.api('POST', `/endpoints/${endpointId}/replays`, body);
  expect(answer.status).toBe(status);
  expect(answer.body.detail).toContain(words);
});
