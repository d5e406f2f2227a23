/** The outbox against a real PostgreSQL: sequence numbers appear in order, once, and lost announcements are found. */
import { sql } from 'kysely';
import { testDatabase, type TestDatabase } from '../../../test/support/database.js';
import { addPartner, receive } from '../../../test/support/partners-items.js';
import { EventRepository, type NewEvent, relayStatement } from './event.repository.js';
import { uuidV7 } from './uuid.js';

let t: TestDatabase;
let events: EventRepository;
const stories: string[] = [];

beforeAll(async () => {
  t = await testDatabase();
  events = new EventRepository(t.database);
  const feed = await addPartner(t.database, 'Wire');
  const { itemIds } = await receive(t.database, feed, [{ id: 'a', title: 'A' }]);
  for (let i = 0; i < 8; i += 1) {
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

test('versions keep their order where a batch is full before it comes to the first of them', async () => {
  const [e, f, g] = stories.slice(4) as [string, string, string];
  const [early, later] = [uuidV7(), uuidV7()];
  const between = [event(f, 1), event(f, 2), event(f, 3)];
  const [published, edited] = [event(e, 1), event(e, 2)];
  const alone = event(g, 1);
  // The two newest versions of a story have the oldest ids, and the two oldest lie beyond the batch.
  const [updated, again] = [event(e, 3, later), event(e, 4, early)];
  await add(...between, published, edited, alone, updated, again);
  const relayed: string[] = [];
  for (let batch = 0; batch < 9; batch += 1) {
    const some = await events.relay(2);
    expect(some.length).toBeLessThanOrEqual(2);
    relayed.push(...some.map(({ id }) => id));
  }
  const inOrder = (of: string[]) => relayed.filter((id) => of.includes(id));
  const versions = [published, edited, updated, again].map(({ id }) => id);
  expect(inOrder(versions)).toEqual(versions);
  expect(inOrder(between.map(({ id }) => id))).toEqual(between.map(({ id }) => id));
  expect(relayed).toHaveLength(8);
});

test('a batch that is not full asks for no versions beyond it; a full one finds each by its story', async () => {
  const [h] = stories.slice(7) as [string];
  await add(...Array.from({ length: 40 }, (_, i) => event(h, i + 1)));
  const plan = async (limit: number): Promise<string> => {
    const lines = await t.database.db.transaction().execute(async (trx) => {
      const { rows } = await sql<{
        'QUERY PLAN': string;
      }>`EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) ${relayStatement(limit)}`.execute(trx);
      // Nothing is relayed: it is only asked how.
      await sql`UPDATE events SET seq = NULL WHERE story_id = ${h}`.execute(trx);
      return rows.map((row) => row['QUERY PLAN']);
    });
    return lines.join('\n');
  };
  expect(await plan(500)).toMatch(/events_story_version_type on events x \(never executed\)/);
  expect(await plan(20)).toMatch(/events_story_version_type on events x \(actual rows/);
  expect(await events.relay(500)).toHaveLength(40);
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
