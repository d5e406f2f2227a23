/** Rules, dictionaries and held items through the API. */
import { sql } from 'kysely';
import { RuleBookRepository } from '#storage/rule-book.repository.js';
import { testConsole, type TestConsole } from '../../../../test/support/console.js';
import { seedStory, type SeededStory } from '../../../../test/support/story-seed.js';
import { addPartner, receive } from '../../../../test/support/partners-items.js';
import { ruleSchema } from './rules.schemas.js';

let hub: TestConsole;
let story: SeededStory;

beforeAll(async () => {
  hub = await testConsole();
  const feed = (await hub.api('POST', '/feeds', { url: 'https://gazette.example/feed', partner: 'Gazette' })).body as {
    id: string;
    partnerId: string;
  };
  story = await seedStory(hub.database, { partnerId: feed.partnerId, feedId: feed.id });
  await seedStory(hub.database, {
    partnerId: feed.partnerId,
    feedId: feed.id,
    title: 'Ferries late',
    tag: 'place/harbour',
  });
});
afterAll(() => hub?.close());

const has = (field: string, ...phrases: string[]) => ({ kind: 'phrase', field, phrases });
const tag = (name: string) => ({ kind: 'tag', scheme: 'keyword', name });
const version = () => new RuleBookRepository(hub.database).version();

