/** What a feed's settings do to its fetches, on a real database and real requests; and that no credential is ever seen. */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { projectFile } from '#config/project-file.js';
import type { FeedSettingsPatch, ItemRule } from '#contracts/feed-settings.js';
import { OutboundHttp } from '#http-client/http-client.js';
import type { JobPublisher } from '#messaging/job-publisher.js';
import { Metrics } from '#observability/metrics.js';
import { FeedClaimRepository } from '#storage/feed-claim.repository.js';
import { FeedInHandRepository } from '#storage/feed-in-hand.repository.js';
import { FeedRepository } from '#storage/feed.repository.js';
import { FeedSubscriptionRepository } from '#storage/feed-subscription.repository.js';
import { FetchRepository } from '#storage/fetch.repository.js';
import { FetchedDocumentRepository } from '#storage/fetched-document.repository.js';
import { FollowedHubRepository } from '#storage/followed-hub.repository.js';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.js';
import { testFetcher, type TestFetcher } from '../../../../test/support/feed-fetcher.js';
import { DocumentMemory } from '../fetching/document-memory.js';
import { FeedPoller } from '../fetching/feed-poller.js';
import { ItemHandover } from '../fetching/item-handover.js';
import { OutcomeWriter } from '../fetching/outcome-writer.js';
import { PushWatch } from '../push/push-watch.js';
import type { FeedScheduler } from '../scheduling/feed-scheduler.js';

const SECRETS = /swordfish|tuna|c3dvcmRmaXNo|OnN3b3JkZmlz|aHViOnN3b3JkZmlzaA|b3V0OnR1bmE/;
const cert = readFileSync(projectFile('test/fixtures/tls/certificate.pem'), 'utf8');
const key = readFileSync(projectFile('test/fixtures/tls/key.pem'), 'utf8');

type Answer = (response: ServerResponse, request: IncomingMessage) => void;
let t: TestDatabase;
let test_: TestFetcher;
let poller: FeedPoller;
let base: string;
let secure: string;
let elsewhere: string;
let respond: Answer;
const logged: string[] = [];
const closers: (() => unknown)[] = [];

