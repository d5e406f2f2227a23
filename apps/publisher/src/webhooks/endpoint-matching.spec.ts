import type { EndpointFilter } from '#contracts/channel-filter.js';
import type { EventType } from '#contracts/events.js';
import type { FanOutEvent } from '#storage/fan-out-facts.js';
import { storyBody } from '../../../../test/support/story-events.js';
import { matchEndpoints } from './endpoint-matching.js';

const CHANNELS = [{ id: 'c1', slug: 'transport', formerSlugs: ['traffic'], filter: { tags: ['topic/transport'] } }];
const event = (overrides: Partial<FanOutEvent> = {}): FanOutEvent => ({
  id: '01a209d8-701a-76f4-8ac6-6f84f64f1c97',
  type: 'story.published',
  seq: 10,
  storyId: null,
  correlationId: 'c_1',
  createdAt: new Date(0),
  body: { story: storyBody() },
  endpointId: null,
  partnerId: null,
  takenBack: false,
  isMerged: false,
  ...overrides,
});
const endpoint = (filter: EndpointFilter = {}, eventTypes: EventType[] = ['story.published'], sinceSeq = 0) => ({
  id: '01a209d8-14e0-768a-bfc9-fe4cca89297c',
  eventTypes,
  filter,
  sinceSeq,
  partnerId: null as string | null,
});
const matches = (happened: FanOutEvent, target: ReturnType<typeof endpoint>) =>
  matchEndpoints({
    events: [happened],
    endpoints: [target],
    channels: CHANNELS,
    stories: [],
    receivers: [],
    tellings: [],
    overtaking: [],
  }).length === 1;

test.each([
  ['everything', event(), endpoint(), true],
  ['a type it asked for', event({ type: 'story.updated' }), endpoint({}, ['story.published', 'story.updated']), true],
  ['a type it did not ask for', event({ type: 'story.updated' }), endpoint(), false],
  ['an event from before it was made', event(), endpoint({}, ['story.published'], 10), false],
  ['the first event after it was made', event(), endpoint({}, ['story.published'], 9), true],
  ['a quiet event', event({ body: null }), endpoint(), false],
  ['an event about no story', event({ type: 'ping', body: {} }), endpoint({}, ['ping']), false],
  ['a tag', event(), endpoint({ tags: ['topic/transport'] }), true],
  ['another partner', event(), endpoint({ partners: ['daily'] }), false],
  ['another language', event(), endpoint({ languages: ['de'] }), false],
  ['a channel that holds the story', event(), endpoint({ channels: ['transport'] }), true],
  ['a channel by a slug that it had before', event(), endpoint({ channels: ['traffic'] }), true],
  ['a channel that does not exist', event(), endpoint({ channels: ['sport'] }), false],
])('%s', (_what, happened, target, expected) => {
  expect(matches(happened, target)).toBe(expected);
});

test.each([
  ["another of the same partner's", { partnerId: 'p1' }, { partnerId: 'p1' }, ['endpoint.disabled'], true],
  ["another partner's", { partnerId: 'p1' }, { partnerId: 'p2' }, ['endpoint.disabled'], false],
  ['one that did not ask', { partnerId: 'p1' }, { partnerId: 'p1' }, ['story.published'], false],
  ['itself', { partnerId: 'p1', endpointId: 'e1' }, { partnerId: 'p1', id: 'e1' }, ['endpoint.disabled'], false],
  ['one of no partner, as it is itself', {}, {}, ['endpoint.disabled'], false],
] as const)('of a disabled endpoint hears %s: as it should be', (_who, about, target, types, expected) => {
  const happened = event({ type: 'endpoint.disabled', body: { endpoint: {} }, endpointId: 'e0', ...about });
  // Filters speak of stories.
  const asked = { ...endpoint({ languages: ['de'] }, [...types]), ...target };
  expect(matches(happened, asked)).toBe(expected);
});

test('every delivery is named after its event and its endpoint', () => {
  const [delivery] = matchEndpoints({
    ...{ events: [event()], endpoints: [endpoint()] },
    ...{ channels: [], stories: [], receivers: [], tellings: [], overtaking: [] },
  });
  expect(delivery).toMatchObject({ webhookId: 'msg_93dmgxqbwg8y8bfcawk8vk9xbm', endpointId: endpoint().id });
});

const storyId = '01a209d8-2222-768a-bfc9-fe4cca89297c';
const story = {
  id: storyId,
  published: true,
  sortAt: new Date(0),
  language: 'en',
  partners: [],
  tags: [],
  channels: [],
  worded: [],
  media: [],
  ageHours: 1,
};

test('a channel that a rule routes the story to counts as one that holds it', () => {
  const facts = (routes: string[]) => ({
    events: [event({ storyId })],
    endpoints: [endpoint({ channels: ['picks'] })],
    channels: [{ id: 'c2', slug: 'picks', formerSlugs: [], filter: { onlyRouted: true as const } }],
    stories: [{ ...story, routes }],
    receivers: [],
    tellings: [],
    overtaking: [],
  });
  expect(matchEndpoints(facts([]))).toHaveLength(0);
  expect(matchEndpoints(facts(['picks']))).toHaveLength(1);
});

