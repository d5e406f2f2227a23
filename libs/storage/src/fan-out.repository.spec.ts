import { type RawBuilder, sql } from 'kysely';
import type { EventType } from '#contracts/events.js';
import { webhookId } from '#domain/webhook-id.js';
import { testConfig } from '../../../test/support/config.js';
import { type TestDatabase, testDatabase } from '../../../test/support/database.js';
import { insertEvents, insertStory, makeChannel, storyBody } from '../../../test/support/story-events.js';
import { ChannelRepository } from './channel.repository.js';
import { EndpointRepository } from './endpoint.repository.js';
import { EndpointStreamRepository } from './endpoint-stream.repository.js';
import { EventLogRepository } from './event-log.repository.js';
import type { FanOutFacts } from './fan-out-facts.js';
import { type FanOutDecision, FanOutRepository } from './fan-out.repository.js';
import { silenceEvents } from './silenced-events.js';
import { uuidV7 } from './uuid.js';

let store: TestDatabase;
let fanOuts: FanOutRepository;
let channelId: string;
let endpointId: string;
const NOTHING: FanOutDecision = { joins: [], leaves: [], changed: [], deliveries: [] };

beforeAll(async () => {
  store = await testDatabase();
  fanOuts = new FanOutRepository(store.database);
  channelId = await makeChannel(store.database, { slug: 'sport', filter: { tags: ['topic/sport'] } });
  const { endpoint } = await new EndpointRepository(store.database, testConfig(store.url)).create({
    url: 'https://partner.example/',
    description: '',
    eventTypes: ['story.published'],
    filter: {},
    isDemo: false,
  });
  endpointId = endpoint.id;
});
afterAll(() => store.drop());

/** Tells everybody about everything and puts every story into the channel. */
function everything({ events, stories, endpoints }: FanOutFacts): FanOutDecision {
  return {
    joins: stories.map((story) => ({ channelId, storyId: story.id, sortAt: story.sortAt })),
    leaves: [],
    changed: [channelId],
    deliveries: events.flatMap((event) =>
      endpoints.map(({ id }) => ({ event, endpointId: id, webhookId: webhookId(event.id, id) })),
    ),
  };
}

test('decides from the story as it is now and from the event as it was, in order', async () => {
  const storyId = await insertStory(store.database, {
    language: 'de',
    tags: ['topic/sport', 'place/berlin'],
    partners: ['daily', 'agency'],
    status: 'withdrawn',
  });
  const ids = await insertEvents(store.database, [{ storyId }, { quietReason: 'backlog' }]);
  let facts: FanOutFacts | undefined;
  await fanOuts.fanOut([...ids].reverse(), (given) => {
    facts = given;
    return NOTHING;
  });
  expect(facts?.events.map((event) => event.id)).toEqual(ids);
  expect(facts?.events[0]?.body).toMatchObject({ story: { title: 'Ferry returns to the harbour' } });
  expect(facts?.events[1]?.body).toBeNull();
  expect(facts?.stories).toEqual([
    {
      id: storyId,
      routes: [],
      published: false,
      sortAt: expect.any(Date),
      language: 'de',
      partners: expect.arrayContaining(['daily', 'agency']),
      tags: expect.arrayContaining(['topic/sport', 'place/berlin']),
      channels: [],
      worded: [],
      media: [],
      ageHours: expect.any(Number),
    },
  ]);
  expect(facts?.channels).toEqual([
    { id: channelId, slug: 'sport', formerSlugs: [], filter: { tags: ['topic/sport'] } },
  ]);
  expect(facts?.endpoints).toEqual([
    { id: endpointId, eventTypes: ['story.published'], filter: {}, sinceSeq: expect.any(Number), partnerId: null },
  ]);
});

