/** Story actions through the API and the command line, with a processor that carries them out. */
import { Readable } from 'node:stream';
import { testConsole, type TestConsole } from '../../../../test/support/console.js';
import { testIntake, type TestIntake } from '../../../../test/support/intake.js';
import { addPartner, receive, type TestFeed } from '../../../../test/support/partners-items.js';
import { runProgram } from '../cli/program.js';

let hub: TestConsole;
let intake: TestIntake;
let processor: NodeJS.Timeout | undefined;
let feeds: TestFeed[];

beforeAll(async () => {
  hub = await testConsole();
  intake = testIntake(hub.database);
  let busy = false;
  processor = setInterval(() => {
    if (busy) return;
    busy = true;
    void intake.act().finally(() => (busy = false));
  }, 50);
  feeds = [await addPartner(hub.database, 'Harbour Daily'), await addPartner(hub.database, 'Tide Weekly')];
});
afterAll(async () => {
  clearInterval(processor);
  await intake?.stop();
  await hub?.close();
});

const text = (topic: string): string => Array.from({ length: 40 }, (_, i) => `${topic}${i}`).join(' ');
/** A story of both partners' copies. */
async function story(topic: string): Promise<{ id: string; items: string[] }> {
  const items: string[] = [];
  for (const feed of feeds) {
    const item = { id: `tag:${topic}.example,2026:1`, title: `About ${topic}`, content: `<p>${text(topic)}</p>` };
    const { fetchId, itemIds } = await receive(hub.database, feed, [item]);
    await intake.process(fetchId);
    items.push(...itemIds);
  }
  const { body } = await hub.api('GET', `/items/${items[0] ?? ''}`);
  return { id: body.storyId as string, items };
}

