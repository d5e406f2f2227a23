/** Undone actions: stories are led, tagged and recognised as before, on a real PostgreSQL. */
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { testIntake, type TestIntake } from '../../../../test/support/intake.js';
import { addPartner, type TestFeed } from '../../../../test/support/partners-items.js';
import { StoryDesk } from '../../../../test/support/story-desk.js';

let t: TestDatabase;
let intake: TestIntake;
let desk: StoryDesk;
let feeds: TestFeed[];

beforeAll(async () => {
  t = await testDatabase();
  intake = testIntake(t.database);
  desk = new StoryDesk(t.database, intake);
  feeds = [];
  for (const name of ['Harbour Daily', 'Tide Weekly', 'Quay Post']) feeds.push(await addPartner(t.database, name));
});
afterAll(async () => {
  await intake?.stop();
  await t?.drop();
});

const words = (topic: string, count: number): string =>
  Array.from({ length: count }, (_, i) => `${topic}${i}`).join(' ');
/** A copy of the topic's text by a partner, of so many words. */
const copy = async (topic: string, feed: number, count = 40): Promise<string> => {
  const [id = ''] = await desk.take(feeds[feed], {
    ...{ id: `tag:${topic}.example,2026:1`, title: `${topic} by ${feed}`, content: `<p>${words(topic, count)}</p>` },
    categories: [{ term: `${topic}-cat-${feed}` }],
  });
  return id;
};
/** A story of two copies, none better than the other: the first leads. */
const story = async (topic: string): Promise<{ id: string; first: string; second: string }> => {
  const [first, second] = [await copy(topic, 0), await copy(topic, 1)];
  return { id: (await desk.home(first)).story_id, first, second };
};
const leadOf = async (storyId: string): Promise<string> => (await desk.story(storyId)).leading_item_id;

test('the first copy that is split off is the original of its story, until the split is undone', async () => {
  const { id, first, second } = await story('rush');
  const third = await copy('rush', 2);
  const before = [await desk.home(second), await desk.home(third)];
  const split = await desk.ask({ kind: 'split', storyId: id, itemIds: [third, second] });
  expect(await desk.home(second)).toMatchObject({ rule: 'operator', relation: 'original' });
  expect(await desk.home(third)).toMatchObject({ rule: 'operator', relation: 'derived' });
  expect(await desk.home(first)).toMatchObject({ rule: 'first', relation: 'original' });
  await desk.undo(split);
  expect([await desk.home(second), await desk.home(third)]).toEqual(before);
});

test('where only derived copies stay, the first of them is the original of what is left, until the split is undone', async () => {
  const { id, first, second } = await story('gaff');
  const third = await copy('gaff', 2);
  const relations = async () => {
    const homes = await Promise.all([first, second, third].map((item) => desk.home(item)));
    return homes.map(({ relation }) => relation);
  };
  await t.database.db
    .updateTable('story_items')
    .set({ relation: 'derived' })
    .where('item_id', 'in', [second, third])
    .execute();
  const before = await desk.home(second);
  const split = await desk.ask({ kind: 'split', storyId: id, itemIds: [first] });
  expect(await relations()).toEqual(['original', 'original', 'derived']);
  await desk.undo(split);
  expect(await relations()).toEqual(['original', 'derived', 'derived']);
  expect(await desk.home(second)).toEqual(before);
});

test('an undone split gives the story the lead that it had', async () => {
  const { id, first, second } = await story('salt');
  const split = await desk.ask({ kind: 'split', storyId: id, itemIds: [first] });
  const made = (await desk.home(first)).story_id;
  expect(await leadOf(id)).toBe(second);
  await desk.undo(split);
  expect(await desk.story(id)).toMatchObject({ leading_item_id: first, title: 'salt by 0', status: 'published' });
  expect(await desk.story(made)).toMatchObject({ status: 'merged', merged_into: id });
});

