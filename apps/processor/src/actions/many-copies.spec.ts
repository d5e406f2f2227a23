/** What is done to a story that hundreds copied is what would be done to any, on a real PostgreSQL. */
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { testIntake, type TestIntake } from '../../../../test/support/intake.js';
import { addPartner, type TestFeed } from '../../../../test/support/partners-items.js';
import { StoryDesk } from '../../../../test/support/story-desk.js';

const COPIES = 505;

let t: TestDatabase;
let intake: TestIntake;
let desk: StoryDesk;
let wire: TestFeed;
let fuller: TestFeed;
let fullest: TestFeed;
let id: string;
let best: string;
let second: string;

const words = (count: number): string => Array.from({ length: count }, (_, i) => `tide${i}`).join(' ');
const item = (n: number, count: number) => ({
  ...{ id: `tide-${n}`, title: 'The tide turns', content: `<p>${words(count)}</p>` },
  categories: [{ term: `tide-${count}` }],
});

beforeAll(async () => {
  t = await testDatabase();
  intake = testIntake(t.database);
  desk = new StoryDesk(t.database, intake);
  wire = await addPartner(t.database, 'Wire');
  fuller = await addPartner(t.database, 'Fuller');
  fullest = await addPartner(t.database, 'Fullest');
  const many = await desk.take(wire, ...Array.from({ length: COPIES }, (_, n) => item(n, 40)));
  [second = ''] = await desk.take(fuller, item(0, 120));
  [best = ''] = await desk.take(fullest, item(0, 300));
  id = (await desk.home(best)).story_id;
  for (const one of [many[0], many.at(-1), second]) expect((await desk.home(one)).story_id).toBe(id);
}, 120_000);
afterAll(async () => {
  await intake?.stop();
  await t?.drop();
});

const partners = async (): Promise<string[]> =>
  (
    await t.database.db
      .selectFrom('story_partners')
      .innerJoin('partners', 'partners.id', 'partner_id')
      .select('name')
      .where('story_id', '=', id)
      .where('named', '=', true)
      .orderBy('name')
      .execute()
  ).map(({ name }) => name);
const slugs = async () => (await desk.tags(id)).map((tag) => tag.split(':')[0]);

test('a new version of one copy takes no tag from the others', async () => {
  await desk.take(wire, { ...item(1, 40), categories: [{ term: 'tide-new' }] });
  expect(await slugs()).toEqual(['tide-120', 'tide-300', 'tide-40', 'tide-new']);
  await desk.take(wire, item(1, 40));
});

test('its leading copy is taken down, and put back', async () => {
  expect(await desk.story(id)).toMatchObject({ leading_item_id: best });
  const down = await desk.ask({ kind: 'withdraw-item', itemId: best });
  expect(await desk.story(id)).toMatchObject({ leading_item_id: second, content: `<p>${words(120)}</p>` });
  expect(await partners()).toEqual(['Fuller', 'Wire']);
  expect(await slugs()).toEqual(['tide-120', 'tide-40']);
  await desk.undo(down);
  expect(await desk.story(id)).toMatchObject({ leading_item_id: best, content: `<p>${words(300)}</p>` });
  expect(await partners()).toEqual(['Fuller', 'Fullest', 'Wire']);
  expect(await slugs()).toEqual(['tide-120', 'tide-300', 'tide-40']);
});

test('it is withdrawn, and restored', async () => {
  await desk.ask({ kind: 'withdraw', storyId: id });
  expect(await desk.story(id)).toMatchObject({ status: 'withdrawn' });
  await desk.ask({ kind: 'restore', storyId: id });
  expect(await desk.story(id)).toMatchObject({ status: 'published', leading_item_id: best });
});

test('another of its copies is chosen to lead', async () => {
  const led = await desk.ask({ kind: 'lead', storyId: id, itemId: second });
  expect(await desk.story(id)).toMatchObject({ leading_item_id: second, content: `<p>${words(120)}</p>` });
  await desk.undo(led);
  expect(await desk.story(id)).toMatchObject({ leading_item_id: best });
});

test('a partner’s embargo hides that partner’s copy alone', async () => {
  await t.database.db
    .updateTable('partners')
    .set({ rights: JSON.stringify({ embargoMinutes: 60 }) })
    .where('id', '=', fuller.partnerId)
    .execute();
  await t.database.db.updateTable('stories').set({ rights_due_at: new Date() }).where('id', '=', id).execute();
  await intake.settleRights();
  expect(await desk.story(id)).toMatchObject({ status: 'published', leading_item_id: best });
  expect(await partners()).toEqual(['Fullest', 'Wire']);
});
