/** Every decision explained: where a story got to, what it is related to, an item's steps; and runs that process items again. */
import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { testConsole, type TestConsole } from '../../../../test/support/console.js';
import { seedDelivery, type SeededStory, seedStory } from '../../../../test/support/story-seed.js';
import { runProgram } from '../cli/program.js';
import { itemDetailSchema } from './items.schemas.js';
import { reprocessingDetailSchema, reprocessingPageSchema } from './reprocessings.schemas.js';
import { storyDetailSchema, storyPageSchema } from './stories.schemas.js';

const CLUSTER = '01a00000-0000-7000-8000-000000000001';
let hub: TestConsole;
let story: SeededStory;
let other: SeededStory;
let endpointId: string;

beforeAll(async () => {
  hub = await testConsole();
  const feed = (await hub.api('POST', '/feeds', { url: 'https://gazette.example/feed', paused: true })).body;
  const seed = { partnerId: feed.partnerId as string, feedId: feed.id as string };
  story = await seedStory(hub.database, seed);
  other = await seedStory(hub.database, { ...seed, title: 'After the storm', tag: 'topic/disaster' });
  endpointId = (await hub.api('POST', '/endpoints', { url: 'https://receiver.example/hook' })).body.id;
  await seedDelivery(hub.database, story, endpointId);
  const { body: channel } = await hub.api('POST', '/channels', { slug: 'storms', title: 'Storms' });
  await sql`INSERT INTO channel_stories (channel_id, story_id, sort_at) VALUES (${channel.id}, ${story.storyId}, now())
    ON CONFLICT DO NOTHING`.execute(hub.database.db);
  await sql`INSERT INTO story_clusters (story_id, cluster_id, published_at, nearest_story_id, likeness, words) VALUES
    (${story.storyId}, ${CLUSTER}, now(), NULL, NULL, '{}'),
    (${other.storyId}, ${CLUSTER}, now(), ${story.storyId}, 0.4213, '{harbour,storm}')`.execute(hub.database.db);
});
afterAll(() => hub?.close());

async function dateline(...words: string[]) {
  const [out, err]: string[][] = [[], []];
  const code = await runProgram(words, {
    env: { DATELINE_URL: hub.url, DATELINE_TOKEN: hub.token },
    print: (text) => out?.push(text),
    complain: (text) => err?.push(text),
    input: Readable.from([]),
  });
  return { code, out: out?.join('\n'), err: err?.join('\n') };
}