test('a better copy that came since leads after an undone split', async () => {
  const { id, first } = await story('pier');
  const split = await desk.ask({ kind: 'split', storyId: id, itemIds: [first] });
  const better = await copy('pier', 2, 200);
  await desk.undo(split);
  expect(await leadOf(id)).toBe(better);
});

test('what an operator chose to lead is pinned, and nothing that leads in its stead', async () => {
  const { id, second } = await story('oar');
  await desk.ask({ kind: 'lead', storyId: id, itemId: second });
  const split = await desk.ask({ kind: 'split', storyId: id, itemIds: [second] });
  const better = await copy('oar', 2, 200);
  expect(await leadOf(id)).toBe(better);
  await desk.undo(split);
  expect(await leadOf(id)).toBe(second);
});

test.each(['put back', 'undo'] as const)('a pinned copy that is taken down leads again: %s', async (how) => {
  const { id, first } = await story(`kelp${how.length}`);
  await desk.ask({ kind: 'lead', storyId: id, itemId: first });
  const down = await desk.ask({ kind: 'withdraw-item', itemId: first });
  const better = await copy(`kelp${how.length}`, 2, 200);
  expect(await leadOf(id)).toBe(better);
  await (how === 'undo' ? desk.undo(down) : desk.ask({ kind: 'restore-item', itemId: first }));
  expect(await leadOf(id)).toBe(first);
});

test('what leads goes on leading when another copy is split off or taken down', async () => {
  const { story_id: earlier } = await desk.home(await copy('heron', 0));
  const { id, first, second } = await story('egret');
  const third = await copy('egret', 2);
  await desk.ask({ kind: 'merge', storyId: id, storyIds: [earlier] });
  expect(await leadOf(id)).toBe(first);
  await desk.ask({ kind: 'split', storyId: id, itemIds: [second] });
  expect(await leadOf(id)).toBe(first);
  await desk.ask({ kind: 'withdraw-item', itemId: third });
  expect(await leadOf(id)).toBe(first);
});

test('an undone lead gives back the choice that was pinned before', async () => {
  const { id, first, second } = await story('rope');
  await desk.ask({ kind: 'lead', storyId: id, itemId: second });
  await desk.undo(await desk.ask({ kind: 'lead', storyId: id, itemId: first }));
  await copy('rope', 2, 200);
  expect(await leadOf(id)).toBe(second);
});

test('of several choices of a lead only the last is undone, so that undone one by one nothing of them is left', async () => {
  const { id, first, second } = await story('hawser');
  const one = await desk.ask({ kind: 'lead', storyId: id, itemId: second });
  const two = await desk.ask({ kind: 'lead', storyId: id, itemId: first });
  await expect(desk.undo(one)).rejects.toThrow(`action ${two.id} (lead) came after action ${one.id}`);
  expect(await leadOf(id)).toBe(first);
  await desk.undo(two);
  await desk.undo(one);
  expect(await desk.story(id)).toMatchObject({ leading_item_id: first, pinned_item_id: null });
});

test('an undone split leaves nothing of itself in what joined the items', async () => {
  const { id, first, second } = await story('reef');
  const memberships = () => Promise.all([first, second].map((item) => desk.home(item)));
  const before = await memberships();
  expect(before).toMatchObject([{ relation: 'original' }, { relation: 'duplicate' }]);
  const outer = await desk.ask({ kind: 'split', storyId: id, itemIds: [first] });
  await desk.undo(outer);
  expect(await memberships()).toEqual(before);
});

test('an undone merge leaves nothing of itself in the items, the tags and what operators said of them', async () => {
  const [winner, loser] = [await story('mole'), await story('lock')];
  const tag = (slug: string) => ({ scheme: 'keyword' as const, slug, name: slug });
  await desk.ask({ kind: 'tags', storyId: winner.id, add: [tag('ours')] });
  await desk.ask({ kind: 'tags', storyId: loser.id, add: [tag('theirs')], remove: [tag('lock-cat-0')] });
  const state = async () => ({
    items: await Promise.all([winner.first, winner.second, loser.first, loser.second].map((item) => desk.home(item))),
    tags: [await desk.tags(winner.id), await desk.tags(loser.id)],
    refused: await t.database.db.selectFrom('story_tags_refused').selectAll().orderBy('story_id').execute(),
  });
  const before = await state();
  const merge = await desk.ask({ kind: 'merge', storyId: winner.id, storyIds: [loser.id] });
  expect(await state()).not.toMatchObject({ tags: before.tags });
  await desk.undo(merge);
  expect(await state()).toEqual(before);
});