test('the same events twice, one after the other and at once, are fanned out once', async () => {
  const storyId = await insertStory(store.database, {});
  const ids = await insertEvents(store.database, [{ storyId }, {}, {}]);
  const before = await new ChannelRepository(store.database).get(channelId);
  const rounds = await Promise.all(Array.from({ length: 8 }, () => fanOuts.fanOut(ids, everything)));
  rounds.push(await fanOuts.fanOut(ids, everything));
  expect(rounds.map((round) => round.events.length).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 3]);
  const made = await store.database.db.selectFrom('deliveries').selectAll().where('event_id', 'in', ids).execute();
  expect(made).toHaveLength(3);
  expect(made).toMatchObject([{ status: 'pending', correlation_id: 'c_test' }, {}, {}]);
  const after = await new ChannelRepository(store.database).get(channelId);
  expect((after?.version ?? 0) - (before?.version ?? 0)).toBe(1);
  const open = await store.database.db.selectFrom('events').selectAll().where('id', 'in', ids).execute();
  for (const event of open) expect(event).toMatchObject({ fanned_out_at: expect.any(Date), enqueued_at: null });
});

test('a story leaves its channel, and deliveries that are there already stay as they are', async () => {
  const storyId = await insertStory(store.database, {});
  const [first, second] = (await insertEvents(store.database, [{ storyId }, {}])) as [string, string];
  await fanOuts.fanOut([first], everything);
  await fanOuts.fanOut([second], (facts) => ({ ...everything(facts), leaves: [{ channelId, storyId }] }));
  const listed = await store.database.db
    .selectFrom('channel_stories')
    .select('story_id')
    .where('story_id', '=', storyId)
    .execute();
  expect(listed).toEqual([]);
  await store.database.db.updateTable('events').set({ fanned_out_at: null }).where('id', '=', first).execute();
  await fanOuts.fanOut([first], everything);
  const made = await store.database.db.selectFrom('deliveries').select('id').where('event_id', '=', first).execute();
  expect(made).toHaveLength(1);
});

test('a decision that throws changes nothing', async () => {
  const ids = await insertEvents(store.database, [{}]);
  const failing = fanOuts.fanOut(ids, () => {
    throw new Error('undecided');
  });
  await expect(failing).rejects.toThrow('undecided');
  const { fanned_out_at } = await store.database.db
    .selectFrom('events')
    .select('fanned_out_at')
    .where('id', '=', ids[0] ?? '')
    .executeTakeFirstOrThrow();
  expect(fanned_out_at).toBeNull();
});

test('a channel made while events are fanned out holds each of their stories', async () => {
  const storyIds: string[] = [];
  for (let number = 0; number < 20; number += 1) storyIds.push(await insertStory(store.database, { language: 'fr' }));
  const ids = await insertEvents(
    store.database,
    storyIds.map((storyId) => ({ storyId })),
  );
  const joinAll = (facts: FanOutFacts): FanOutDecision => ({
    ...NOTHING,
    joins: facts.stories.flatMap((story) =>
      facts.channels.map((channel) => ({ channelId: channel.id, storyId: story.id, sortAt: story.sortAt })),
    ),
  });
  const [made] = await Promise.all([
    makeChannel(store.database, { slug: 'french', filter: { languages: ['fr'] } }),
    ...ids.map((id) => fanOuts.fanOut([id], joinAll)),
  ]);
  const listed = await store.database.db
    .selectFrom('channel_stories')
    .select('story_id')
    .where('channel_id', '=', made)
    .execute();
  expect(listed.map((row) => row.story_id).sort()).toEqual([...storyIds].sort());
});

test('a withdrawal takes back what waits of stories that went into its own; that they did is told without their text', async () => {
  const status = (id: string, to: string, mergedInto: string | null = null) =>
    sql`UPDATE stories SET status = ${to}, merged_into = ${mergedInto} WHERE id = ${id}`.execute(store.database.db);
  const [home, between, gone] = [
    await insertStory(store.database, {}),
    await insertStory(store.database, {}),
    await insertStory(store.database, {}),
  ];
  const before = await insertEvents(store.database, [
    { storyId: gone },
    { storyId: gone, type: 'story.merged', story: storyBody({ version: 2 }) },
  ]);
  await fanOuts.fanOut(before, everything);
  await status(gone, 'merged', between);
  await status(between, 'merged', home);
  await status(home, 'withdrawn');
  const [withdrawal = ''] = await insertEvents(store.database, [
    { storyId: home, type: 'story.withdrawn', story: storyBody({ version: 2 }) },
  ]);
  await fanOuts.fanOut([withdrawal], everything);
  const { rows } = await sql<{ id: string; state: string; content: string }>`
    SELECT e.id, concat_ws(', ', d.status, d.status_reason) AS state, e.body #>> '{story,content}' AS content
      FROM deliveries d JOIN events e ON e.id = d.event_id
     WHERE e.id = ANY(${[...before, withdrawal]}::uuid[]) AND d.endpoint_id = ${endpointId} ORDER BY e.seq`.execute(
    store.database.db,
  );
  expect(rows).toEqual([
    {
      id: before[0],
      state: 'cancelled, taken back: the story was withdrawn',
      content: expect.stringContaining('ferry'),
    },
    { id: before[1], state: 'pending', content: '' },
    { id: withdrawal, state: 'pending', content: expect.anything() },
  ]);
  const log = new EventLogRepository(store.database);
  const isTakenBack = async (id: string) => (await log.get(id))?.taken_back;
  expect(await Promise.all([...before, withdrawal].map(isTakenBack))).toEqual([true, false, false]);
});

