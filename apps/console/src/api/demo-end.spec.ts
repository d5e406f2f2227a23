/** The demo lasts until the first real partner or feed, and is over for good then. */
import { sql } from 'kysely';
import { testConsole, type TestConsole } from '../../../../test/support/console.js';
import { seedStory } from '../../../../test/support/story-seed.js';

let hub: TestConsole;
beforeAll(async () => {
  hub = await testConsole();
});
afterAll(() => hub?.close());

it('ends with the first real feed: feeds retired, endpoints disabled, stories withdrawn quietly', async () => {
  const partner = await hub.api('POST', '/partners', { name: 'Northwire', slug: 'northwire', demo: true });
  const feed = await hub.api('POST', '/feeds', { url: 'http://127.0.0.1:9/a', partnerId: partner.body.id, demo: true });
  const endpoint = await hub.api('POST', '/endpoints', { url: 'http://127.0.0.1:9/hook', demo: true });
  expect([partner.status, feed.status, endpoint.status]).toEqual([201, 201, 201]);
  const seed = { partnerId: partner.body.id as string, feedId: feed.body.id as string };
  const { storyId } = await seedStory(hub.database, { ...seed, isDemo: true });
  expect((await hub.api('GET', '/demo')).body).toEqual({ state: 'on' });

  const foreign = await hub.api('POST', '/feeds', { url: 'https://real.example/', partner: 'northwire' });
  expect(foreign.status).toBe(400);
  expect((await hub.api('GET', '/demo')).body).toEqual({ state: 'on' });

  expect((await hub.api('POST', '/feeds', { url: 'https://real.example/feed' })).status).toBe(201);
  expect((await hub.api('GET', '/demo')).body).toEqual({ state: 'off' });
  expect((await hub.api('GET', `/feeds/${seed.feedId}`)).body).toMatchObject({
    status: 'retired',
    statusReason: 'the demo has ended',
  });
  expect((await hub.api('GET', `/endpoints/${endpoint.body.id}`)).body.status).toBe('disabled');
  expect((await hub.api('GET', `/stories/${storyId}`)).body.status).toBe('withdrawn');
  const { rows } =
    await sql`SELECT type, quiet_reason, seq FROM events WHERE story_id = ${storyId} ORDER BY id`.execute(
      hub.database.db,
    );
  expect(rows.at(-1)).toEqual({ type: 'story.withdrawn', quiet_reason: 'the demo has ended', seq: null });
  for (const [path, body] of [
    ['/partners', { name: 'Late', demo: true }],
    ['/feeds', { url: 'https://late.example/', demo: true }],
    ['/endpoints', { url: 'https://late.example/', demo: true }],
  ] as const) {
    const late = await hub.api('POST', path, body);
    expect([late.status, late.body.type]).toEqual([409, 'urn:dateline:problem:demo-over']);
  }
});
