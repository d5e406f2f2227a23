/** Settings of feeds through the API: what goes in, what comes out, and that no secret ever does. */
import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { projectFile } from '#config/project-file.js';
import { testConsole, type TestConsole } from '../../../../test/support/console.js';
import { feedSchema } from './feeds.schemas.js';

const ca = readFileSync(projectFile('test/fixtures/tls/certificate.pem'), 'utf8');
const SECRETS = /swordfish|tuna/;
const BASIC = { kind: 'basic', username: 'hub', password: 'swordfish' };
const NOTHING = {
  credentials: null,
  userAgent: null,
  proxy: null,
  tls: { allowInvalidCertificate: false, ca: null },
  stripTrackers: false,
  fullText: false,
  rules: [],
  notes: [],
};

let hub: TestConsole;
const heard: string[] = [];
beforeAll(async () => {
  hub = await testConsole();
});
afterAll(() => hub?.close());

/** Every answer is kept: none of them may hold a secret. */
async function api(method: string, path: string, body?: unknown) {
  const answer = await hub.api(method, path, body);
  heard.push(JSON.stringify(answer.body));
  return answer;
}
let number = 0;
const add = (more: object = {}) => api('POST', '/feeds', { url: `https://a.example/${++number}`, ...more });

it('takes settings with a new feed, which is not fetched before they are there', async () => {
  const { status, body } = await add({
    settings: {
      credentials: BASIC,
      proxy: { url: 'http://proxy.example:3128', username: 'out', password: 'tuna' },
      tls: { ca },
      rules: [{ action: 'block', field: 'title', operator: 'regex', value: '(?i)horoscope' }],
    },
  });
  expect(status).toBe(201);
  expect(feedSchema.parse(body)).toEqual(body);
  expect(body.settings).toEqual({
    ...NOTHING,
    credentials: { kind: 'basic', setAt: expect.any(String) },
    proxy: { url: 'http://proxy.example:3128', authenticated: true },
    tls: { allowInvalidCertificate: false, ca },
    rules: [{ action: 'block', field: 'title', operator: 'regex', value: '(?i)horoscope' }],
  });
  expect((await api('GET', `/feeds/${body.id}`)).body.settings).toEqual(body.settings);
  expect((await api('GET', '/feeds')).body.items[0].settings).toEqual(body.settings);
});

it('changes what is named, and gives defaults back for null', async () => {
  const { id, settings } = (await add()).body;
  expect(settings).toEqual(NOTHING);
  const patch = async (change: object): Promise<unknown> =>
    (await api('PATCH', `/feeds/${id}`, { settings: change })).body.settings;
  expect(await patch({ userAgent: 'Press/1', stripTrackers: true })).toMatchObject({ userAgent: 'Press/1' });
  expect(await patch({ credentials: { kind: 'bearer', token: 'swordfish' } })).toMatchObject({
    userAgent: 'Press/1',
    credentials: { kind: 'bearer' },
  });
  expect(await patch({ tls: { allowInvalidCertificate: true } })).toMatchObject({
    notes: [expect.stringContaining('Any certificate is accepted')],
  });
  expect(
    await patch({ credentials: null, userAgent: null, stripTrackers: null, tls: { allowInvalidCertificate: null } }),
  ).toEqual(NOTHING);
});

it('says what has no effect', async () => {
  const { id, partnerId } = (await add({ settings: { credentials: BASIC, fullText: true } })).body;
  await api('PATCH', `/partners/${partnerId}`, { rights: { excerptOnly: true } });
  await api('PATCH', `/feeds/${id}`, { url: 'http://b.example/moved' });
  expect((await api('GET', `/feeds/${id}`)).body.settings.notes).toEqual([
    expect.stringContaining('they are not sent'),
    expect.stringContaining('in the clear'),
    expect.stringContaining('excerpts only'),
  ]);
});

it('brings a removed feed back with the settings that it is given', async () => {
  const { id, url } = (await add()).body;
  await api('DELETE', `/feeds/${id}`);
  const again = await api('POST', '/feeds', { url, settings: { userAgent: 'Press/2' } });
  expect(again.body).toMatchObject({ id, settings: { userAgent: 'Press/2' } });
  const known = await api('POST', '/feeds', { url, settings: { userAgent: 'Press/3' } });
  expect(known.status).toBe(409);
  expect((await api('GET', `/feeds/${id}`)).body.settings.userAgent).toBe('Press/2');
});