test('a tag that an operator gives stays when the category that brought it goes; undone, it goes with it', async () => {
  const later = { id: 'tag:quay.example,2026:1', title: 'quay by 0', content: `<p>${words('quay', 40)}</p>` };
  const add = [{ scheme: 'keyword' as const, slug: 'quay-cat-0', name: 'quay-cat-0' }];
  const { story_id: id } = await desk.home(await copy('quay', 0));
  const [machine = ''] = await desk.tags(id);
  const { version } = await desk.story(id);
  const given = await desk.ask({ kind: 'tags', storyId: id, add });
  expect(await desk.tags(id)).toEqual(['quay-cat-0: operator']);
  // Readers see what they saw.
  expect((await desk.story(id)).version).toBe(version);
  await desk.undo(given);
  expect(await desk.tags(id)).toEqual([machine]);

  await desk.ask({ kind: 'tags', storyId: id, add });
  await desk.take(feeds[0], later);
  expect(await desk.tags(id)).toEqual(['quay-cat-0: operator']);
});

test('an undone removal gives a tag back to the category that brought it', async () => {
  const { story_id: id } = await desk.home(await copy('buoy', 0));
  const before = await desk.tags(id);
  await desk.undo(await desk.ask({ kind: 'tags', storyId: id, remove: [{ scheme: 'keyword', slug: 'buoy-cat-0' }] }));
  expect(await desk.tags(id)).toEqual(before);
  await desk.take(feeds[0], { id: 'tag:buoy.example,2026:1', title: 'buoy', content: `<p>${words('buoy', 40)}</p>` });
  expect(await desk.tags(id)).toEqual([]);
});

test('an undone gift of a tag that had been taken away keeps it away again', async () => {
  const { story_id: id } = await desk.home(await copy('gull', 0));
  await desk.ask({ kind: 'tags', storyId: id, remove: [{ scheme: 'keyword', slug: 'gull-cat-0' }] });
  const add = [{ scheme: 'keyword' as const, slug: 'gull-cat-0', name: 'gull-cat-0' }];
  await desk.undo(await desk.ask({ kind: 'tags', storyId: id, add }));
  await desk.take(feeds[1], {
    ...{ id: 'tag:gull.example,2026:1', title: 'gull', content: `<p>${words('gull', 40)}</p>` },
    categories: [{ term: 'gull-cat-0' }],
  });
  expect(await desk.tags(id)).toEqual([]);
});

test('of several words on a tag only the last is undone; a word on another tag is undone at any time', async () => {
  const { story_id: id } = await desk.home(await copy('tern', 0));
  const before = await desk.tags(id);
  const tag = { scheme: 'keyword' as const, slug: 'tern-cat-0' };
  const taken = await desk.ask({ kind: 'tags', storyId: id, remove: [tag] });
  const given = await desk.ask({ kind: 'tags', storyId: id, add: [{ ...tag, name: tag.slug }] });
  const other = { scheme: 'keyword' as const, slug: 'other', name: 'other' };
  const apart = await desk.ask({ kind: 'tags', storyId: id, add: [other] });
  await expect(desk.undo(taken)).rejects.toThrow(`action ${given.id} (tags) came after action ${taken.id}`);
  await desk.undo(given);
  await desk.undo(taken);
  await desk.undo(apart);
  expect(await desk.tags(id)).toEqual(before);
});

