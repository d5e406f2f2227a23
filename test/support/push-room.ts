/** The push room for tests: a whole ingestor on a database of its own, and a hub that it can be subscribed at. */
import { FeedAdminRepository } from '#storage/feed-admin.repository.js';
import { FeedSubscriptionRepository } from '#storage/feed-subscription.repository.js';
import { FeedRepository } from '#storage/feed.repository.js';
import { startIngestor } from '../../apps/ingestor/src/bootstrap.js';
import { testConfig } from './config.js';
import { testDatabase } from './database.js';
import { freePorts } from './free-ports.js';
import { until } from './until.js';
import { atomDocument, type PushOptions, type SeenSubscription, WebSubHub } from './websub-hub.js';

export interface TestFeedFacts {
  hubPath?: string;
  link?: string;
  self?: string;
  ids?: string[];
}

export type PushRoom = Awaited<ReturnType<typeof pushRoom>>;

export async function pushRoom() {
  const t = await testDatabase();
  const hub = await WebSubHub.start();
  const [port = 0] = await freePorts(1);
  const callbackUrl = `http://127.0.0.1:${port}`;
  const ingestor = await startIngestor(testConfig(t.url, { ingestorPort: port, callbackUrl }), 'ingestor');
  const close = async () => {
    await ingestor.close();
    await hub.close();
    await t.drop();
  };

  let number = 0;
  /** A feed with a path of its own; what its document says, and the topic it names. */
  async function addFeed(facts: TestFeedFacts = {}) {
    const path = `/feed/${++number}`;
    const hubUrl = `${hub.origin}${facts.hubPath ?? '/hub'}`;
    const topic = facts.self ?? `${hub.origin}${path}`;
    const named = facts.link === undefined ? { hub: hubUrl, self: topic } : {};
    const serve = (...ids: string[]) =>
      hub.documents.set(path, {
        body: atomDocument({ ...named, ids: ids.map((id) => `${path}-${id}`) }),
        ...(facts.link === undefined ? {} : { link: facts.link }),
      });
    serve(...(facts.ids ?? ['one']));
    const url = `${hub.origin}${path}`;
    const { feedId } = await new FeedRepository(t.database).add({ url, newsWindowSeconds: 86_400 });
    return { feedId, path, topic, serve };
  }
  const feedRow = (id: string) =>
    t.database.db.selectFrom('feeds').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const subscriptions = (feedId: string) =>
    t.database.db.selectFrom('feed_subscriptions').selectAll().where('feed_id', '=', feedId).execute();
  const items = async (feedId: string) =>
    (await t.database.db.selectFrom('items').select('identity_key').where('feed_id', '=', feedId).execute()).length;
  const pushView = async (feedId: string) => (await new FeedAdminRepository(t.database).get(feedId))?.push;
  const inState = (feedId: string, state: string) =>
    until(
      `the subscription is ${state}`,
      async () => (await pushView(feedId))?.state === state && (await subscriptions(feedId))[0],
    );
  const due = (feedId: string) =>
    t.database.db
      .updateTable('feed_subscriptions')
      .set({ next_action_at: new Date() })
      .where('feed_id', '=', feedId)
      .execute();
  const pollNow = async (feedId: string, path: string) => {
    const before = hub.polled.get(path) ?? 0;
    await new FeedAdminRepository(t.database).makeDue(feedId, 'test');
    await until(
      'it was polled',
      async () => (hub.polled.get(path) ?? 0) > before && (await feedRow(feedId)).enqueued_at === null,
    );
  };
  /** A feed whose subscription is active, and what the hub was asked. */
  async function subscribed(facts: TestFeedFacts = {}) {
    const feed = await addFeed(facts);
    await inState(feed.feedId, 'active');
    const [asked] = hub.askedFor(feed.topic) as [SeenSubscription];
    const push = (ids: string[], options: PushOptions = {}) =>
      hub.push(asked, atomDocument({ ids: ids.map((id) => `${feed.path}-${id}`) }), options);
    return { ...feed, asked, push };
  }

  /** As the keeper does every few seconds. */
  const reconcile = () => new FeedSubscriptionRepository(t.database).reconcile();
  return {
    reconcile,
    t,
    hub,
    callbackUrl,
    close,
    addFeed,
    subscribed,
    feedRow,
    subscriptions,
    items,
    pushView,
    inState,
    due,
    pollNow,
  };
}