describe('a story', () => {
  it('that many copied and changed is answered in part, and says how much there is', async () => {
    const { db } = hub.database;
    const feed = (await hub.api('POST', '/feeds', { url: 'https://much.example/feed', paused: true })).body;
    const { storyId, itemId } = await seedStory(hub.database, {
      ...{ partnerId: feed.partnerId as string, feedId: feed.id as string, title: 'Told by everybody' },
    });
    await sql`
      WITH more AS (
        INSERT INTO items (id, feed_id, partner_id, identity_key, identity_rule, content_hash, parsed, first_fetch_id,
            fetch_id, correlation_id, processed_version, state)
          SELECT gen_random_uuid(), i.feed_id, i.partner_id, 'copy ' || n, 'guid', '', i.parsed, i.fetch_id, i.fetch_id, 'c', 1, 'in-story'
            FROM items i, generate_series(1, 249) n WHERE i.id = ${itemId}
        RETURNING id, partner_id)
      INSERT INTO story_items (item_id, story_id, partner_id, rule, evidence)
        SELECT id, ${storyId}, partner_id, 'guid', '{}' FROM more`.execute(db);
    await sql`
      INSERT INTO story_partners (story_id, partner_id, sort_at)
        SELECT s.id, p.id, s.sort_at FROM stories s, partners p WHERE s.id = ${storyId} ON CONFLICT DO NOTHING`.execute(
      db,
    );
    await sql`
      INSERT INTO story_versions SELECT (jsonb_populate_record(v, jsonb_build_object('version', n))).*
        FROM story_versions v, generate_series(2, 45) n WHERE v.story_id = ${storyId} AND v.version = 1`.execute(db);
    const { body } = await hub.api('GET', `/stories/${storyId}`);
    expect(storyDetailSchema.parse(body)).toEqual(body);
    const { body: list } = await hub.api('GET', '/stories?limit=200');
    const listed = storyPageSchema.parse(list).items.find(({ id }) => id === storyId);
    expect(listed).toMatchObject({ items: 250, partners: body.partners });
    expect(body.partners.length).toBeGreaterThan(1);
    expect(body).toMatchObject({ itemCount: 250, versionCount: 45, eventCount: 1 });
    expect(body.items).toHaveLength(200);
    const { versions } = storyDetailSchema.parse(body);
    expect(versions.map(({ version }) => version)).toEqual(Array.from({ length: 20 }, (_, n) => 45 - n));
    const all = await hub.api('GET', `/stories/${storyId}/versions?limit=200`);
    expect(all.body.items).toHaveLength(45);
  });

  it('leaves out long texts beyond a megabyte, and says where they are', async () => {
    const { db } = hub.database;
    const feed = (await hub.api('POST', '/feeds', { url: 'https://long.example/feed', paused: true })).body;
    const { storyId, itemId } = await seedStory(hub.database, {
      ...{ partnerId: feed.partnerId as string, feedId: feed.id as string, title: 'Told at length' },
    });
    await sql`
      WITH more AS (
        INSERT INTO items (id, feed_id, partner_id, identity_key, identity_rule, content_hash, parsed, first_fetch_id,
            fetch_id, correlation_id, processed_version, state)
          SELECT gen_random_uuid(), i.feed_id, i.partner_id, 'long ' || n, 'guid', '',
              i.parsed || jsonb_build_object('content', repeat('<p>tide</p>', 30000)), i.fetch_id, i.fetch_id, 'c', 1, 'in-story'
            FROM items i, generate_series(1, 20) n WHERE i.id = ${itemId}
        RETURNING id, partner_id)
      INSERT INTO story_items (item_id, story_id, partner_id, rule, evidence)
        SELECT id, ${storyId}, partner_id, 'guid', '{}' FROM more`.execute(db);
    await sql`
      INSERT INTO story_versions SELECT (jsonb_populate_record(v, jsonb_build_object('version', n, 'content', repeat('<p>ebb</p>', 30000)))).*
        FROM story_versions v, generate_series(2, 19) n WHERE v.story_id = ${storyId} AND v.version = 1`.execute(db);
    const { body } = await hub.api('GET', `/stories/${storyId}`);
    expect(storyDetailSchema.parse(body)).toEqual(body);
    expect(JSON.stringify(body).length).toBeLessThan(2_500_000);
    const { items, versions } = storyDetailSchema.parse(body);
    expect(items.find(({ id }) => id === itemId)).toMatchObject({ textLeftOut: false });
    const left = items.filter(({ textLeftOut }) => textLeftOut);
    expect(left).toHaveLength(17);
    for (const { title, parsed } of left) expect([title, parsed.content]).toEqual(['Told at length', undefined]);
    const { body: whole } = await hub.api('GET', `/items/${left[0]?.id ?? ''}`);
    expect(whole.parsed.content).toHaveLength(330_000);
    expect(versions.map(({ textLeftOut }) => textLeftOut)).toEqual([
      ...[false, false, false],
      ...Array.from({ length: 16 }, () => true),
    ]);
    const { body: version } = await hub.api('GET', `/stories/${storyId}/versions/2`);
    expect(version.content).toHaveLength(300_000);
  });

  it('says which channels list it, and which endpoints heard of it with what outcome', async () => {
    const { body } = await hub.api('GET', `/stories/${story.storyId}`);
    expect(storyDetailSchema.parse(body)).toEqual(body);
    expect(body.channels).toEqual(expect.arrayContaining([{ slug: 'storms', title: 'Storms' }]));
    expect(body.endpoints).toMatchObject([
      {
        endpointId,
        url: 'https://receiver.example/hook',
        eventId: story.eventId,
        eventType: 'story.published',
        status: 'failed',
        httpStatus: 500,
        reason: 'answered 500',
      },
    ]);
  });

  it('says what it is related to, how much and by which words', async () => {
    const { body } = await hub.api('GET', `/stories/${other.storyId}`);
    expect(storyDetailSchema.parse(body)).toEqual(body);
    expect(body.related).toMatchObject({
      clusterId: CLUSTER,
      because: { storyId: story.storyId, likeness: 0.421, words: ['harbour', 'storm'] },
      stories: [{ id: story.storyId, title: 'Storm over the harbour', likeness: null }],
    });
    const { body: first } = await hub.api('GET', `/stories/${story.storyId}`);
    expect(first.related).toMatchObject({
      because: null,
      stories: [{ id: other.storyId, words: ['harbour', 'storm'] }],
    });
  });

  it('is related to nothing that is not published', async () => {
    await sql`UPDATE stories SET status = 'withdrawn' WHERE id = ${other.storyId}`.execute(hub.database.db);
    expect((await hub.api('GET', `/stories/${story.storyId}`)).body.related.stories).toEqual([]);
    await sql`UPDATE stories SET status = 'published' WHERE id = ${other.storyId}`.execute(hub.database.db);
  });
});