describe('rules', () => {
  it('are added, listed in their order, changed and removed; each change moves the version', async () => {
    const before = await version();
    const first = await hub.api('POST', '/rules', {
      name: 'Storms',
      condition: has('title', 'storm'),
      actions: [tag('Storm')],
    });
    expect(first.status).toBe(201);
    expect(ruleSchema.parse(first.body)).toEqual(first.body);
    expect(first.body).toMatchObject({ enabled: true, inWords: 'title has "storm"', notes: [] });
    const second = await hub.api('POST', '/rules', {
      name: 'Late',
      condition: {
        kind: 'and',
        of: [has('text', 'late'), { kind: 'not', of: { kind: 'language', languages: ['de'] } }],
      },
      actions: [{ kind: 'hold' }],
    });
    await hub.api('PATCH', `/rules/${second.body.id}`, { position: 1, enabled: false });
    const page = await hub.api('GET', '/rules?limit=1');
    expect(page.body.items).toMatchObject([{ name: 'Late', enabled: false, position: 1 }]);
    const rest = await hub.api('GET', `/rules?limit=1&cursor=${page.body.nextCursor}`);
    expect(rest.body).toMatchObject({ items: [{ name: 'Storms' }], nextCursor: null });
    expect((await hub.api('DELETE', `/rules/${second.body.id}`)).status).toBe(204);
    expect((await hub.api('GET', `/rules/${second.body.id}`)).status).toBe(404);
    expect(await version()).toBe(before + 4);
  });

  it.each<[string, unknown, number, string]>([
    ['a name that is taken', { name: 'Storms' }, 409, 'A rule has the name "Storms"'],
    ['no action', { actions: [] }, 400, 'actions'],
    ['an unknown kind', { condition: { kind: 'sentiment' } }, 400, 'must have kind phrase, regex'],
    [
      'an expression that is no RE2',
      { condition: { kind: 'regex', field: 'title', pattern: '(a' } },
      400,
      'missing closing )',
    ],
    ['a phrase of nothing', { condition: has('title', '\u200b\u00ad ') }, 400, ''],
    ['a time that is always', { condition: { kind: 'time', zone: 'UTC' } }, 400, 'needs from, until, days or hours'],
    [
      'a span that ends before it begins',
      { condition: { kind: 'time', from: '2026-12-01T00:00:00Z', until: '2026-12-01T00:30:00+01:00' } },
      400,
      'must be later than from',
    ],
    ['to drop and to hold', { actions: [{ kind: 'drop' }, { kind: 'hold' }] }, 400, 'drop and hold are both named'],
    [
      'two priorities',
      {
        actions: [
          { kind: 'priority', priority: 1 },
          { kind: 'priority', priority: 2 },
        ],
      },
      400,
      'priority is named more than once',
    ],
    [
      'a tag given and taken',
      { actions: [tag('Storm Watch'), { kind: 'untag', scheme: 'keyword', name: 'storm watch' }] },
      400,
      'keyword/storm-watch is both given and taken',
    ],
    [
      'a zone that is none',
      { condition: { kind: 'time', days: ['mon'], zone: 'Europe/Atlantis' } },
      400,
      'must be a time zone',
    ],
    [
      'a channel that is none',
      { actions: [{ kind: 'route', channel: 'nowhere' }] },
      422,
      'there is no channel "nowhere"',
    ],
    ['a tag without a letter', { actions: [tag('!!')] }, 400, 'must have a letter or a digit'],
  ])('are refused for %s', async (_, change, status, detail) => {
    const rule = { name: 'Refused', condition: has('title', 'x'), actions: [tag('X')], ...(change as object) };
    const answer = await hub.api('POST', '/rules', rule);
    expect([answer.status, answer.body.detail]).toEqual([status, expect.stringContaining(detail)]);
  });

  it.each([13, 3_000])('are refused for %d conditions inside each other', async (depth) => {
    const inner = '{"kind":"language","languages":["en"]}';
    const condition: unknown = JSON.parse(`${'{"kind":"not","of":'.repeat(depth)}${inner}${'}'.repeat(depth)}`);
    const answer = await hub.api('POST', '/rules', { name: 'Deep', condition, actions: [tag('X')] });
    expect([answer.status, answer.body.detail]).toEqual([400, expect.stringContaining('inside each other')]);
  });

  it('say when an expression runs over every text, and there is room for a few of these only', async () => {
    const wide = { kind: 'regex', field: 'title', pattern: '[A-Z]{9}' };
    const one = await hub.api('POST', '/rules', { name: 'Shouting', condition: wide, actions: [tag('Loud')] });
    expect(one.body.notes).toEqual([expect.stringContaining('runs over every text')]);
    const many = { kind: 'or', of: Array.from({ length: 50 }, () => wide) };
    const refused = await hub.api('POST', '/rules', { name: 'More', condition: many, actions: [tag('Loud')] });
    expect(refused).toMatchObject({ status: 409, body: { type: 'urn:dateline:problem:too-many-wide-expressions' } });
    expect((await hub.api('PATCH', `/rules/${one.body.id}`, { condition: wide })).status).toBe(200);
    await hub.api('DELETE', `/rules/${one.body.id}`);
  });

  it('are listed also where an expression was stored that is refused now: their notes say why', async () => {
    const refused = [`(?:${'[a-z]?'.repeat(20)}){1000}`, 'ferry [z-a]'];
    const of = refused.map((pattern) => ({ kind: 'regex', field: 'title', pattern }));
    const { id } = (
      await hub.api('POST', '/rules', { name: 'Of old', condition: has('title', 'x'), actions: [tag('X')] })
    ).body;
    await sql`UPDATE rules SET condition = ${JSON.stringify({ kind: 'or', of })}::jsonb WHERE id = ${id}`.execute(
      hub.database.db,
    );
    const notes = [
      expect.stringContaining('no effect: "(?:[a-z]?'),
      expect.stringContaining('no effect: "ferry [z-a]"'),
    ];
    const { status, body } = await hub.api('GET', '/rules');
    expect([status, body.items]).toEqual([200, expect.arrayContaining([expect.objectContaining({ id, notes })])]);
    expect((await hub.api('PATCH', `/rules/${id}`, { enabled: false })).body).toMatchObject({ enabled: false, notes });
    expect((await hub.api('DELETE', `/rules/${id}`)).status).toBe(204);
  });

  it('are tried before they are stored: which stories would change, how, and why', async () => {
    await hub.api('POST', '/channels', { slug: 'picks', title: 'Picks', filter: { onlyRouted: true } });
    const { status, body } = await hub.api('POST', '/rules/preview', {
      condition: { kind: 'or', of: [has('title', 'storm'), has('body', 'zebra')] },
      actions: [
        tag('Storm'),
        { kind: 'untag', scheme: 'topic', name: 'Weather' },
        { kind: 'route', channel: 'picks' },
        { kind: 'priority', priority: 7 },
      ],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ stories: 2, complete: true, matched: 1, changed: 1, dropped: 0, held: 0 });
    expect(body.examples).toMatchObject([
      {
        storyId: story.storyId,
        partner: 'gazette',
        because: ['title has "storm"'],
        changes: [
          'tag keyword/storm added',
          'tag topic/weather removed',
          'into channel picks',
          'priority 7 in place of 0',
        ],
      },
    ]);
    const drop = await hub.api('POST', '/rules/preview', {
      condition: { kind: 'partner', partners: ['gazette'] },
      actions: [{ kind: 'drop' }],
      stories: 1,
    });
    expect(drop.body).toMatchObject({ stories: 1, matched: 1, dropped: 1, examples: [{ changes: ['dropped'] }] });
    expect((await hub.api('GET', `/stories/${story.storyId}`)).body.tags).toHaveLength(1);

    // What an operator gave no rule takes, and what one took no rule gives again.
    const { db } = hub.database;
    const own = db.updateTable('story_tags').where('story_id', '=', story.storyId);
    const { source = '' } = (await db.selectFrom('story_tags').select('source').executeTakeFirst()) ?? {};
    await own.set({ source: 'operator' }).execute();
    const harbour = db.selectFrom('tags').select('id').where('slug', '=', 'harbour');
    await db.insertInto('story_tags_refused').values({ story_id: story.storyId, tag_id: harbour }).execute();
    const idle = await hub.api('POST', '/rules/preview', {
      condition: has('title', 'storm'),
      actions: [
        { kind: 'untag', scheme: 'topic', name: 'Weather' },
        { kind: 'tag', scheme: 'place', name: 'Harbour' },
      ],
    });
    expect(idle.body).toMatchObject({ matched: 1, changed: 0 });
    await own.set({ source }).execute();
    await db.deleteFrom('story_tags_refused').execute();
  });
});

