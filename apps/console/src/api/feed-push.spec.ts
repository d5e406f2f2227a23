/** What a feed tells of its WebSub subscription, and an operator's word on it. */
import { FollowedHubRepository } from '#storage/followed-hub.repository.js';
import { testConsole, type TestConsole } from '../../../../test/support/console.js';
import { feedSchema } from './feeds.schemas.js';

let hub: TestConsole;
beforeAll(async () => {
  hub = await testConsole();
});
afterAll(() => hub?.close());

it('says that a feed names no hub, or how far the subscription there is, and takes an operator at their word', async () => {
  const { body } = await hub.api('POST', '/feeds', { url: 'https://pushing.example/feed', paused: true });
  const feed = feedSchema.parse(body);
  expect(feed.push).toMatchObject({ state: 'none', hub: null, reason: 'the feed names no hub' });
  const hubs = new FollowedHubRepository(hub.database);
  const named = { hub: 'https://hub.example/', topic: 'https://pushing.example/feed' };
  await hubs.follow(feed.id, 0, named);
  expect((await hub.api('GET', `/feeds/${feed.id}`)).body.push).toMatchObject({ state: 'waiting', ...named });
  const off = await hub.api('POST', `/feeds/${feed.id}/unsubscribe`);
  expect([off.status, off.body.push.reason]).toEqual([202, 'an operator wants no pushes for this feed']);
  const on = await hub.api('POST', `/feeds/${feed.id}/subscribe`);
  expect(on.body.push).toMatchObject({ state: 'waiting', reason: null });
  expect(feedSchema.parse(on.body)).toEqual(on.body);
  expect((await hub.api('GET', '/feeds')).body.items[0].push).toEqual(on.body.push);
  expect((await hub.api('POST', '/feeds/019a0000-0000-7000-8000-000000000001/subscribe')).status).toBe(404);
});

it('lets only the newest fetch say which hub a feed has', async () => {
  const { body } = await hub.api('POST', '/feeds', { url: 'https://pushing.example/other', paused: true });
  const feed = feedSchema.parse(body);
  await new FollowedHubRepository(hub.database).follow(feed.id, 7, { hub: 'https://hub.example/', topic: 'urn:x' });
  expect((await hub.api('GET', `/feeds/${feed.id}`)).body.push.state).toBe('none');
  expect(
    await hub.database.db.selectFrom('feed_subscriptions').selectAll().where('feed_id', '=', feed.id).execute(),
  ).toEqual([]);
});