test('tags are neither given to a story that is part of another one, nor taken from it by an undo', async () => {
  const [winner, loser] = [await story('tarn'), await story('mere')];
  const add = [{ scheme: 'keyword' as const, slug: 'lakes', name: 'lakes' }];
  const given = await desk.ask({ kind: 'tags', storyId: loser.id, add });
  await desk.ask({ kind: 'merge', storyId: winner.id, storyIds: [loser.id] });
  await expect(desk.ask({ kind: 'tags', storyId: loser.id, add })).rejects.toThrow('part of another one');
  await expect(desk.undo(given)).rejects.toThrow('part of another one');
  expect(await desk.tags(winner.id)).toContain('lakes: operator');
});

test('a copy under embargo that was split off goes back', async () => {
  const { story_id: id } = await desk.home(await copy('fjord', 0));
  const early = await addPartner(t.database, 'Early Post', { rights: { embargoMinutes: 60 } });
  const [hidden = ''] = await desk.take(early, { id: 'tag:fjord.example,2026:1', title: 'fjord, early' });
  const before = await desk.home(hidden);
  expect(before.story_id).toBe(id);
  const split = await desk.ask({ kind: 'split', storyId: id, itemIds: [hidden] });
  const made = (await desk.home(hidden)).story_id;
  expect(await desk.story(made)).toMatchObject({ status: 'withheld' });
  await desk.undo(split);
  expect(await desk.home(hidden)).toEqual(before);
  expect(await desk.story(made)).toMatchObject({ status: 'merged', merged_into: id });
});

test('a story that comes back from a merge says what its item says by now', async () => {
  const winner = await story('cape');
  const { story_id: id } = await desk.home(await copy('gulf', 2));
  const merge = await desk.ask({ kind: 'merge', storyId: winner.id, storyIds: [id] });
  const content = `<p>${words('gulf', 60)}</p>`;
  await desk.take(feeds[2], { id: 'tag:gulf.example,2026:1', title: 'gulf, written anew', content });
  await desk.undo(merge);
  expect(await desk.story(id)).toMatchObject({ status: 'published', title: 'gulf, written anew', content });
});

test('a merge is undone although all that the other story had of its own is taken down: it goes', async () => {
  const [itemId, lost] = [await copy('isle', 0), await copy('skerry', 2)];
  const [winner, loser] = [(await desk.home(itemId)).story_id, (await desk.home(lost)).story_id];
  const merge = await desk.ask({ kind: 'merge', storyId: winner, storyIds: [loser] });
  await desk.ask({ kind: 'withdraw-item', itemId });
  expect(await desk.story(winner)).toMatchObject({ status: 'published', title: 'skerry by 2' });
  await desk.undo(merge);
  expect(await desk.story(winner)).toMatchObject({ status: 'withdrawn' });
  expect(await desk.story(loser)).toMatchObject({ status: 'published', title: 'skerry by 2' });
});

test('a merge is undone of a story that its partner does not let be passed on by now: it comes back when the partner does', async () => {
  const winner = await story('dune');
  const { story_id: id } = await desk.home(await copy('sand', 2));
  const merge = await desk.ask({ kind: 'merge', storyId: winner.id, storyIds: [id] });
  const allow = (mayRepublish: boolean) =>
    t.database.db
      .updateTable('partners')
      .set({ rights: JSON.stringify({ mayRepublish }) })
      .where('id', '=', feeds[2]?.partnerId ?? '')
      .execute();
  await allow(false);
  await desk.undo(merge);
  expect(await desk.story(id)).toMatchObject({ status: 'withdrawn', merged_into: null });
  await allow(true);
  await t.database.db.updateTable('stories').set({ rights_due_at: new Date() }).where('id', '=', id).execute();
  await intake.settleRights();
  expect(await desk.story(id)).toMatchObject({ status: 'published', title: 'sand by 2' });
});

/** A story of one copy each, by the first partner. */
const alone = async (topic: string): Promise<{ id: string; item: string }> => {
  const item = await copy(topic, 0);
  return { id: (await desk.home(item)).story_id, item };
};
/** A copy that has the guid of one topic and the text of another: it proves their stories to be one. */
const connect = (one: string, other: string) =>
  desk.take(feeds[2], { id: `tag:${one}.example,2026:1`, title: one, content: `<p>${words(other, 40)}</p>` });