describe('rules name what there is', () => {
  const add = (name: string, condition: unknown, actions: unknown[] = [tag('X')]) =>
    hub.api('POST', '/rules', { name, condition, actions, enabled: false });

  it.each<[string, unknown, unknown[], number, string]>([
    ['a mistyped partner', { kind: 'partner', partners: ['gazete'] }, [tag('X')], 422, 'did you mean "gazette"?'],
    ['a partner by its name', { kind: 'partner', partners: ['Gazette'] }, [tag('X')], 422, 'did you mean "gazette"?'],
    ['an unknown partner', { kind: 'partner', partners: ['zzz'] }, [tag('X')], 422, 'there is no partner "zzz": GET'],
    [
      'an unknown feed',
      { kind: 'feed', feeds: ['01a209d8-0000-768a-bfc9-fe4cca89297c'] },
      [tag('X')],
      422,
      'there is no feed 01a209d8',
    ],
    ['no address', { kind: 'feed', feeds: ['gazette'] }, [tag('X')], 400, 'neither the id nor the URL of a feed'],
    [
      'a mistyped channel',
      { kind: 'partner', partners: ['gazette'] },
      [{ kind: 'route', channel: 'harbor-talk' }],
      422,
      'did you mean "harbour-talk"?',
    ],
  ])('are refused for %s', async (_, condition, actions, status, detail) => {
    await hub.api('POST', '/channels', { slug: 'harbour-talk', title: 'Harbour talk', filter: {} });
    const answer = await add('Mistyped', condition, actions);
    expect([answer.status, answer.body.detail]).toEqual([status, expect.stringContaining(detail)]);
    expect((await hub.api('POST', '/rules/preview', { condition, actions })).status).toBe(status);
  });

  it('may name a feed to come, and say so in their notes', async () => {
    const feeds = ['https://GAZETTE.example/feed#top', 'https://gazette.example/feeds'];
    const { status, body } = await add('To come', { kind: 'feed', feeds });
    expect([status, body.notes]).toEqual([
      201,
      [
        'No feed has the URL "https://gazette.example/feeds" (did you mean "https://gazette.example/feed"?): until one has, no item is from it.',
      ],
    ]);
    const preview = { condition: { kind: 'feed', feeds: feeds.slice(0, 1) }, actions: [tag('X')] };
    expect((await hub.api('POST', '/rules/preview', preview)).body).toMatchObject({ matched: 2, notes: [] });
    const page = await hub.api('GET', '/rules');
    expect(page.body.items).toContainEqual(expect.objectContaining({ name: 'To come', notes: body.notes }));
    await hub.api('DELETE', `/rules/${body.id}`);
  });

  it('say which topics are none of IPTC, and where a channel has gone', async () => {
    const made = await hub.api('POST', '/channels', { slug: 'short-lived', title: 'Short', filter: {} });
    const topic = (name: string) => ({ kind: 'tag', scheme: 'topic', name });
    const actions = [topic('weather'), topic('Football'), topic('Wether'), { kind: 'route', channel: 'short-lived' }];
    const { body } = await add('Topics', has('title', 'x'), actions);
    const topics = [
      '"Football" is the name of no IPTC Media Topic. The one that it names is "soccer".',
      '"Wether" is the name of no IPTC Media Topic; GET /api/v1/topics?q= finds those.',
    ];
    expect(body.notes).toEqual(topics);
    await hub.api('DELETE', `/channels/${made.body.id}`);
    const gone = 'There is no channel "short-lived": nothing is put into it.';
    expect((await hub.api('GET', `/rules/${body.id}`)).body.notes).toEqual([gone, ...topics]);
    await hub.api('DELETE', `/rules/${body.id}`);
  });
});