describe('an item', () => {
  const steps = async (id: string) => {
    const { body } = await hub.api('GET', `/items/${id}`);
    expect(itemDetailSchema.parse(body)).toEqual(body);
    return body.steps as { step: string; at: string | null; outcome: string; reason: string | null }[];
  };

  it('shows its way through every step with times', async () => {
    const way = await steps(story.itemId);
    expect(way.map(({ step, outcome }) => `${step}: ${outcome}`)).toEqual([
      'fetch: changed',
      'store: stored',
      'process: in-story',
      'join: made the story',
      'tag: 1 tag',
      'announce: story.published',
      'deliver: 1 failed',
    ]);
    expect(way.filter(({ step }) => step !== 'tag').every(({ at }) => at !== null)).toBe(true);
  });

  it.each([
    ['first', 'original', {}, 'made the story', 'no story had it'],
    [
      ...(['first', 'derived', { originalOf: CLUSTER }, 'joined the story'] as const),
      `with story ${CLUSTER}, which it had made and which was merged into it`,
    ],
    ['text-copy', 'duplicate', {}, 'joined the story', 'rule "text-copy", as a duplicate'],
    ['url', 'derived', {}, 'joined the story', 'rule "url", as derived from it'],
    [
      'operator',
      'derived',
      { action: CLUSTER },
      'joined the story',
      `moved there later by an operator (action ${CLUSTER})`,
    ],
  ])('says how it came into its story: %s, %s %j', async (rule, relation, evidence, outcome, reason) => {
    const joined = sql`UPDATE story_items SET rule = ${rule}, relation = ${relation}, evidence = ${JSON.stringify(evidence)}
      WHERE item_id = ${other.itemId}`;
    await joined.execute(hub.database.db);
    expect((await steps(other.itemId)).find(({ step }) => step === 'join')).toMatchObject({ outcome, reason });
    const { body } = await hub.api('GET', `/items/${other.itemId}`);
    expect(body.join).toMatchObject({ rule, relation });
    expect((body.way as string[]).at(-1)).toContain(`${outcome} ${other.storyId}: ${reason}`);
    await sql`UPDATE story_items SET rule = 'first', relation = 'original', evidence = '{}' WHERE item_id = ${other.itemId}`.execute(
      hub.database.db,
    );
  });

  it('says that an operator let it in past the rules, until it comes in another version', async () => {
    const reasonOf = async () => (await steps(other.itemId)).find(({ step }) => step === 'process')?.reason;
    await sql`UPDATE items SET released_version = version WHERE id = ${other.itemId}`.execute(hub.database.db);
    const { body } = await hub.api('GET', `/items/${other.itemId}`);
    expect(body.way).toContainEqual(expect.stringContaining('it is in-story: released by an operator'));
    expect(await reasonOf()).toBe('released by an operator: no rule drops or holds this version');
    await sql`UPDATE items SET version = version + 1, processed_version = version + 1 WHERE id = ${other.itemId}`.execute(
      hub.database.db,
    );
    expect(await reasonOf()).toBeNull();
  });

  it.each(['dropped', 'held', 'failed'])('says why it was %s', async (state) => {
    await sql`UPDATE items SET state = ${state}, state_reason = 'rule "No horoscopes"' WHERE id = ${other.itemId}`.execute(
      hub.database.db,
    );
    expect((await steps(other.itemId)).find(({ step }) => step === 'process')).toMatchObject({
      outcome: state,
      reason: 'rule "No horoscopes"',
    });
    await sql`UPDATE items SET state = 'in-story', state_reason = NULL WHERE id = ${other.itemId}`.execute(
      hub.database.db,
    );
  });
});

