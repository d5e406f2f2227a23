/** Whose turn it is, among many ingestors and many hubs. */
import { type TestDatabase, testDatabase } from '../../../test/support/database.js';
import { FeedRepository } from './feed.repository.js';
import { FeedSubscriptionRepository } from './feed-subscription.repository.js';
import { FollowedHubRepository } from './followed-hub.repository.js';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t?.drop());

async function subscription(hub: string, name: string): Promise<string> {
  const url = `https://${name}.example/feed`;
  const { feedId } = await new FeedRepository(t.database).add({ url, newsWindowSeconds: 0 });
  await new FollowedHubRepository(t.database).follow(feedId, 0, { hub, topic: url });
  return (await new FeedSubscriptionRepository(t.database).idOfFeed(feedId)) as string;
}

test('each turn goes to one process, a busy hub gets few a second, and another hub is not kept waiting', async () => {
  const subscriptions = new FeedSubscriptionRepository(t.database);
  for (let index = 0; index < 30; index++) await subscription('https://busy.example/', `busy-${index}`);
  const other = await subscription('https://calm.example/', 'calm');
  const claims = (await Promise.all([1, 2, 3].map(() => subscriptions.claimDue(10)))).flat();
  expect(new Set(claims.map(({ id }) => id)).size).toBe(claims.length);
  expect(claims.length).toBeLessThanOrEqual(10);
  const again = await subscriptions.claimDue(10);
  expect([...claims, ...again].map(({ id }) => id)).toContain(other);
  const later = await t.database.db.selectFrom('feed_subscriptions').select('next_action_at').execute();
  const waits = later.map(({ next_action_at }) => (next_action_at?.getTime() ?? 0) - Date.now());
  expect(Math.min(...waits)).toBeGreaterThan(-1_000);
});

test('a claim that was outdated by another changes nothing', async () => {
  const subscriptions = new FeedSubscriptionRepository(t.database);
  const id = await subscription('https://third.example/', 'third');
  const [claim] = (await subscriptions.claimDue(10)).filter((one) => one.id === id);
  await t.database.db
    .updateTable('feed_subscriptions')
    .set({ next_action_at: new Date(0) })
    .where('id', '=', id)
    .execute();
  await subscriptions.claimDue(10);
  const change = await subscriptions.change(id, (now) => ({ ...now, state: 'active' }), claim?.generation);
  expect(change).toBeNull();
  expect((await subscriptions.change(id, () => null))?.before.state).toBe('waiting');
});