describe('a draft', () => {
  const storm = has('title', 'storm');
  const preview = async (draft: object) => {
    const { body } = await hub.api('POST', '/rules/preview', draft);
    const examples = body.examples as { storyId: string; changes: string[] }[];
    const changes = examples.find(({ storyId }) => storyId === story.storyId)?.changes;
    return { ...body, changes } as { changed: number; matched: number; changes: string[] | undefined };
  };
  const stored = async (name: string, position: number, ...actions: unknown[]) => {
    const { body } = await hub.api('POST', '/rules', { name, position, condition: storm, actions });
    return body.id as string;
  };
  const untag = { kind: 'untag', scheme: 'keyword', name: 'Gale' };

  it('is tried among the rules in force, at its place', async () => {
    const id = await stored('No gales', 5_000, untag);
    const draft = { condition: storm, actions: [tag('Gale')] };
    expect((await preview(draft)).changes).toEqual(['tag keyword/gale added']);
    expect(await preview({ ...draft, position: 4_999 })).toMatchObject({ matched: 1, changed: 0, changes: [] });
    const drop = await stored('Drop', 6_000, { kind: 'drop' });
    expect(await preview(draft)).toMatchObject({ matched: 1, changed: 0, changes: [] });
    await hub.api('PATCH', `/rules/${drop}`, { enabled: false });
    expect((await preview(draft)).changes).toEqual(['tag keyword/gale added']);
    for (const one of [id, drop]) await hub.api('DELETE', `/rules/${one}`);
  });

  it('takes the place of the rule that it replaces', async () => {
    const channel = await hub.api('POST', '/channels', { slug: 'gales', title: 'Gales', filter: {} });
    const hold = await stored('Hold', 5_000, { kind: 'hold' });
    const draft = { condition: has('title', 'zebra'), actions: [untag], ruleId: hold };
    expect((await preview(draft)).changes).toEqual(['no longer held']);
    expect((await preview({ ...draft, condition: storm, actions: [{ kind: 'hold' }] })).changes).toEqual(['held']);
    await hub.api('DELETE', `/rules/${hold}`);

    const routes = await stored('Route', 5_000, { kind: 'route', channel: 'gales' }, { kind: 'priority', priority: 3 });
    expect((await preview({ ...draft, ruleId: routes })).changes).toEqual([
      'no longer routed to channel gales',
      'priority 0 in place of 3',
    ]);
    await hub.api('DELETE', `/rules/${routes}`);
    await hub.api('DELETE', `/channels/${channel.body.id}`);
  });

  it('says nothing of a hold where an operator has released the item', async () => {
    const { db } = hub.database;
    const item = db.updateTable('items').where('id', '=', story.itemId);
    await item.set((row) => ({ released_version: row.ref('version') })).execute();
    expect(await preview({ condition: storm, actions: [{ kind: 'hold' }] })).toMatchObject({ matched: 1, changed: 0 });
    await item.set({ released_version: 0 }).execute();
  });
});