const areApart = async (...ids: string[]) => {
  for (const id of ids) expect(await desk.story(id)).toMatchObject({ status: 'published', merged_into: null });
};

test('stories that one merge put together stay apart from each other when it is undone', async () => {
  const [winner, one, other] = [await alone('fen'), await alone('bog'), await alone('moss')];
  const merge = await desk.ask({ kind: 'merge', storyId: winner.id, storyIds: [one.id, other.id] });
  await desk.undo(merge);
  await connect('bog', 'moss');
  await connect('fen', 'moss');
  await areApart(winner.id, one.id, other.id);
  // An operator may.
  await desk.ask({ kind: 'merge', storyId: one.id, storyIds: [other.id] });
  await connect('bog', 'fen');
  await areApart(winner.id, one.id);
});

test('what was parted by another word stays apart where a merge takes back one of them', async () => {
  const [one, two, three] = [await alone('elm'), await alone('oak'), await alone('ash')];
  await desk.ask({ kind: 'merge', storyId: one.id, storyIds: [two.id, three.id] });
  const splitOff = async (storyId: string, item: string): Promise<string> => {
    await desk.ask({ kind: 'split', storyId, itemIds: [item] });
    return (await desk.home(item)).story_id;
  };
  const oak = await splitOff(one.id, two.item);
  const ash = await splitOff(one.id, three.item);
  await desk.ask({ kind: 'merge', storyId: oak, storyIds: [ash] });
  await splitOff(oak, three.item);
  // Nobody said that elm and oak are one.
  await connect('elm', 'oak');
  await areApart(one.id, oak);
});

test('an undone split takes back no word but its own', async () => {
  const [kept, parted] = [await story('yew'), await alone('fir')];
  const merge = await desk.ask({ kind: 'merge', storyId: kept.id, storyIds: [parted.id] });
  const split = await desk.ask({ kind: 'split', storyId: kept.id, itemIds: [kept.second] });
  const made = (await desk.home(kept.second)).story_id;
  await desk.undo(merge);
  await desk.ask({ kind: 'merge', storyId: made, storyIds: [parted.id] });
  await expect(desk.undo(split)).rejects.toThrow(`keeps apart from story ${kept.id}`);
  await desk.ask({ kind: 'split', storyId: made, itemIds: [parted.item] });
  const fir = (await desk.home(parted.item)).story_id;
  await desk.undo(split);
  expect((await desk.home(kept.second)).story_id).toBe(kept.id);
  await connect('yew', 'fir');
  await areApart(kept.id, fir);
});

test.each([
  ['withdraw', 'restore'],
  ['withdraw-item', 'restore-item'],
] as const)('what was said after it has the last word: %s, %s', async (down, up) => {
  const { id, first } = await story(down);
  const of = down === 'withdraw' ? { storyId: id } : { itemId: first };
  const isDown = async (): Promise<boolean> => {
    const { withdrawn_at } = await t.database.db
      .selectFrom('items')
      .select('withdrawn_at')
      .where('id', '=', first)
      .executeTakeFirstOrThrow();
    return withdrawn_at !== null || (await desk.story(id)).status === 'withdrawn';
  };
  const former = await desk.ask({ kind: down, ...of });
  const between = await desk.ask({ kind: up, ...of });
  const last = await desk.ask({ kind: down, ...of, reason: 'a judge said so' });
  await expect(desk.undo(former)).rejects.toThrow(
    `refused: action ${last.id} (${down}) came after action ${former.id}`,
  );
  await expect(desk.undo(between)).rejects.toThrow(`action ${last.id}`);
  expect(await isDown()).toBe(true);
  await desk.undo(last);
  expect(await isDown()).toBe(false);
  // What was undone says nothing any more.
  await desk.undo(between);
  expect(await isDown()).toBe(true);
  await desk.undo(former);
  expect(await isDown()).toBe(false);
});
