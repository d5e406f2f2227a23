/** What no schema thinks of: text that the database refuses, input without an end, numbers and days that are none. */
import { testConsole, type TestConsole } from '../../../../test/support/console.js';
import { seedStory, type SeededStory } from '../../../../test/support/story-seed.js';

let hub: TestConsole;
let story: SeededStory;

beforeAll(async () => {
  hub = await testConsole();
  const { body } = await hub.api('POST', '/feeds', { url: 'https://gazette.example/feed', partner: 'Gazette' });
  story = await seedStory(hub.database, { partnerId: body.partnerId as string, feedId: body.id as string });
});
afterAll(() => hub?.close());

const NUL = 'a\u0000b';
const HALF = 'a\ud800b';
const drop = { actions: [{ kind: 'drop' }], enabled: false };
const phrase = (text: string) => ({ kind: 'phrase', field: 'title', phrases: [text] });

it.each([
  ['POST', '/partners', { name: NUL }, 'name'],
  ['POST', '/partners', { name: 'Half', rights: { attribution: HALF } }, 'rights.attribution'],
  ['POST', '/channels', { slug: 'words', title: 'Words', filter: { words: ['ferry', HALF] } }, 'filter.words.1'],
  ['POST', '/channels/preview', { filter: { partners: [NUL] } }, 'filter.partners.0'],
  ['POST', '/rules', { name: 'Nothing', condition: phrase(NUL), ...drop }, 'condition.phrases.0'],
  ['POST', '/endpoints', { url: 'https://partner.example/', description: NUL }, 'description'],
  ['POST', '/feeds', { url: 'https://gazette.example/other', title: NUL, paused: true }, 'title'],
  ['POST', '/dictionaries', { name: NUL }, 'name'],
  ['PUT', '/topic-mappings', { category: NUL, topic: 'soccer' }, 'category'],
  ['GET', '/stories?q=%00', undefined, 'q'],
  ['GET', '/stories?partner=a%00b', undefined, 'partner'],
  ['GET', '/fetches?errorClass=%00', undefined, 'errorClass'],
  ['GET', `/hosts?cursor=${Buffer.from('a\0b').toString('base64url')}`, undefined, 'cursor'],
])('names the text that the database could not hold: %s %s', async (method, path, body, field) => {
  const answer = await hub.api(method, path, body);
  expect([answer.status, answer.body]).toMatchObject([400, { errors: [{ path: field }] }]);
});

it('stores nothing of a feed whose settings it refuses', async () => {
  const settings = { rules: [{ action: 'block', field: 'title', operator: 'contains', value: HALF }] };
  expect((await hub.api('POST', '/feeds', { url: 'https://gazette.example/third', settings })).status).toBe(400);
  const { body } = await hub.api('GET', '/feeds');
  expect(body.items).toHaveLength(1);
});

it('refuses what lies deeper than anything that it takes', async () => {
  const condition = `${'{"kind":"not","of":'.repeat(9_000)}{}${'}'.repeat(9_000)}`;
  const response = await fetch(`${hub.url}/api/v1/rules/preview`, {
    method: 'POST',
    headers: { authorization: `Bearer ${hub.token}`, 'content-type': 'application/json' },
    body: `{"condition":${condition},"actions":[{"kind":"drop"}]}`,
  });
  const { detail } = (await response.json()) as { detail: string };
  expect([response.status, detail]).toEqual([
    400,
    expect.stringContaining('has more than 100 values inside each other'),
  ]);
});

it.each([`versions/1?against=99999999999`, `versions?cursor=${Buffer.from('999999999999999').toString('base64url')}`])(
  'refuses a number that no version has: %s',
  async (path) => {
    expect((await hub.api('GET', `/stories/${story.storyId}/${path}`)).status).toBe(400);
  },
);

it('refuses a day that no month has', async () => {
  expect((await hub.api('GET', '/fetches?since=2026-02-31')).status).toBe(400);
  expect((await hub.api('GET', '/fetches?since=2026-02-28T23:59:59%2B02:00')).status).toBe(200);
});

it('finds no fetch before there were any', async () => {
  const count = async (query: string) => ((await hub.api('GET', `/fetches?${query}`)).body.items as unknown[]).length;
  expect(await count('since=1960-01-01')).toBeGreaterThan(0);
  expect(await count('until=1960-01-01')).toBe(0);
});
