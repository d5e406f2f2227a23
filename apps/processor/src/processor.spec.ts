/** The whole processor, started as its process starts it, against real Postgres and Redis: lost jobs are found again. */
import { Redis } from 'ioredis';
import { sql } from 'kysely';
import type { Config } from '#config/config.js';
import type { RunningService } from '#service/start-service.js';
import { testConfig } from '../../../test/support/config.js';
import { testDatabase, type TestDatabase } from '../../../test/support/database.js';
import { addPartner, receive, type TestFeed } from '../../../test/support/partners-items.js';
import { until } from '../../../test/support/until.js';
import { startProcessor } from './bootstrap.js';

let t: TestDatabase;
let config: Config;
let processor: RunningService;
let redis: Redis;
let feed: TestFeed;

beforeAll(async () => {
  t = await testDatabase();
  config = testConfig(t.url, { processorPort: 0 });
  redis = new Redis(config.redisUrl);
  feed = await addPartner(t.database, 'Kelso Wire');
});
afterAll(async () => {
  await processor?.close();
  redis?.disconnect();
  await t?.drop();
});

const forget = async () => redis.del(await redis.keys(`*${config.redisPrefix}*`));
const arrive = async (...ids: string[]) =>
  receive(
    t.database,
    feed,
    ids.map((id) => ({ id, title: `Story ${id} of the harbour`, content: `<p>The text of ${id}.</p>` })),
  );
const events = () => t.database.db.selectFrom('events').select(['id', 'seq', 'enqueued_at']).orderBy('seq').execute();

test('what was committed before the start, and never enqueued, is processed', async () => {
  await arrive('one', 'two');
  processor = await startProcessor(config, 'processor');
  await until('both are relayed', async () => (await events()).filter(({ seq }) => seq !== null).length === 2);
  const seqs = (await events()).map(({ seq }) => Number(seq));
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
});

test('Redis forgets: batches and events are handed out again', async () => {
  await arrive('three');
  await until('Redis has been emptied', async () => ((await forget()) >= 0 ? true : undefined));
  await until('the batch is done', async () => (await events()).length === 3);
  const before = (await events()).map(({ enqueued_at }) => enqueued_at?.getTime() ?? 0);
  await forget();
  await until('unpublished events are announced again', async () => {
    const after = (await events()).map(({ enqueued_at }) => enqueued_at?.getTime() ?? 0);
    return after.length === 3 && after.every((at, i) => at > (before[i] ?? 0));
  });
  const jobs = await redis.keys(`*${config.redisPrefix}*publish-events*events-*`);
  expect(jobs.length).toBeGreaterThan(0);
});

test('it ends while work waits, and loses nothing', async () => {
  await arrive(...Array.from({ length: 250 }, (_, i) => `many-${i}`));
  await forget();
  await new Promise((resolve) => setTimeout(resolve, 350));
  await processor.close();
  processor = await startProcessor(config, 'processor');
  await until(
    'all are in stories',
    async () => (await t.database.db.selectFrom('story_items').select('item_id').execute()).length === 253,
  );
  await until(
    'no batch is left',
    async () => (await t.database.db.selectFrom('item_batches').selectAll().execute()).length === 0,
  );
  await until('every event has its place', async () => (await events()).every(({ seq }) => seq !== null));
});

test('what an embargo held back is released at its end, once, though the processor was away and Redis emptied', async () => {
  const held = await addPartner(t.database, 'Held Wire', { rights: { embargoMinutes: 60 } });
  const published = new Date(Date.now() - 60_000).toISOString();
  const item = { id: 'held', title: 'A pier is to be built at the ferry', content: '<p>A pier of oak.</p>', published };
  const { itemIds } = await receive(t.database, held, [item]);
  await forget();
  const story = () =>
    t.database.db
      .selectFrom('stories')
      .select(['id', 'status', 'rights_due_at'])
      .where('leading_item_id', '=', itemIds[0] ?? '')
      .executeTakeFirst();
  const told = async () => {
    const about = (await story())?.id ?? '';
    return t.database.db.selectFrom('events').select(['type', 'seq']).where('story_id', '=', about).execute();
  };
  await until('it is held back', async () => (await story())?.status === 'withheld');
  expect(await told()).toEqual([]);
  await processor.close();
  await forget();
  // An hour goes by.
  await sql`UPDATE items SET published_at = published_at - interval '1 hour' WHERE id = ${itemIds[0]}`.execute(
    t.database.db,
  );
  await sql`UPDATE stories SET rights_due_at = rights_due_at - interval '1 hour' WHERE rights_due_at IS NOT NULL`.execute(
    t.database.db,
  );
  processor = await startProcessor(config, 'processor');
  await until('it is released', async () => (await story())?.status === 'published');
  await until('its event has its place', async () => typeof (await told())[0]?.seq === 'number');
  expect((await told()).map(({ type }) => type)).toEqual(['story.published']);
  expect((await story())?.rights_due_at).toBeNull();
});
