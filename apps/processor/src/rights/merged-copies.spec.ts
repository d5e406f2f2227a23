/** What a story waits for by its copies' rights, the story that it goes into waits for, on a real PostgreSQL. */
import { sql } from 'kysely';
import type { PartnerRights } from '#domain/story-rights.js';
import { askForReview } from '#storage/story-rights.repository.js';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { testIntake, type TestIntake } from '../../../../test/support/intake.js';
import { addPartner } from '../../../../test/support/partners-items.js';
import { StoryDesk } from '../../../../test/support/story-desk.js';

let t: TestDatabase;
let intake: TestIntake;
let desk: StoryDesk;
beforeAll(async () => {
  t = await testDatabase();
  intake = testIntake(t.database);
  desk = new StoryDesk(t.database, intake);
});
afterAll(async () => {
  await intake?.stop();
  await t?.drop();
});

test('a partner whose copy came along under embargo is named when that ends', async () => {
  const daily = await addPartner(t.database, 'Harbour Daily');
  const early = await addPartner(t.database, 'Early Post', { rights: { embargoMinutes: 60 } });
  const [kept = ''] = await desk.take(daily, { id: 'tag:harbour.example,2026:1', title: 'A lock opens' });
  const [shown = ''] = await desk.take(daily, { id: 'tag:harbour.example,2026:2', title: 'A weir opens' });
  const [hidden = ''] = await desk.take(early, { id: 'tag:harbour.example,2026:2', title: 'A weir opens' });
  const [winner, loser] = [(await desk.home(kept)).story_id, (await desk.home(shown)).story_id];
  expect((await desk.home(hidden)).story_id).toBe(loser);
  await desk.ask({ kind: 'merge', storyId: winner, storyIds: [loser] });
  // The hour is over.
  await sql`UPDATE items SET received_at = received_at - interval '2 hours' WHERE id = ${hidden}`.execute(
    t.database.db,
  );
  await sql`UPDATE stories SET rights_due_at = rights_due_at - interval '2 hours'`.execute(t.database.db);
  await intake.settleRights();
  const named = await t.database.db
    .selectFrom('story_partners')
    .select('named')
    .where('story_id', '=', winner)
    .where('partner_id', '=', early.partnerId)
    .execute();
  expect(named).toEqual([{ named: true }]);
});

test('what a story told that went into another one is told to nobody any more when its partner allows less', async () => {
  const daily = await addPartner(t.database, 'Weir Daily');
  const agency = await addPartner(t.database, 'Weir Agency');
  const items = [
    await desk.take(daily, {
      id: 'tag:weir.example,2026:1',
      title: 'A bridge is painted',
      content: '<p>In green.</p>',
    }),
    await desk.take(agency, {
      id: 'tag:weir.example,2026:2',
      title: 'A mill turns',
      content: '<p>It turns again.</p>',
    }),
    await desk.take(daily, { id: 'tag:weir.example,2026:3', title: 'A quay is swept', content: '<p>By hand.</p>' }),
  ];
  const [home = '', ofAgency = '', ofDaily = ''] = await Promise.all(
    items.map(async ([id]) => (await desk.home(id)).story_id),
  );
  await desk.ask({ kind: 'merge', storyId: home, storyIds: [ofAgency, ofDaily] });
  await changeRights(agency.partnerId, { excerptOnly: true });
  const less = 'rights: its partner allows less of it now';
  expect(await told(ofAgency)).toEqual([
    { type: 'story.published', quiet_reason: less, hasText: true },
    // Who has the story must drop it.
    { type: 'story.merged', quiet_reason: null, hasText: false },
  ]);
  expect(await told(ofDaily)).toEqual([
    { type: 'story.published', quiet_reason: null, hasText: true },
    { type: 'story.merged', quiet_reason: null, hasText: true },
  ]);
});

test('what a copy told while it led is told to nobody any more when its partner allows less, unless the story still says it', async () => {
  const agency = await addPartner(t.database, 'Lock Agency');
  const daily = await addPartner(t.database, 'Lock Daily');
  const led = async (number: number, title: string, text: string, other: string) => {
    const id = `tag:lock.example,2026:${number}`;
    const [first] = await desk.take(agency, { id, title, content: `<p>${text}</p>` });
    const { story_id: storyId } = await desk.home(first);
    const [second] = await desk.take(daily, { id, title, content: `<p>${other}</p>` });
    await desk.ask({ kind: 'lead', storyId, itemId: second ?? '' });
    return storyId;
  };
  const lock =
    'The lock keeper of Ostrand opened both gates at noon and let forty barges through before the flood came.';
  const otherwise = await led(1, 'The lock is open', lock, `${lock} A second flood is expected on Thursday.`);
  const fair =
    'Nine stalls of the autumn fair in Dunmarrow sold nothing but pears, and the tenth sold a horse to its mayor.';
  const same = await led(2, 'The fair is over', fair, fair);
  await changeRights(agency.partnerId, { excerptOnly: true });
  const less = 'rights: its partner allows less of it now';
  expect((await told(otherwise))[0]).toEqual({ type: 'story.published', quiet_reason: less, hasText: true });
  expect((await told(otherwise)).at(-1)).toEqual({ type: 'story.updated', quiet_reason: null, hasText: true });
  expect((await told(same)).map((event) => event['quiet_reason'] === less)).not.toContain(true);
});

async function changeRights(partnerId: string, rights: PartnerRights): Promise<void> {
  await t.database.transaction(async (trx) => {
    await trx
      .updateTable('partners')
      .set({ rights: JSON.stringify(rights) })
      .where('id', '=', partnerId)
      .execute();
    await askForReview(trx, partnerId);
  });
  await intake.settleRights();
}

async function told(storyId: string) {
  const { rows } = await sql<Record<string, unknown>>`
    SELECT type, quiet_reason, (body #>> '{story,content}') <> '' AS "hasText" FROM events
     WHERE story_id = ${storyId} ORDER BY story_version`.execute(t.database.db);
  return rows;
}