async function serve(tls = false): Promise<string> {
  const answer: Answer = (response, request) => respond(response, request);
  const server = tls
    ? createTlsServer({ cert, key }, (request, response) => answer(response, request))
    : createServer((request, response) => answer(response, request));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  return `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  const keep = (...said: unknown[]) => void logged.push(said.map((one) => inspectable(one)).join(' '));
  Logger.overrideLogger({ log: keep, error: keep, warn: keep, debug: keep, verbose: keep, fatal: keep });
  t = await testDatabase();
  [base, secure, elsewhere] = [await serve(), await serve(true), await serve()];
  const http = new OutboundHttp({ allow: ['127.0.0.0/8'], userAgent: 'Dateline/0 (+https://hub.example/)' });
  test_ = testFetcher(t.database, http);
  closers.push(() => http.onApplicationShutdown(), test_.close);
  poller = new FeedPoller(
    new FeedInHandRepository(t.database),
    test_.fetcher,
    new OutcomeWriter(
      new FetchRepository(t.database),
      new FetchedDocumentRepository(t.database),
      new ItemHandover({ publish: async () => true } as unknown as JobPublisher),
      new PushWatch(new FollowedHubRepository(t.database), new FeedSubscriptionRepository(t.database)),
      new Metrics(),
    ),
    test_.sequel,
    { pollFinished: () => undefined } as FeedScheduler,
    new DocumentMemory({ fetchMemoryMegabytes: 128 }, new Metrics()),
  );
});
afterAll(async () => {
  await poller.beforeApplicationShutdown();
  for (const close of closers.reverse()) await close();
  await t.drop();
});

function inspectable(value: unknown): string {
  return value instanceof Error ? `${value.message} ${value.stack}` : JSON.stringify(value);
}

let number = 0;
async function feedWith(patch: FeedSettingsPatch, origin = base): Promise<string> {
  const { feedId } = await new FeedRepository(t.database).add({
    url: `${origin}/feed-${++number}`,
    newsWindowSeconds: 86_400,
    alongside: (trx, id) => test_.settings.change(trx, id, patch),
  });
  return feedId;
}
const change = (feedId: string, patch: FeedSettingsPatch) =>
  t.database.transaction((trx) => test_.settings.change(trx, feedId, patch));

async function fetchNow(feedId: string) {
  const asked = await new FeedClaimRepository(t.database).claimForRefresh(feedId);
  const { end } = await poller.start([{ feedId, generation: asked?.claimed?.generation ?? -1 }]);
  await end;
  return t.database.db
    .selectFrom('fetches')
    .selectAll()
    .where('feed_id', '=', feedId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
}
const feedRow = (id: string) =>
  t.database.db.selectFrom('feeds').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const itemsOf = (id: string) =>
  t.database.db.selectFrom('items').selectAll().where('feed_id', '=', id).orderBy('identity_key').execute();

interface Entry {
  guid: string;
  title?: string;
  link?: string;
  text?: string;
}
const rss = (entries: Entry[], home = 'https://somewhere.example/') =>
  `<rss version="2.0"><channel><title>Harbour Gazette</title><link>${home}</link><description>d</description>${entries
    .map(
      ({ guid, title = 'Ferry', link, text = 'Short text' }) =>
        `<item><guid isPermaLink="false">${guid}</guid><title>${title}</title>${
          link === undefined ? '' : `<link>${link.replaceAll('&', '&amp;')}</link>`
        }<description><![CDATA[${text}]]></description><pubDate>${new Date().toUTCString()}</pubDate></item>`,
    )
    .join('')}</channel></rss>`;
const sendFeed = (...entries: Entry[]): Answer => {
  const body = rss(entries);
  return (response) => response.setHeader('content-type', 'application/rss+xml').end(body);
};

describe('credentials', () => {
  test.each<[NonNullable<FeedSettingsPatch['credentials']>, string, string]>([
    [
      { kind: 'basic', username: 'hub', password: 'swordfish' },
      'authorization',
      `Basic ${Buffer.from('hub:swordfish').toString('base64')}`,
    ],
    [{ kind: 'bearer', token: 'swordfish' }, 'authorization', 'Bearer swordfish'],
    [{ kind: 'header', name: 'X-Press-Pass', value: 'swordfish' }, 'x-press-pass', 'swordfish'],
    [{ kind: 'cookie', value: 'session=swordfish' }, 'cookie', 'session=swordfish'],
  ])('%j go to the feed, and to no other origin', async (credentials, header, expected) => {
    const id = await feedWith({ credentials });
    const seen: [string | undefined, string | undefined][] = [];
    respond = (response, request) => {
      seen.push([request.headers.host, request.headers[header] as string | undefined]);
      if (request.headers.host === new URL(base).host) response.writeHead(302, { location: `${elsewhere}/feed` }).end();
      else sendFeed({ guid: '1' })(response, request);
    };
    expect(await fetchNow(id)).toMatchObject({ outcome: 'changed' });
    expect(seen).toEqual([
      [new URL(base).host, expected],
      [new URL(elsewhere).host, undefined],
    ]);
  });

  test('stay behind when the feed moves to another origin, and the fetch says so', async () => {
    const id = await feedWith({ credentials: { kind: 'bearer', token: 'swordfish' } });
    await t.database.db
      .updateTable('feeds')
      .set({ url: `${elsewhere}/moved` })
      .where('id', '=', id)
      .execute();
    let headers: IncomingHttpHeaders = {};
    respond = (response, request) => {
      headers = request.headers;
      sendFeed({ guid: '1' })(response, request);
    };
    const { problems } = await fetchNow(id);
    expect(headers.authorization).toBeUndefined();
    expect(problems).toEqual([expect.objectContaining({ code: 'credentials-not-sent' })]);
  });

  test('that cannot be opened stop the fetch, which does not blame the partner', async () => {
    const id = await feedWith({ credentials: { kind: 'bearer', token: 'swordfish' } });
    await t.database.db
      .updateTable('feed_settings')
      .set({ secrets_sealed: Buffer.alloc(64, 1) })
      .where('feed_id', '=', id)
      .execute();
    expect(await fetchNow(id)).toMatchObject({ outcome: 'failed', error_class: 'settings' });
    expect(await feedRow(id)).toMatchObject({
      consecutive_failures: 0,
      last_error: expect.stringContaining('SECRET_KEY'),
    });
  });

  test('are in no answer, error, log line or row, whatever goes wrong', async () => {
    const secretive: FeedSettingsPatch = {
      credentials: { kind: 'basic', username: 'hub', password: 'swordfish' },
      proxy: { url: 'http://127.0.0.1:1/', username: 'out', password: 'tuna' },
    };
    const { proxy: _none, ...straight } = secretive;
    const troubles: Answer[] = [
      (response) => response.writeHead(401, { 'www-authenticate': 'Basic' }).end('who are you'),
      (response) => response.writeHead(302, { location: 'http://10.0.0.1/' }).end(),
      (response) => response.writeHead(302, { location: '::' }).end(),
      (response) => response.end('no feed'),
      (response) => response.destroy(),
      (response, request) => response.end(`<rss><channel><title>${request.url}</title></channel>`),
    ];
    const ids = [await feedWith(secretive), await feedWith(secretive, secure), await feedWith(straight, secure)];
    for (const id of ids) await fetchNow(id);
    const id = await feedWith(straight);
    for (const trouble of troubles) {
      respond = trouble;
      await fetchNow(id);
    }
    const rows = await Promise.all(
      (['feeds', 'fetches', 'feed_settings', 'items', 'partners'] as const).map((table) =>
        t.database.db.selectFrom(table).selectAll().execute(),
      ),
    );
    expect(JSON.stringify(rows)).not.toMatch(SECRETS);
    expect(logged.length).toBeGreaterThan(5);
    expect(logged.filter((line) => SECRETS.test(line))).toEqual([]);
  });
});

describe('the way of a request', () => {
  test('has the name of the hub and of those it reads for, or the one of the feed', async () => {
    const agents: (string | undefined)[] = [];
    respond = (response, request) => {
      agents.push(request.headers['user-agent']);
      sendFeed({ guid: '1' })(response, request);
    };
    await fetchNow(await feedWith({}));
    await t.database.db
      .insertInto('endpoints')
      .values({
        id: '01900000-0000-7000-8000-000000000001',
        url: 'https://site.example/hook',
        secret_sealed: Buffer.alloc(1),
        event_types: [],
      })
      .execute();
    await test_.subscribers.refresh();
    await fetchNow(await feedWith({}));
    await fetchNow(await feedWith({ userAgent: 'PressReader/2' }));
    expect(agents).toEqual([
      'Dateline/0 (+https://hub.example/; 1 subscriber)',
      'Dateline/0 (+https://hub.example/; 2 subscribers)',
      'PressReader/2',
    ]);
  });

  test('accepts a bad certificate, or one more authority, of the feeds that say so', async () => {
    respond = sendFeed({ guid: '1' });
    const [strict, lax, ca] = [
      await feedWith({}, secure),
      await feedWith({ allowInvalidCertificate: true }, secure),
      await feedWith({ ca: cert }, secure),
    ];
    expect(await fetchNow(strict)).toMatchObject({ error_class: 'tls' });
    expect(await fetchNow(lax)).toMatchObject({ outcome: 'changed' });
    expect(await fetchNow(ca)).toMatchObject({ outcome: 'changed' });
  });

  test('leads through the proxy, whose troubles do not count against the partner', async () => {
    respond = (response, request) => {
      const { host } = new URL(request.url ?? '/', base);
      const body = rss([{ guid: host }]);
      response.setHeader('content-type', 'application/rss+xml').end(body);
    };
    const id = await feedWith({ proxy: { url: base } }, elsewhere);
    await fetchNow(id);
    expect(await itemsOf(id)).toEqual([expect.objectContaining({ identity_key: new URL(elsewhere).host })]);
    const away = await feedWith({ proxy: { url: 'http://127.0.0.1:1' } });
    expect(await fetchNow(away)).toMatchObject({ error_class: 'proxy' });
    expect(await feedRow(away)).toMatchObject({ consecutive_failures: 0 });
  });
});

describe('rules', () => {
  const block = (value: string): ItemRule => ({ action: 'block', field: 'title', operator: 'contains', value });

  test('keep items out of stories, counted with the reason, and let them in again when they change', async () => {
    const id = await feedWith({ rules: [block('horoscope')] });
    const entries = [
      { guid: 'a', title: 'Ferry' },
      { guid: 'b', title: 'Your horoscope' },
    ];
    respond = sendFeed(...entries);
    expect(await fetchNow(id)).toMatchObject({
      items_seen: 2,
      items_new: 1,
      items_blocked: 1,
      blocked: [{ reason: 'blocked by rule 1: title contains "horoscope"', items: 1 }],
    });
    const [ferry, horoscope] = await itemsOf(id);
    expect(ferry).toMatchObject({ state: 'received', processed_version: 0 });
    expect(horoscope).toMatchObject({
      state: 'dropped',
      state_reason: 'blocked by rule 1: title contains "horoscope"',
      refused_by: 'feed-rules',
      version: 1,
      processed_version: 1,
    });

    respond = sendFeed(...entries, { guid: 'c', title: 'Tide' });
    expect(await fetchNow(id)).toMatchObject({ items_new: 1, items_changed: 0, items_blocked: 1 });
    expect((await itemsOf(id))[1]).toMatchObject({ version: 1 });

    await change(id, { rules: [] });
    respond = sendFeed(...entries);
    expect(await fetchNow(id)).toMatchObject({ items_changed: 1, items_blocked: 0 });
    expect((await itemsOf(id))[1]).toMatchObject({
      state: 'received',
      state_reason: null,
      refused_by: null,
      processed_version: 1,
      version: 2,
    });
  });

  test('refuse an item that waits, and leave one alone that is in a story', async () => {
    const id = await feedWith({});
    respond = sendFeed({ guid: 'a', title: 'Horoscope A' }, { guid: 'b', title: 'Horoscope B' });
    await fetchNow(id);
    await t.database.db
      .updateTable('items')
      .set({ state: 'in-story', processed_version: 1 })
      .where('feed_id', '=', id)
      .where('identity_key', '=', 'a')
      .execute();
    await change(id, { rules: [block('horoscope')] });
    respond = sendFeed({ guid: 'a', title: 'Horoscope A!' }, { guid: 'b', title: 'Horoscope B!' });
    await fetchNow(id);
    const [inStory, waited] = await itemsOf(id);
    expect(inStory).toMatchObject({ state: 'received', version: 2, processed_version: 1 });
    expect(waited).toMatchObject({ state: 'dropped', version: 2, processed_version: 2 });
  });

  test('take trackers out before they look, where the feed says so', async () => {
    const id = await feedWith({
      stripTrackers: true,
      rules: [{ action: 'block', field: 'url', operator: 'contains', value: 'utm_' }],
    });
    respond = sendFeed({
      guid: 'a',
      link: 'https://gazette.example/a?id=1&utm_source=rss',
      text: 'See <a class="x" href="https://gazette.example/b?utm_medium=feed&amp;p=2">b</a><img src="https://i.example/?utm_x=1">',
    });
    expect(await fetchNow(id)).toMatchObject({ items_blocked: 0 });
    const [item] = await itemsOf(id);
    expect(item?.parsed.url).toBe('https://gazette.example/a?id=1');
    const text = item?.parsed.content ?? item?.parsed.summary ?? '';
    expect(text).toContain('href="https://gazette.example/b?p=2"');
    expect(text).toContain('https://i.example/?utm_x=1');
  });
});

describe('full text', () => {
  const paragraph =
    '<p>The ferry leaves the harbour at seven in the morning, and returns, weather permitting, at nine in the evening. Passengers come early.</p>';
  const page = (title: string) =>
    `<html><head><title>${title}</title></head><body><nav><a href="/">Home</a></nav><article><h1>${title}</h1>${paragraph.repeat(5)}<a href="/more">more</a></article></body></html>`;
  const siteWith = (entries: Entry[], pages: Answer): Answer => {
    const body = rss(entries);
    return (response, request) => {
      if ((request.url ?? '').startsWith('/feed')) response.setHeader('content-type', 'application/rss+xml').end(body);
      else pages(response, request);
    };
  };
  const sendPage: Answer = (response, request) =>
    response.setHeader('content-type', 'text/html').end(page(request.url ?? ''));

  test('of a new item is its page’s article, read once', async () => {
    const id = await feedWith({ fullText: true });
    const asked: string[] = [];
    const entry = { guid: 'a', link: `${base}/a`, text: 'Teaser' };
    const pages: Answer = (response, request) => {
      asked.push(request.url ?? '');
      sendPage(response, request);
    };
    respond = siteWith([entry], pages);
    await fetchNow(id);
    const [item] = await itemsOf(id);
    expect(item?.parsed.content).toContain('weather permitting');
    expect(item?.parsed.content).toContain(`href="${base}/more"`);
    expect(item?.parsed.content).not.toContain('Home');
    expect(item?.parsed.summary).toBe('Teaser');

    // Another document, the same item: it keeps its text, and nobody is asked again.
    respond = siteWith([{ guid: 'b', link: `${base}/b` }, entry], pages);
    expect(await fetchNow(id)).toMatchObject({ items_new: 1, items_changed: 0 });
    expect(asked).toEqual(['/a', '/b']);
    // A correction in the feed is one of the page too.
    respond = siteWith([{ ...entry, title: 'Ferry, corrected' }], pages);
    expect(await fetchNow(id)).toMatchObject({ items_changed: 1 });
    expect((await itemsOf(id))[0]?.parsed).toMatchObject({
      title: 'Ferry, corrected',
      content: expect.stringContaining('weather permitting'),
    });
  });

  test('that cannot be had leaves the feed’s own, and the fetch says why', async () => {
    const id = await feedWith({ fullText: true });
    const answers: Record<string, Answer> = {
      '/404': (response) => response.writeHead(404).end('no'),
      '/image': (response) => response.setHeader('content-type', 'image/png').end('x'),
      '/empty': (response) => response.setHeader('content-type', 'text/html').end('<p>Please accept cookies</p>'),
      '/deep': (response) => response.setHeader('content-type', 'text/html').end('<div>'.repeat(200_000)),
    };
    respond = siteWith(
      [
        ...[...Object.keys(answers), '/fine'].map((path) => ({ guid: path, link: `${base}${path}` })),
        { guid: 'inside', link: 'http://10.0.0.1/' },
        { guid: 'none' },
      ],
      (response, request) => (answers[request.url ?? ''] ?? sendPage)(response, request),
    );
    const { problems, items_new } = await fetchNow(id);
    expect(items_new).toBe(7);
    const said = problems.filter(({ code }) => code === 'full-text').map(({ message }) => message);
    expect(said).toHaveLength(6);
    expect(said.join('\n')).toMatch(/404.*status 404/);
    expect(said.join('\n')).toMatch(/image.*no HTML/);
    expect(said.join('\n')).toMatch(/empty.*no article/);
    expect(said.join('\n')).toMatch(/10\.0\.0\.1.*private address/);
    const texts = (await itemsOf(id)).map(({ parsed }) => parsed.content ?? parsed.summary);
    expect(texts.filter((text) => text === 'Short text')).toHaveLength(6);
  });

  test('is read of twenty pages a fetch; the rest come with the next document', async () => {
    const id = await feedWith({ fullText: true });
    const entries = Array.from({ length: 23 }, (_, index) => ({ guid: `${100 + index}`, link: `${base}/${index}` }));
    respond = siteWith(entries, sendPage);
    const { problems } = await fetchNow(id);
    expect(problems).toEqual([expect.objectContaining({ message: expect.stringMatching(/^3 pages are left/) })]);
    respond = siteWith([...entries, { guid: '999' }], sendPage);
    expect(await fetchNow(id)).toMatchObject({ items_new: 1, items_changed: 3 });
    const read = (await itemsOf(id)).filter(({ parsed }) => parsed.content?.includes('weather permitting'));
    expect(read).toHaveLength(23);
  });

  test('is not asked for any more of a host that wants fewer requests, nor where the partner allows excerpts only', async () => {
    const id = await feedWith({ fullText: true });
    let asked = 0;
    const entries = ['a', 'b', 'c'].map((guid) => ({ guid, link: `${base}/${guid}` }));
    respond = siteWith(entries, (response) => {
      asked++;
      response.writeHead(429).end();
    });
    await fetchNow(id);
    expect(asked).toBe(1);
    const { partner_id } = await feedRow(id);
    await t.database.db
      .updateTable('partners')
      .set({ rights: '{"excerptOnly":true}' })
      .where('id', '=', partner_id)
      .execute();
    respond = siteWith([...entries, { guid: 'd', link: `${base}/d` }], () => void asked++);
    expect((await fetchNow(id)).problems).toEqual([
      { code: 'full-text', message: 'no full text is fetched: the partner allows excerpts only' },
    ]);
    expect(asked).toBe(1);
  });
});

describe('the partner of a feed that was added alone', () => {
  const send = (home: string): Answer => {
    const body = rss([{ guid: home }], home);
    return (response) => response.setHeader('content-type', 'application/rss+xml').end(body);
  };

  test('is the one of its home page, named once', async () => {
    const [first, second] = [await feedWith({}), await feedWith({})];
    respond = send(`${base}/`);
    await fetchNow(first);
    const { partner_id } = await feedRow(first);
    await t.database.db.updateTable('partners').set({ name: 'Kept' }).where('id', '=', partner_id).execute();
    respond = send(`${base}/sport`);
    await fetchNow(second);
    expect(await feedRow(second)).toMatchObject({
      partner_id,
      partner_reason: expect.stringContaining('shares the home page'),
    });
    expect(await itemsOf(second)).toEqual([expect.objectContaining({ partner_id })]);
    const partner = await t.database.db
      .selectFrom('partners')
      .selectAll()
      .where('id', '=', partner_id)
      .executeTakeFirst();
    expect(partner).toMatchObject({ name: 'Kept' });
  });

  test('is never somebody else’s, whose home a feed claims', async () => {
    const [honest, stranger] = [await feedWith({}, elsewhere), await feedWith({})];
    respond = send(`${elsewhere}/`);
    await fetchNow(honest);
    await fetchNow(stranger);
    expect((await feedRow(stranger)).partner_id).not.toBe((await feedRow(honest)).partner_id);
  });
});