it('refuses a rule that is not understood, with the reason, and changes nothing', async () => {
  const rules = [
    { action: 'block', field: 'title', operator: 'contains', value: '(' },
    { action: 'keep', field: 'any', operator: 'regex', value: '(' },
  ];
  const { id } = (await add()).body;
  const { status, body } = await api('PATCH', `/feeds/${id}`, { title: 'Other', settings: { rules } });
  expect([status, body.type]).toEqual([422, 'urn:dateline:problem:invalid-rule']);
  expect(body.errors).toEqual([
    {
      path: 'settings.rules.1.value',
      message: 'is not a regular expression (RE2): missing closing ): `(`',
    },
  ]);
  expect((await api('GET', `/feeds/${id}`)).body).toMatchObject({ title: null, settings: NOTHING });
  const fresh = await api('POST', '/feeds', { url: 'https://c.example/', settings: { rules } });
  expect(fresh.status).toBe(422);
  expect((await api('GET', '/feeds')).body.items[0].url).not.toBe('https://c.example/');
});

it('refuses an expression that is too large, as rules of the hub do, and says so of one that was stored before', async () => {
  const rules = [{ action: 'block', field: 'title', operator: 'regex', value: `(?:${'[a-z]?'.repeat(20)}){1000}` }];
  const { id } = (await add()).body;
  const { status, body } = await api('PATCH', `/feeds/${id}`, { settings: { rules } });
  expect([status, body.detail]).toEqual([422, expect.stringContaining('it repeats too much')]);
  await api('PATCH', `/feeds/${id}`, { settings: { rules: [{ ...rules[0], value: 'x' }] } });
  await sql`UPDATE feed_settings SET settings = jsonb_set(settings, '{rules}', ${JSON.stringify(rules)}::jsonb)
    WHERE feed_id = ${id}`.execute(hub.database.db);
  expect((await api('GET', `/feeds/${id}`)).body.settings.notes).toEqual([
    expect.stringContaining('The expression of rule 1 would be refused now: it repeats too much'),
  ]);
});

it.each<[string, object, string]>([
  ['a kind that is none', { credentials: { kind: 'magic', value: 'swordfish' } }, 'settings.credentials'],
  ['a line break', { credentials: { kind: 'bearer', token: 'swordfish\r\nx: y' } }, 'settings.credentials.token'],
  ['a colon in the user', { credentials: { ...BASIC, username: 'swordfish:x' } }, 'settings.credentials.username'],
  [
    'a header of ours',
    { credentials: { kind: 'header', name: 'Host', value: 'swordfish' } },
    'settings.credentials.name',
  ],
  ['a field too many', { credentials: { ...BASIC, realm: 'swordfish' } }, 'settings.credentials'],
  ['a number', { credentials: { kind: 'cookie', value: 7 } }, 'settings.credentials.value'],
  ['a proxy with its password', { proxy: { url: 'http://out:tuna@proxy.example/' } }, 'settings.proxy.url'],
  ['a socks proxy', { proxy: { url: 'socks5://proxy.example/' } }, 'settings.proxy.url'],
  ['no certificate', { tls: { ca: 'swordfish' } }, 'settings.tls.ca'],
  ['an unknown setting', { usergent: 'x' }, 'settings.usergent'],
  [
    'an unknown field of a rule',
    { rules: [{ action: 'block', field: 'body', operator: 'contains', value: 'x' }] },
    'settings.rules.0.field',
  ],
])('refuses %s, and names the field', async (_what, settings, path) => {
  const { status, body } = await add({ settings });
  expect(status).toBe(400);
  expect((body.errors as { path: string }[]).map((error) => error.path).join()).toContain(path);
});

it('does not repeat a body that is no JSON', async () => {
  const response = await fetch(`${hub.url}/api/v1/feeds`, {
    method: 'POST',
    headers: { authorization: `Bearer ${hub.token}`, 'content-type': 'application/json' },
    body: 'swordfish {"password": "swordfish"',
  });
  expect(response.status).toBe(400);
  heard.push(await response.text());
});

it('keeps rights of partners, checked, and shows them', async () => {
  const rights = {
    mayRepublish: false,
    excerptOnly: true,
    licence: 'CC-BY-4.0',
    attribution: '© Harbour Gazette',
    embargoMinutes: 30,
    expiryDays: 90,
  };
  const { status, body } = await api('POST', '/partners', {
    name: 'Harbour',
    siteUrl: 'https://harbour.example/',
    rights,
  });
  expect(status).toBe(201);
  expect((await api('GET', `/partners/${body.id}`)).body).toMatchObject({ rights });
  for (const wrong of [{ embargoMinutes: -1 }, { expiryDays: 0 }, { licence: '' }, { copyright: 'x' }])
    expect((await api('PATCH', `/partners/${body.id}`, { rights: wrong })).status).toBe(400);
});

it('has answered no secret in all of this', () => {
  expect(heard.length).toBeGreaterThan(30);
  expect(heard.filter((text) => SECRETS.test(text))).toEqual([]);
});
