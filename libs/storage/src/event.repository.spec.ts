/** The outbox against a real PostgreSQL: sequence numbers appear in order, once, and lost announcements are found. */
import { testDatabase, type TestDatabase } from '../../../test/support/database.js';
import { addPartner, receive } from '../../../test/support/partners-items.js';
import { EventRepository, type NewEvent } from './event.repository.js';
import { uuidV7 } from './uuid.js';

let t: TestDatabase;
let events: EventRepository;
const stories: string[] = [];

beforeAll(async () => {
  t = await testDatabase();
  events = new EventRepository(t.database);
  const feed = await addPartner(t.database, 'Wire');
  const { itemIds } = await receive(t.database, feed, [{ id: 'a', title: 'A' }]);
  for (let i = 0; i < 4; i += 1) {
    const id = uuidV7();
    stories.push(id);
    await t.database.db
      .insertInto('stories')
      .values({
        ...{ id, slug: 's', leading_item_id: itemIds[0] ?? '', title: 't', summary: '', content: '', body_text: '' },
        ...{ source_name: 'Wire', published_at: new Date(), sort_at: new Date(), search: '' },
      })
      .execute();
  }
});
afterAll(() => t?.drop());

const event = (storyId: string, version: number, id = uuidV7()): NewEvent => ({
  id,
  type: version === 1 ? 'story.published' : 'story.updated',
  storyId,
  storyVersion: version,
  body: { story: { id: storyId, version } } as unknown as NewEvent['body'],
  quietReason: null,
  correlationId: 'c_test',
  createdAt: new Date(),
});
const add = (...list: NewEvent[]) => t.database.transaction((trx) => events.add(trx, list));
const sequence = async () => {
  const rows = await t.database.db.selectFrom('events').select(['id', 'seq', 'story_version']).orderBy('seq').execute();
  return rows.map(({ id }) => id);
};

test('a version is announced once, however often it is written', async () => {
  const [a] = stories as [string];
  const first = event(a, 1);
  await add(first);
  await add(event(a, 1));
  expect((await events.relay(10)).map(({ id }) => id)).toEqual([first.id]);
  expect(await events.relay(10)).toEqual([]);
});

test('versions keep their order even where a clock runs behind', async () => {
  const [, b, c] = stories as [string, string, string];
  const early = uuidV7();
  const between = event(c, 1);
  const published = event(b, 1);
  // Written by a processor whose clock is behind: its id is older than that of the version before.
  const updated = event(b, 2, early);
  await add(published, between, updated);
  expect((await events.relay(10)).map(({ id }) => id)).toEqual([between.id, published.id, updated.id]);
});

test('many relays at once number every event once, without gaps', async () => {
  const before = await sequence();
  const [, , , d] = stories as [string, string, string, string];
  const many = Array.from({ length: 120 }, (_, i) => event(d, i + 1));
  await add(...many);
  const relayed = await Promise.all(Array.from({ length: 6 }, () => events.relay(50)));
  const seqs = relayed.flat().map(({ seq }) => seq);
  expect(new Set(seqs).size).toBe(120);
  expect(Math.max(...seqs) - Math.min(...seqs)).toBe(119);
  expect((await sequence()).slice(before.length)).toEqual(many.map(({ id }) => id));
});

test('events nobody fanned out are claimed again after a while, each time under a new generation', async () => {
  expect(await events.claimStale(60_000, 10)).toEqual([]);
  const first = await events.claimStale(0, 10);
  expect(first).toHaveLength(10);
  expect(first.map(({ seq }) => seq)).toEqual(first.map(({ seq }) => seq).sort((a, b) => a - b));
  expect(first.every(({ generation }) => generation === 2)).toBe(true);
  await t.database.db
    .updateTable('events')
    .set({ fanned_out_at: new Date() })
    .where('id', '=', first[0]?.id ?? '')
    .execute();
  const again = await events.claimStale(0, 10);
  expect(again.map(({ id }) => id)).not.toContain(first[0]?.id);
});