describe('a story is taken back', () => {
  const unnamed = { story: storyBody({ partners: [] }) };
  const filtered = endpoint({ partners: ['agency'] }, ['story.published', 'story.withdrawn', 'story.merged']);
  const told = (happened: FanOutEvent[], to: ReturnType<typeof endpoint>, isReceiver: boolean) =>
    matchEndpoints({
      events: happened,
      endpoints: [to],
      channels: CHANNELS,
      stories: [],
      receivers: isReceiver ? happened.map(({ id }) => ({ eventId: id, endpointIds: [to.id] })) : [],
      tellings: [],
      overtaking: [],
    }).map((delivery) => delivery.event.type);

  test.each(['story.withdrawn', 'story.merged'] as const)(
    'of %s hears who was told of the story, whatever its filter says by now',
    (type) => {
      expect(told([event({ type, body: unnamed })], filtered, true)).toEqual([type]);
      expect(told([event({ type, body: unnamed })], filtered, false)).toEqual([]);
      expect(told([event({ type, body: unnamed })], { ...filtered, eventTypes: ['story.published'] }, true)).toEqual(
        [],
      );
      expect(told([event({ type, body: null })], filtered, true)).toEqual([]);
    },
  );

  test.each<[string, ReturnType<typeof endpoint>, EventType, boolean]>([
    ['whose filter fitted then', filtered, 'story.published', true],
    ['whose filter never fitted', { ...filtered, filter: { partners: ['daily'] } }, 'story.published', false],
    ['that asks for no such type', filtered, 'story.updated', false],
    ['that was made later', { ...filtered, sinceSeq: 3 }, 'story.published', false],
  ])(
    'where deliveries are not kept any more, an endpoint %s hears of it: as it should be',
    (_which, to, type, hears) => {
      const happened = event({ type: 'story.withdrawn', body: unnamed });
      const { tags, partners, language } = storyBody();
      const told = (eventId: string) =>
        matchEndpoints({
          ...{ events: [happened], endpoints: [to], channels: CHANNELS, stories: [], receivers: [], overtaking: [] },
          tellings: [{ eventId, type, seq: 3, body: { story: { tags, partners, language } } }],
        });
      expect(told(happened.id)).toHaveLength(hears ? 1 : 0);
      expect(told('01a209d8-3333-768a-bfc9-fe4cca89297c')).toEqual([]);
    },
  );

  test('who asks for a channel of new stories is told of one that was new there then', () => {
    const happened = event({ type: 'story.withdrawn', storyId, body: unnamed });
    const { tags, partners, language } = storyBody();
    const channels = [{ id: 'c3', slug: 'fresh', formerSlugs: [], filter: { maxAgeHours: 48, minPartners: 1 } }];
    const told = matchEndpoints({
      ...{ events: [happened], channels, receivers: [], overtaking: [] },
      endpoints: [endpoint({ channels: ['fresh'] }, ['story.published', 'story.withdrawn'])],
      stories: [{ ...story, published: false, routes: [], ageHours: 90 * 24 }],
      tellings: [
        { eventId: happened.id, type: 'story.published', seq: 3, body: { story: { tags, partners, language } } },
      ],
    });
    expect(told).toHaveLength(1);
  });

  test('who is told of a story by the same batch hears of its end too, and of no other story', () => {
    const [storyId, other] = ['01a209d8-2222-768a-bfc9-fe4cca89297c', '01a209d8-3333-768a-bfc9-fe4cca89297c'];
    const batch = [
      event({ storyId, seq: 10 }),
      event({ storyId: other, seq: 11, type: 'story.merged', body: unnamed }),
      event({ storyId, seq: 12, type: 'story.merged', body: unnamed }),
    ];
    expect(
      matchEndpoints({
        events: batch,
        endpoints: [filtered],
        channels: [],
        stories: [],
        receivers: [],
        tellings: [],
        overtaking: [],
      }).map((delivery) => delivery.event.seq),
    ).toEqual([10, 12]);
  });

  test('who is told of a story only after it was merged hears of that too, if it asked for it', () => {
    const late = event({ seq: 10 });
    const takedown = event({
      id: '01a209d8-4444-76f4-8ac6-6f84f64f1c97',
      seq: 12,
      type: 'story.merged',
      body: unnamed,
    });
    const told = (to: ReturnType<typeof endpoint>) =>
      matchEndpoints({
        ...{ events: [late], endpoints: [to], channels: [], stories: [], receivers: [], tellings: [] },
        overtaking: [{ eventId: late.id, takedown }],
      }).map((delivery) => [delivery.event.seq, delivery.webhookId]);
    expect(told(filtered).map(([seq]) => seq)).toEqual([10, 12]);
    expect(new Set(told(filtered).map(([, id]) => id)).size).toBe(2);
    expect(told(endpoint({}, ['story.published']))).toHaveLength(1);
    expect(told(endpoint({ partners: ['daily'] }, ['story.published', 'story.merged']))).toEqual([]);
  });
});
