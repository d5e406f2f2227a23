import { type TestDatabase, testDatabase } from '../../../test/support/database.js';
import { FeedAdminRepository } from './feed-admin.repository.js';
import { FeedRepository } from './feed.repository.js';
import { PartnerAdminRepository } from './partner-admin.repository.js';
import { PartnerHomeRepository } from './partner-home.repository.js';
import { PartnerRepository } from './partner.repository.js';

let t: TestDatabase;
let homes: PartnerHomeRepository;
beforeAll(async () => {
  t = await testDatabase();
  homes = new PartnerHomeRepository(t.database);
});
afterAll(() => t.drop());

let number = 0;
const add = (more: { partnerId?: string; isDemo?: boolean } = {}) =>
  new FeedRepository(t.database).add({ url: `https://a.example/${++number}`, newsWindowSeconds: 60, ...more });
const feed = (id: string) => new FeedAdminRepository(t.database).get(id);
const partner = (id: string) => new PartnerAdminRepository(t.database).get(id);

test('two feeds of one site share one partner, and the one that is left over goes', async () => {
  const [first, second] = [await add(), await add()];
  expect(await homes.settleBatch([{ feedId: first.feedId, homeKey: 'one.example' }])).toEqual([
    { partnerId: first.partnerId, joined: false },
  ]);
  expect(await homes.settleBatch([{ feedId: second.feedId, homeKey: 'one.example' }])).toEqual([
    { partnerId: first.partnerId, joined: true },
  ]);
  expect(await partner(second.partnerId)).toBeUndefined();
  expect(await feed(first.feedId)).toMatchObject({ partner_reason: 'made from its home page, one.example' });
  expect(await feed(second.feedId)).toMatchObject({
    partner_id: first.partnerId,
    partner_reason: 'shares the home page one.example with this partner',
  });
  // Asked again, nothing moves.
  expect(await homes.settleBatch([{ feedId: second.feedId, homeKey: 'one.example' }])).toEqual([
    { partnerId: first.partnerId, joined: true },
  ]);
});

test('feeds that come at the same moment find each other', async () => {
  const feeds = await Promise.all(Array.from({ length: 6 }, () => add()));
  const ask = (some: typeof feeds) =>
    homes.settleBatch(some.map(({ feedId }) => ({ feedId, homeKey: 'together.example' })));
  const settled = (await Promise.all([ask(feeds.slice(0, 3)), ask(feeds.slice(3))])).flat();
  expect(new Set(settled.map((one) => one?.partnerId)).size).toBe(1);
  expect(settled.filter((one) => one?.joined === false)).toHaveLength(1);
});

test('a feed joins the partner that an operator made for the site, but never leaves one that an operator chose', async () => {
  const made = await new PartnerRepository(t.database).create({
    name: 'Two',
    namedByOperator: true,
    siteUrl: 'https://www.two.example/',
  });
  const alone = await add();
  expect(await homes.settleBatch([{ feedId: alone.feedId, homeKey: 'two.example' }])).toEqual([
    { partnerId: made.id, joined: true },
  ]);
  const chosen = await add({ partnerId: (await add()).partnerId });
  expect(await homes.settleBatch([{ feedId: chosen.feedId, homeKey: 'two.example' }])).toEqual([
    { partnerId: chosen.partnerId, joined: true },
  ]);
  expect(await feed(chosen.feedId)).toMatchObject({ partner_reason: null });
});

test('a partner that an operator has named meanwhile keeps its feed, and the demo keeps to itself', async () => {
  const named = await add();
  await new PartnerAdminRepository(t.database).update(named.partnerId, { name: 'Three' });
  expect(await homes.settleBatch([{ feedId: named.feedId, homeKey: 'one.example' }])).toEqual([
    { partnerId: named.partnerId, joined: false },
  ]);
  const demo = await add({ isDemo: true });
  expect(await homes.settleBatch([{ feedId: demo.feedId, homeKey: 'one.example' }])).toEqual([
    { partnerId: demo.partnerId, joined: false },
  ]);
});
