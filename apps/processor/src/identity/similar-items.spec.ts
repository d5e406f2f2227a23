/** Copies that share no key, through the whole intake: linked or suppressed with evidence, boilerplate learned and cut. */
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { testIntake, type TestIntake } from '../../../../test/support/intake.js';
import { addPartner, receive, type TestFeed, type TestItem } from '../../../../test/support/partners-items.js';

const PUBLISHED = '2026-11-20T08:00:00.000Z';
const LEAD =
  'The ferry company of Ostrand will close its northern line on 14 March, its director said, because only 1,200 passengers a week still cross the sound in winter.';
const REST =
  'Fishermen of the three islands protested in front of the town hall. They want the council to pay for a smaller boat, which would cost 2.5 million crowns.';

let t: TestDatabase;
let intake: TestIntake;

beforeAll(async () => {
  t = await testDatabase();
  intake = testIntake(t.database);
});
afterAll(async () => {
  await intake?.stop();
  await t?.drop();
});

const take = async (feed: TestFeed, ...items: TestItem[]) => {
  const { fetchId, itemIds } = await receive(t.database, feed, items);
  await intake.process(fetchId);
  return itemIds;
};
const placesOf = async (ids: string[]) => {
  const rows = await t.database.db
    .selectFrom('story_items')
    .select(['item_id', 'story_id', 'rule', 'relation', 'evidence'])
    .where('item_id', 'in', ids)
    .execute();
  return ids.map((id) => rows.find((row) => row.item_id === id));
};
const item = (id: string, title: string, content: string): TestItem => ({ id, title, content, published: PUBLISHED });

test('a lead alone is shown as its story, an update is linked, both say why', async () => {
  const ids = [
    ...(await take(
      await addPartner(t.database, 'Wire'),
      item('w', 'Ostrand ferry to stop', `<p>${LEAD}</p><p>${REST}</p>`),
    )),
    ...(await take(await addPartner(t.database, 'Lead'), item('l', 'Islands lose boat', `<p>${LEAD}</p>`))),
    ...(await take(
      await addPartner(t.database, 'Late'),
      item(
        'u',
        'UPDATE 1-Ostrand ferry to stop',
        `<p>${LEAD.replace('1,200', '900')}</p><p>${REST.replace('2.5', '3.1')}</p>`,
      ),
    )),
  ];
  const [wire, lead, update] = await placesOf(ids);
  expect(new Set([wire, lead, update].map((row) => row?.story_id)).size).toBe(1);
  expect(wire).toMatchObject({ rule: 'first', relation: 'original' });
  expect(lead).toMatchObject({
    rule: 'text-copy',
    relation: 'duplicate',
    evidence: { matchedItemId: ids[0], matchedPartner: 'Wire', numberAgreement: 1, sharedSentences: [LEAD] },
  });
  expect(update).toMatchObject({ relation: 'derived', rule: 'update-marker' });
});

test('copies in one chunk find each other, reports with other figures do not', async () => {
  const report = (amount: number, drain: number): string =>
    `<p>The central bank of Velmora said it forecast a shortage of around ${amount} mln crowns in the money market today. Bills maturing in official hands will drain some ${drain} mln crowns, partly offset by a fall in note circulation.</p>`;
  const feed = await addPartner(t.database, 'Markets');
  const places = await placesOf(
    await take(
      feed,
      item('m1', 'Money market', report(410, 87)),
      item('m2', 'Money market', report(95, 310)),
      item('m3', 'Money market', report(410, 87).replace('today', 'this morning')),
    ),
  );
  expect(places.map((row) => row?.relation).sort()).toEqual(['duplicate', 'original', 'original']);
});

test('a round-up glues nothing, whatever it is called', async () => {
  const feed = await addPartner(t.database, 'Evening');
  const one = `<p>The old observatory of Karnavik opened its dome on Friday night, and 340 visitors queued in the snow to see the ringed planet through its restored lens.</p>`;
  const two = `<p>Bakers in Lindhaven sold out of saffron buns by nine in the morning, after a storm had kept the delivery boats in port for 5 days and flour became rare.</p>`;
  const ids = [
    ...(await take(feed, item('r1', 'Dome opens', one), item('r2', 'Buns sold out', two))),
    ...(await take(await addPartner(t.database, 'Collector'), item('r3', 'Friday in the islands', one + two))),
  ];
  const places = await placesOf(ids);
  expect(new Set(places.map((row) => row?.story_id)).size).toBe(3);
});

test('a notice in the place of articles makes one story of none of them, from the second one on', async () => {
  const notice =
    '<p>This article is for subscribers of the paper only. Subscribe today and read everything that our reporters write, on all of your devices and as often as you like. The first four weeks cost nothing, and you may end your subscription on any day of the month without giving a reason.</p>';
  const feed = await addPartner(t.database, 'Paywall');
  const titles = [
    'Mayor opens bridge',
    'Mayor opens school',
    'Bakers run out of flour',
    'Harbour frozen',
    'Wolves seen',
  ];
  const ids: string[] = [];
  for (const [i, title] of titles.entries()) ids.push(...(await take(feed, item(`n${i}`, title, notice))));
  const [again] = await placesOf(await take(feed, item('n9', 'Wolves seen - Paywall Online', notice)));
  const places = await placesOf(ids);
  expect(places.map((row) => row?.relation)).toEqual(titles.map(() => 'original'));
  expect(new Set(places.map((row) => row?.story_id)).size).toBe(titles.length);
  expect(again).toMatchObject({ story_id: places[4]?.story_id, relation: 'duplicate' });
});

test('boilerplate does not count, and is cut where the partner lets us', async () => {
  const footer = '<p>Read more at Gazette Online, the home of island news since the great storm of long ago.</p>';
  const feed = await addPartner(t.database, 'Gazette', { rights: { cutBoilerplate: true } });
  const story = (i: number): string =>
    `<p>${'abcdefghij'
      .split('')
      .map((letter) => `word${letter}${i} thing${i}${letter}`)
      .join(' ')} in the year.</p>`;
  await take(
    feed,
    ...Array.from({ length: 12 }, (_, i) => item(`b${i}`, `Story ${i} of the gazette`, story(i) + footer)),
  );
  const [late] = await take(feed, item('late', 'The last story of the gazette', story(99) + footer));
  const row = await t.database.db
    .selectFrom('story_items as si')
    .innerJoin('stories as s', 's.id', 'si.story_id')
    .select(['s.content', 'si.rule'])
    .where('si.item_id', '=', late ?? '')
    .executeTakeFirstOrThrow();
  expect(row).toEqual({ rule: 'first', content: story(99) });
});