test('remembers what left a channel, for the tombstones of its feeds', async () => {
  const storyId = await insertStory(store.database, {});
  const [published, withdrawn] = [
    await insertEvents(store.database, [{ storyId }]),
    await insertEvents(store.database, [{}]),
  ];
  await fanOuts.fanOut(published, everything);
  await fanOuts.fanOut(withdrawn, () => ({ ...NOTHING, leaves: [{ channelId, storyId }] }));
  const left = await store.database.db
    .selectFrom('channel_departures')
    .select('channel_id')
    .where('story_id', '=', storyId)
    .execute();
  expect(left).toEqual([{ channel_id: channelId }]);
});

test('a withdrawal takes back what waits of its story, and nothing else', async () => {
  const [withdrawn, other] = [await insertStory(store.database, {}), await insertStory(store.database, {})];
  const story = (version: number) => storyBody({ version });
  const before = await insertEvents(store.database, [
    { storyId: withdrawn },
    { storyId: withdrawn, type: 'story.updated', story: story(2) },
    { storyId: other },
  ]);
  await fanOuts.fanOut(before, everything);
  await sql`UPDATE deliveries SET status = 'delivered' WHERE event_id = ${before[0]}`.execute(store.database.db);
  const last = await insertEvents(store.database, [
    { storyId: withdrawn, type: 'story.withdrawn', story: story(3) },
    { storyId: withdrawn, type: 'story.published', story: story(4) },
  ]);
  await fanOuts.fanOut(last, everything);
  const { rows } = await sql<{ id: string; state: string }>`
    SELECT event_id AS id, concat_ws(', ', status, status_reason) AS state FROM deliveries
     WHERE event_id = ANY(${[...before, ...last]}::uuid[])`.execute(store.database.db);
  const states = new Map(rows.map(({ id, state }) => [id, state]));
  expect([...before, ...last].map((id) => states.get(id))).toEqual([
    'delivered',
    'cancelled, taken back: the story was withdrawn',
    'pending',
    'pending',
    'pending',
  ]);
});