describe('processing again', () => {
  it('is begun once, watched and stopped', async () => {
    const { status, body } = await hub.api('POST', '/reprocessings', { from: '2026-01-01', dryRun: true });
    expect(status).toBe(201);
    expect(reprocessingDetailSchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({ status: 'waiting', dryRun: true, items: 0, from: '2026-01-01T00:00:00.000Z' });
    const again = await hub.api('POST', '/reprocessings', { dryRun: true });
    expect([again.status, again.body.id]).toEqual([409, body.id]);
    // A run that writes is of another kind, and may be under way beside a dry one.
    const real = await hub.api('POST', '/reprocessings', {});
    expect(real.status).toBe(201);
    const list = await hub.api('GET', '/reprocessings?limit=1');
    expect(reprocessingPageSchema.parse(list.body).items).toMatchObject([{ id: real.body.id }]);
    expect((await hub.api('DELETE', `/reprocessings/${body.id}`)).status).toBe(204);
    expect((await hub.api('GET', `/reprocessings/${body.id}`)).body.status).toBe('stopped');
    expect((await hub.api('DELETE', `/reprocessings/${real.body.id}`)).status).toBe(204);
    expect((await hub.api('DELETE', '/reprocessings/01a00000-0000-7000-8000-000000000009')).status).toBe(404);
  });

  it.each([
    [{ from: 'yesterday' }, 'from: must be a date'],
    [{ from: '2026-02-01', to: '2026-01-01' }, 'to: from must be earlier than to'],
    [{ since: '2026-02-01' }, 'since'],
  ])('refuses %j and says why', async (body, message) => {
    const answer = await hub.api('POST', '/reprocessings', body);
    expect([answer.status, answer.body.detail]).toEqual([400, expect.stringContaining(message)]);
  });

  it('is done from the command line', async () => {
    const begun = await dateline('reprocess', '--from', '2026-01-01', '--dry-run', '--no-wait');
    expect(begun).toMatchObject({ code: 0, out: expect.stringContaining('is under way') });
    const id = /run (\S+)/.exec(begun.out ?? '')?.[1] ?? '';
    await sql`UPDATE reprocessing_runs SET status = 'done', finished_at = now(), items = 7, items_total = 7, items_changed = 1,
        changes = '{"tags": 1}', examples = ${JSON.stringify([{ itemId: story.itemId, storyId: story.storyId, title: 'Storm', fields: [{ field: 'tags', before: null, after: 'topic/weather' }] }])}
      WHERE id = ${id}`.execute(hub.database.db);
    const shown = await dateline('reprocess', 'show', id);
    expect(shown.out).toBe(
      'done: dry run: nothing was written. 7 of 7 items, 1 changed (tags 1)\n  Storm\n    tags: nothing -> "topic/weather"',
    );
    expect((await dateline('reprocess', 'list')).out).toContain(id);
    expect((await dateline('reprocess', 'stop', id)).out).toBe(`stopped run ${id}`);
  });
});
