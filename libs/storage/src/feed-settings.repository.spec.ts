import { randomBytes } from 'node:crypto';
import type { FeedSettingsPatch } from '#contracts/feed-settings.js';
import { type TestDatabase, testDatabase } from '../../../test/support/database.js';
import { FeedAdminRepository } from './feed-admin.repository.js';
import { FeedRepository } from './feed.repository.js';
import { FeedSettingsRepository, openFeedSecrets } from './feed-settings.repository.js';

const secretKey = randomBytes(32);
let t: TestDatabase;
let settings: FeedSettingsRepository;
beforeAll(async () => {
  t = await testDatabase();
  settings = new FeedSettingsRepository(t.database, { secretKey });
});
afterAll(() => t.drop());

let number = 0;
const add = async () =>
  (await new FeedRepository(t.database).add({ url: `https://a.example/${++number}`, newsWindowSeconds: 60 })).feedId;
const change = (id: string, patch: FeedSettingsPatch, by = settings) =>
  t.database.transaction((trx) => by.change(trx, id, patch));
const row = (id: string) =>
  t.database.db.selectFrom('feeds').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

test('credentials are kept sealed, bound to their feed, and nowhere in the clear', async () => {
  const id = await add();
  await change(id, {
    credentials: { kind: 'basic', username: 'hub', password: 'swordfish' },
    proxy: { url: 'http://proxy.example:3128/', username: 'out', password: 'tuna' },
  });
  const [stored] = await settings.loadBatch([id]);
  expect(JSON.stringify(stored?.open)).not.toMatch(/swordfish|tuna|hub/);
  const box = stored?.secretsSealed ?? Buffer.alloc(0);
  expect(box.includes('swordfish')).toBe(false);
  expect(openFeedSecrets(box, secretKey, id)).toEqual({
    credentials: { kind: 'basic', username: 'hub', password: 'swordfish' },
    proxyUser: { username: 'out', password: 'tuna' },
  });
  expect(() => openFeedSecrets(box, secretKey, 'another feed')).toThrow('SECRET_KEY');
  expect(() => openFeedSecrets(box, randomBytes(32), id)).toThrow('SECRET_KEY');
  const dump = JSON.stringify(await t.database.db.selectFrom('feed_settings').selectAll().execute());
  expect(dump).not.toMatch(/swordfish|tuna/);
});

test('a feed says that it has settings, until the last of them is taken away', async () => {
  const [id, ordinary] = [await add(), await add()];
  await change(id, { userAgent: 'Reader/1', stripTrackers: true });
  expect(await row(id)).toMatchObject({
    has_settings: true,
    next_fetch_reason: 'the settings were changed by an operator',
  });
  expect(await settings.loadBatch([ordinary, id])).toEqual([null, expect.objectContaining({ feedId: id })]);
  const revision = (await settings.loadBatch([id]))[0]?.revision ?? 0;
  await change(id, { userAgent: null });
  expect((await settings.loadBatch([id]))[0]?.revision).toBeGreaterThan(revision);
  await change(id, { stripTrackers: false });
  expect(await row(id)).toMatchObject({ has_settings: false });
  expect(await settings.loadBatch([id])).toEqual([null]);
  expect(await change('01900000-0000-7000-8000-000000000000', { fullText: true })).toBe(false);
});

test('rules do not make a feed due, and excerpts only is told with the settings', async () => {
  const id = await add();
  const { next_fetch_reason, partner_id } = await row(id);
  await change(id, { fullText: true });
  expect(await row(id)).toMatchObject({ next_fetch_reason });
  await t.database.db
    .updateTable('partners')
    .set({ rights: '{"excerptOnly":true}' })
    .where('id', '=', partner_id)
    .execute();
  expect((await settings.loadBatch([id]))[0]).toMatchObject({ open: { fullText: true }, excerptOnly: true });
});

test('after SECRET_KEY was lost, the next change says that the credentials are gone, and keeps the rest', async () => {
  const id = await add();
  await change(id, { credentials: { kind: 'bearer', token: 'swordfish' }, userAgent: 'Reader/1' });
  const others = new FeedSettingsRepository(t.database, { secretKey: randomBytes(32) });
  await change(id, { stripTrackers: true }, others);
  expect((await new FeedAdminRepository(t.database).get(id))?.settings).toEqual({
    userAgent: 'Reader/1',
    stripTrackers: true,
  });
});

test('settings of a new feed are there as soon as the feed is', async () => {
  const { feedId } = await new FeedRepository(t.database).add({
    url: 'https://new.example/',
    newsWindowSeconds: 60,
    alongside: (trx, id) => settings.change(trx, id, { credentials: { kind: 'cookie', value: 'session=1' } }),
  });
  expect(await row(feedId)).toMatchObject({ has_settings: true, next_fetch_reason: expect.any(String) });
});