describe('of what takes a story back', () => {
  const type = 'story.withdrawn';
  const hear = async (eventIds: string[]): Promise<FanOutFacts['receivers']> => {
    let receivers: FanOutFacts['receivers'] | undefined;
    await fanOuts.fanOut(eventIds, (facts) => {
      ({ receivers } = facts);
      return NOTHING;
    });
    return receivers ?? [];
  };
  const endpointFor = async (eventTypes: EventType[]): Promise<string> => {
    const settings = { url: 'https://other.example/', eventTypes, isDemo: false };
    return (await new EndpointRepository(store.database, testConfig(store.url)).create(settings)).endpoint.id;
  };
  const setDeliveries = (eventId: string | undefined, change: RawBuilder<unknown>) =>
    sql`UPDATE deliveries SET ${change} WHERE event_id = ${eventId}`.execute(store.database.db);

  test.each(['story.withdrawn', 'story.merged'] as const)(
    'of %s, whoever asks for it and was ever told of the story is named',
    async (takedown) => {
      const asking = await endpointFor(['story.published', takedown]);
      const [storyId, other] = [await insertStory(store.database, {}), await insertStory(store.database, {})];
      const [first] = await insertEvents(store.database, [{ storyId }]);
      await fanOuts.fanOut([first ?? ''], everything);
      const [gone, unknown] = (await insertEvents(store.database, [
        { storyId, type: takedown, story: storyBody({ version: 2 }) },
        { storyId: other, type: takedown, story: storyBody({ version: 2 }) },
      ])) as [string, string];
      expect(await hear([gone, unknown])).toEqual([{ eventId: gone, endpointIds: [asking] }]);
      await store.database.db.deleteFrom('endpoints').where('id', '=', asking).execute();
    },
  );

  test('one whose delivery was cancelled as it was made has nothing to take back', async () => {
    const [never, once, again] = [
      await endpointFor(['story.published', type]),
      await endpointFor(['story.published', type]),
      await endpointFor(['story.published', type]),
    ];
    const storyId = await insertStory(store.database, {});
    const [first] = (await insertEvents(store.database, [{ storyId }])) as [string];
    await fanOuts.fanOut([first], everything);
    await setDeliveries(first, sql`status = 'cancelled', finished_at = created_at`);
    await sql`UPDATE deliveries SET attempts = 1 WHERE event_id = ${first} AND endpoint_id = ${once}`.execute(
      store.database.db,
    );
    // Sent again, and cancelled before that: its count began anew, its attempts are still there.
    await store.database.db
      .insertInto('attempts')
      .values({
        ...{ id: uuidV7(), event_id: first, endpoint_id: again, number: 1, started_at: new Date(), duration_ms: 1 },
        ...{ http_status: 204, error_class: null, error: null, response_excerpt: null },
      })
      .execute();
    const [gone] = (await insertEvents(store.database, [{ storyId, type, story: storyBody({ version: 2 }) }])) as [
      string,
    ];
    const [named] = await hear([gone]);
    expect([...(named?.endpointIds ?? [])].sort()).toEqual([once, again].sort());
    await store.database.db.deleteFrom('endpoints').where('id', 'in', [never, once, again]).execute();
  });

  test('one whose delivery waited before rights took it back may have read it as its event, and is named', async () => {
    const asking = await endpointFor(['story.published', type]);
    const storyId = await insertStory(store.database, {});
    const [first] = (await insertEvents(store.database, [{ storyId }])) as [string];
    await fanOuts.fanOut([first], everything);
    // The stream waits for what other tests left behind.
    await sql`UPDATE events SET fanned_out_at = now() WHERE fanned_out_at IS NULL`.execute(store.database.db);
    const read = await new EndpointStreamRepository(store.database).read(asking, 0, 10);
    expect(read.items.map(({ id }) => id)).toContain(first);
    await store.database.transaction((trx) =>
      silenceEvents(trx, [{ storyId, versionSilenced: 1, reason: 'rights: its time is over' }]),
    );
    const gone = await insertEvents(store.database, [{ storyId, type, story: storyBody({ version: 2 }) }]);
    expect(await hear(gone)).toEqual([{ eventId: gone[0], endpointIds: [asking] }]);
    await store.database.db.deleteFrom('endpoints').where('id', '=', asking).execute();
  });

  test('what is fanned out after its story was merged brings the end along, once, to those who hear of it', async () => {
    const asking = await endpointFor(['story.published', 'story.merged']);
    const storyId = await insertStory(store.database, {});
    const [late, later] = (await insertEvents(store.database, [
      { storyId },
      { storyId, type: 'story.updated', story: storyBody({ version: 2 }) },
    ])) as [string, string];
    await sql`UPDATE stories SET status = 'merged' WHERE id = ${storyId}`.execute(store.database.db);
    const merged = { storyId, type: 'story.merged' as const };
    const [gone, quiet, open] = (await insertEvents(store.database, [
      { ...merged, story: storyBody({ version: 3 }) },
      { ...merged, story: storyBody({ version: 4 }), quietReason: 'backlog' },
      { ...merged, story: storyBody({ version: 5 }) },
    ])) as [string, string, string];
    await fanOuts.fanOut([gone, quiet], () => NOTHING);
    let overtaking: FanOutFacts['overtaking'] = [];
    await fanOuts.fanOut([late, later], (facts) => {
      ({ overtaking } = facts);
      const to = ({ id }: { id: string }) => ({ endpointId: asking, webhookId: webhookId(id, asking) });
      const deliveries = [...facts.events, ...overtaking.map(({ takedown }) => takedown)];
      return { ...NOTHING, deliveries: deliveries.map((event) => ({ event, ...to(event) })) };
    });
    expect(overtaking.map(({ eventId, takedown }) => [eventId, takedown.id])).toEqual([
      [late, gone],
      [later, gone],
    ]);
    expect(overtaking[0]?.takedown).toMatchObject({ type: 'story.merged', storyId, body: { story: { version: 3 } } });
    const made = await store.database.db
      .selectFrom('deliveries')
      .select(['event_id', 'status'])
      .where('endpoint_id', '=', asking)
      .orderBy('event_seq')
      .execute();
    expect(made).toEqual([late, later, gone].map((id) => ({ event_id: id, status: 'pending' })));
    const { fanned_out_at } = await store.database.db
      .selectFrom('events')
      .select('fanned_out_at')
      .where('id', '=', open)
      .executeTakeFirstOrThrow();
    expect(fanned_out_at).toBeNull();
    await store.database.db.deleteFrom('endpoints').where('id', '=', asking).execute();
  });

  test('where deliveries are not kept any more, what was told of the story is named, and what nobody was told is not', async () => {
    const asking = await endpointFor(['story.published', type]);
    const storyId = await insertStory(store.database, {});
    const told = await insertEvents(store.database, [
      { storyId, quietReason: 'rights: expired' },
      { storyId, type: 'story.updated', story: storyBody({ version: 2 }), quietReason: 'backlog' },
      { storyId, type: 'story.updated', story: storyBody({ version: 3 }) },
    ]);
    await fanOuts.fanOut(told, () => NOTHING);
    // All but the last are older than what is kept.
    for (const [at, id] of told.slice(0, 2).entries())
      await sql`UPDATE events SET id = uuid_v7_floor(now() - make_interval(days => ${90 - at})) WHERE id = ${id}`.execute(
        store.database.db,
      );
    const [gone] = (await insertEvents(store.database, [{ storyId, type, story: storyBody({ version: 4 }) }])) as [
      string,
    ];
    let tellings: FanOutFacts['tellings'] = [];
    await fanOuts.fanOut([gone], (facts) => {
      ({ tellings } = facts);
      return NOTHING;
    });
    const { tags, partners, language } = storyBody();
    expect(tellings).toEqual([
      {
        eventId: gone,
        type: 'story.published',
        seq: expect.any(Number),
        body: { story: { tags, partners, language } },
      },
    ]);
    await store.database.db.deleteFrom('endpoints').where('id', '=', asking).execute();
  });

  test('what is fanned out after its story was withdrawn is not sent; what comes once it is restored is', async () => {
    const storyId = await insertStory(store.database, {});
    const [late] = await insertEvents(store.database, [
      { storyId, type: 'story.updated', story: storyBody({ version: 2 }) },
    ]);
    const status = (to: string) =>
      sql`UPDATE stories SET status = ${to} WHERE id = ${storyId}`.execute(store.database.db);
    await status('withdrawn');
    const gone = await insertEvents(store.database, [{ storyId, type, story: storyBody({ version: 3 }) }]);
    await fanOuts.fanOut(gone, everything);
    // Its job was lost and is found only now.
    await fanOuts.fanOut([late ?? ''], everything);
    const made = () =>
      store.database.db
        .selectFrom('deliveries')
        .select(['status', 'status_reason', 'finished_at'])
        .where('event_id', 'in', [late ?? '', ...gone])
        .orderBy('event_seq')
        .execute();
    expect(await made()).toEqual([
      { status: 'cancelled', status_reason: 'taken back: the story was withdrawn', finished_at: expect.any(Date) },
      { status: 'pending', status_reason: null, finished_at: null },
    ]);
    await status('published');
    const [restored] = await insertEvents(store.database, [{ storyId, story: storyBody({ version: 4 }) }]);
    await fanOuts.fanOut([restored ?? ''], everything);
    const deliveries = await store.database.db
      .selectFrom('deliveries')
      .select('status')
      .where('event_id', '=', restored ?? '')
      .execute();
    expect(deliveries).toEqual([{ status: 'pending' }]);
  });
});