it('merges, and the record leads to the undo', async () => {
  const [one, other] = [await story('salt'), await story('rope')];
  const { status, body } = await hub.api('POST', `/stories/${one.id}/merge`, {
    storyIds: [other.id],
    reason: 'the same event',
  });
  expect([status, body]).toMatchObject([200, { kind: 'merge', status: 'done', reason: 'the same event' }]);
  expect(body.actor).toMatch(/^operator \(/);
  expect((await hub.api('GET', `/stories/${other.id}`)).body).toMatchObject({ status: 'merged', mergedInto: one.id });
  const { body: list } = await hub.api('GET', `/story-actions?storyId=${other.id}`);
  expect(list.items).toMatchObject([{ id: body.id, before: { stories: expect.any(Array) as unknown } }]);
  expect((await hub.api('POST', `/story-actions/${body.id as string}/undo`)).status).toBe(200);
  expect((await hub.api('GET', `/stories/${other.id}`)).body).toMatchObject({ status: 'published', mergedInto: null });
  const again = await hub.api('POST', `/story-actions/${body.id as string}/undo`);
  expect([again.status, again.body]).toMatchObject([409, { type: 'urn:dateline:problem:story-action-refused' }]);
});

it('shows versions and what differs between them', async () => {
  const { id } = await story('kelp');
  await hub.api('POST', `/stories/${id}/tags`, { add: [{ scheme: 'topic', name: 'Marine Life' }] });
  const { body } = await hub.api('GET', `/stories/${id}/versions`);
  const [newest] = body.items as { version: number; changed: string[] }[];
  expect(newest?.changed).toEqual(['tags']);
  const detail = await hub.api('GET', `/stories/${id}/versions/${newest?.version ?? 0}`);
  expect(detail.body).toMatchObject({ diff: { text: [], tags: { added: ['topic/marine-life'], removed: [] } } });
  expect((await hub.api('GET', `/stories/${id}/versions/1`)).body).toMatchObject({ diff: null });
  const none = await hub.api('GET', `/stories/${id}/versions/99`);
  expect([none.status, none.body.detail]).toEqual([
    404,
    expect.stringContaining(`There is no version 99 of story ${id}.`),
  ]);
  expect((await hub.api('GET', `/stories/${id}/versions/x`)).status).toBe(400);
});

it('takes a partner’s item down, and the story with its last one', async () => {
  const { id, items } = await story('gull');
  for (const item of items)
    expect((await hub.api('POST', `/items/${item}/withdraw`, { reason: 'asked for' })).status).toBe(200);
  expect((await hub.api('GET', `/stories/${id}`)).body).toMatchObject({ status: 'withdrawn' });
  expect((await hub.api('GET', `/items/${items[0] ?? ''}`)).body).toMatchObject({
    state: 'dropped',
    stateReason: 'asked for',
  });
});

it.each([
  ['a story that is not there', '/stories/01936f2e-8c1a-7000-8000-0000000000b2/withdraw', undefined, 404],
  ['an item that is not there', '/items/01936f2e-8c1a-7000-8000-0000000000b2/withdraw', undefined, 404],
  ['an action that is not there', '/story-actions/01936f2e-8c1a-7000-8000-0000000000b2/undo', undefined, 404],
])('answers for %s', async (_, path, body, status) => expect((await hub.api('POST', path, body)).status).toBe(status));

it('refuses what makes no sense, naming the field', async () => {
  const { id } = await story('fog');
  expect((await hub.api('POST', `/stories/${id}/tags`, {})).status).toBe(400);
  const nameless = { add: [{ scheme: 'topic', name: '!?' }] };
  expect((await hub.api('POST', `/stories/${id}/tags`, nameless)).status).toBe(400);
  expect((await hub.api('GET', `/stories/${id}/versions/1?against=99999999999`)).status).toBe(400);
  const far = Buffer.from('999999999999999').toString('base64url');
  expect((await hub.api('GET', `/stories/${id}/versions?cursor=${far}`)).status).toBe(400);
  expect((await hub.api('POST', `/stories/${id}/merge`, { storyIds: [] })).body.errors[0].path).toBe('storyIds');
  expect((await hub.api('POST', `/stories/${id}/lead`, { itemId: id })).body.detail).toMatch(/is not in the story/);
});

it('gives no tag that has no address, and splits an item that is named twice off once', async () => {
  const { id, items } = await story('mast');
  const both = {
    add: [{ scheme: 'keyword', name: 'Gull Watch' }],
    remove: [{ scheme: 'keyword', slug: 'gull-watch' }],
  };
  const torn = await hub.api('POST', `/stories/${id}/tags`, both);
  expect([torn.status, torn.body.detail]).toEqual([400, expect.stringContaining('both in add and in remove')]);
  const nameless = await hub.api('POST', `/stories/${id}/tags`, { add: [{ scheme: 'keyword', name: '!!!' }] });
  expect([nameless.status, nameless.body]).toMatchObject([400, { errors: [{ path: 'add.0.name' }] }]);
  const twice = await hub.api('POST', `/stories/${id}/split`, { itemIds: [items[1], items[1]] });
  expect([twice.status, twice.body.outcome]).toEqual([200, expect.stringMatching(/^1 of 2 items became story /)]);
});

it('does it all from the command line', async () => {
  const { id, items } = await story('oar');
  const dateline = async (words: string) => {
    const out: string[] = [];
    const code = await runProgram(words.split(' '), {
      env: { DATELINE_URL: hub.url, DATELINE_TOKEN: hub.token },
      print: (line) => out.push(line),
      complain: (line) => out.push(line),
      input: Readable.from([]),
    });
    return [code, out.join('\n')];
  };
  const undoing = /\nundo it with stories undo ([0-9a-f-]{36})$/;
  const [code, out] = (await dateline(`stories lead ${id} ${items[1] ?? ''}`)) as [number, string];
  expect([code, out]).toEqual([0, expect.stringMatching(undoing)]);
  expect(await dateline(`stories undo ${undoing.exec(out)?.[1] ?? ''}`)).toEqual([
    0,
    expect.stringContaining('undid lead'),
  ]);
  expect(await dateline(`stories tag ${id} --add keyword/Rowing`)).toMatchObject([
    0,
    expect.stringContaining('1 tags given'),
  ]);
  expect(await dateline(`stories split ${id} ${items[1] ?? ''}`)).toMatchObject([
    0,
    expect.stringContaining('became story'),
  ]);
  expect(await dateline(`stories withdraw ${id}`)).toMatchObject([0, expect.stringContaining('withdrawn')]);
  expect(await dateline(`stories withdraw ${id}`)).toMatchObject([1, expect.stringContaining('is withdrawn')]);
  expect(await dateline(`stories restore ${id}`)).toMatchObject([0, expect.stringContaining('published again')]);
  expect(await dateline(`stories take-down ${items[0] ?? ''}`)).toMatchObject([
    0,
    expect.stringContaining('withdrawn with'),
  ]);
  expect(await dateline(`stories put-back ${items[0] ?? ''}`)).toMatchObject([
    0,
    expect.stringContaining('counts again'),
  ]);
  const [, actions] = await dateline(`stories actions ${id}`);
  expect(String(actions).split('\n').length).toBeGreaterThan(5);
  expect((await dateline(`stories versions ${id}`))[1]).toContain('restored');
  expect((await dateline(`stories diff ${id} 2`))[1]).toMatch(/^version 2 against 1: /);
  expect((await dateline(`stories tag ${id} --add Rowing`))[0]).not.toBe(0);
});