describe('dictionaries', () => {
  const upload = async (id: string, csv: string, query = '') => {
    const response = await fetch(`${hub.url}/api/v1/dictionaries/${id}/entries${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${hub.token}`, 'content-type': 'text/csv' },
      body: csv,
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it('are imported with a report, exported, replaced and removed', async () => {
    const made = (await hub.api('POST', '/dictionaries', { name: 'Lines' })).body as { id: string };
    const lines = [
      'phrase,scheme,tag',
      'Grey Gull,organisation,Grey Gull Line',
      'Kelso Bay,place,',
      '"Port, Old",PLACE,Old Port',
      'grey gull,organisation,Grey Gull Line',
      'x,colour,y',
      ',place,y',
    ];
    const before = await version();
    const report = await upload(made.id, lines.join('\r\n'));
    expect(report).toEqual({
      status: 200,
      body: {
        lines: 6,
        added: 3,
        alreadyHere: 1,
        failed: 2,
        failures: [
          { line: 6, reason: '"colour" is no scheme: it must be one of topic, place, person, organisation, keyword' },
          { line: 7, reason: 'the phrase is missing' },
        ],
        entries: 3,
      },
    });
    expect(await version()).toBe(before + 1);
    expect((await upload(made.id, 'Kelso Bay,place,\n')).body).toMatchObject({ added: 0, alreadyHere: 1, entries: 3 });
    const exported = await hub.api('GET', `/dictionaries/${made.id}/entries`);
    expect(exported.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(exported.body).toBe(
      'phrase,scheme,tag\r\ngrey gull,organisation,Grey Gull Line\r\nKelso Bay,place,Kelso Bay\r\n"Port, Old",place,Old Port\r\n',
    );
    expect((await upload(made.id, 'Ferry;keyword;Ferries', '?replace=true')).body).toMatchObject({
      added: 1,
      entries: 1,
    });
    for (const [csv, why] of [
      ['Ferry\tkeyword\tFerries\n', 'line 1: "" is no scheme'],
      ['\n\n', 'it has no entry'],
      ['phrase,scheme,tag\n', 'it has no entry'],
      ['F\0e\0r\0r\0y\0,\0keyword,', 'line 1: it is not in UTF-8'],
      [`Tug,keyword,\n"Barge,keyword,\n${'Boat,keyword,\n'.repeat(500)}`, 'line 2: a quotation mark is not closed'],
    ] as const)
      expect(await upload(made.id, csv, '?replace=true')).toMatchObject({
        status: 422,
        body: { detail: expect.stringContaining(why) },
      });
    expect((await hub.api('GET', `/dictionaries/${made.id}`)).body.entries).toBe(1);
    expect((await hub.api('POST', '/dictionaries', { name: 'Lines' })).body).toMatchObject({
      id: made.id,
      status: 409,
    });
    expect((await hub.api('GET', '/dictionaries')).body.items).toMatchObject([{ name: 'Lines', entries: 1 }]);
    expect((await hub.api('DELETE', `/dictionaries/${made.id}`)).status).toBe(204);
    expect((await upload(made.id, 'a,place,b')).status).toBe(404);
  });

  it('refuse what is no CSV, and more than a processor can keep', async () => {
    const made = (await hub.api('POST', '/dictionaries', { name: 'Large', matchCase: true })).body as { id: string };
    expect((await hub.api('POST', `/dictionaries/${made.id}/entries`, { a: 1 })).status).toBe(415);
    const many = Array.from({ length: 100_001 }, (_, index) => `name ${index},person,\n`).join('');
    expect(await upload(made.id, many)).toMatchObject({
      status: 413,
      body: { detail: expect.stringContaining('100000') },
    });
    expect((await hub.api('GET', `/dictionaries/${made.id}`)).body.entries).toBe(0);
  });
});

describe('held items', () => {
  it('are listed, released and dropped; others are not', async () => {
    const feed = await addPartner(hub.database, 'Rumour Mill');
    const { fetchId, itemIds } = await receive(hub.database, feed, [
      { title: 'One' },
      { title: 'Two' },
      { title: 'Three' },
    ]);
    const [one = '', two = '', three = ''] = itemIds;
    await hub.database.db
      .updateTable('items')
      .set({ state: 'held', state_reason: 'held for review by rule "Look"', processed_version: 1 })
      .where('id', 'in', [one, two])
      .execute();
    await hub.database.db.deleteFrom('item_batches').execute();
    const listed = await hub.api('GET', '/items?state=held');
    const ids = (listed.body.items as { id: string }[]).map(({ id }) => id);
    expect(ids.sort()).toEqual([one, two].sort());

    const released = await hub.api('POST', `/items/${one}/release`);
    expect(released).toMatchObject({
      status: 202,
      body: { state: 'received', stateReason: 'released by an operator' },
    });
    const batches = await hub.database.db.selectFrom('item_batches').select('fetch_id').execute();
    expect(batches).toEqual([{ fetch_id: fetchId }]);
    const dropped = await hub.api('POST', `/items/${two}/drop`, { reason: 'not so' });
    expect(dropped.body).toMatchObject({ state: 'dropped', stateReason: 'dropped by an operator: not so' });
    expect(await hub.api('POST', `/items/${three}/release`)).toMatchObject({
      status: 409,
      body: { detail: 'The item is received. Only what is held or dropped can be released.' },
    });
    expect((await hub.api('POST', `/items/${crypto.randomUUID()}/drop`)).status).toBe(404);
  });
});
