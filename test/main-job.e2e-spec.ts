/** The main job over real HTTP: three formats in, one story out, with its source, as feed, page, channel and signed webhook. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { testDatabase, type TestDatabase } from './support/database.js';
import { Hub } from './support/hub.js';
import { redisUrl } from './support/config.js';
import { until } from './support/until.js';
import { WebhookReceiver } from './support/webhook-receiver.js';

const NOW = new Date();
const LEAD =
  'The old harbour bridge in Kelso Bay will close for repairs on Monday, the council said, and ferries will run every ten minutes until the work is done in March.';

const RSS = `<?xml version="1.0"?><rss version="2.0"><channel><title>Kelso Wire</title><link>https://wire.example/</link>
<description>d</description><item><title>Harbour bridge to close for repairs</title><link>https://wire.example/bridge?utm_source=feed</link>
<guid isPermaLink="false">urn:kelso:bridge</guid><category>Ferry news</category><pubDate>${NOW.toUTCString()}</pubDate>
<description><![CDATA[<p onclick="steal()">${LEAD}</p><script>alert(1)</script><p>Drivers should use the <a href="/map">northern road</a>.</p>]]></description></item></channel></rss>`;

const ATOM = `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>The Kelso Daily</title><id>urn:daily</id>
<link href="https://daily.example/"/><updated>${NOW.toISOString()}</updated><entry><id>tag:daily.example,2026:1</id>
<title>Bridge closes Monday</title><link href="https://wire.example/bridge"/><updated>${NOW.toISOString()}</updated>
<published>${NOW.toISOString()}</published><category term="Ferry news"/><summary>Ferries will run while the bridge is repaired.</summary></entry></feed>`;

const JSON_FEED = JSON.stringify({
  version: 'https://jsonfeed.org/version/1.1',
  title: 'Kelso Notes',
  home_page_url: 'https://notes.example/',
  items: [
    {
      id: 'https://notes.example/choir',
      url: 'https://notes.example/choir',
      title: 'A choir for the lighthouse',
      content_html: '<p>Forty singers filled the lighthouse on Sunday evening, and the keeper sang along.</p>',
      date_published: NOW.toISOString(),
      tags: ['Lighthouse keepers'],
    },
  ],
});

interface StoryAnswer {
  id: string;
  title: string;
  url: string;
  items: { join: { rule: string; evidence: Record<string, unknown> } }[];
}

describe('the main job', () => {
  let test: TestDatabase;
  let hub: Hub;
  let receiver: WebhookReceiver;
  let partner: Server;
  let origin: string;
  const requests: { url: string; ifNoneMatch: string | undefined }[] = [];

  beforeAll(async () => {
    const documents: Record<string, [string, string]> = {
      '/rss': ['application/rss+xml', RSS],
      '/atom': ['application/atom+xml', ATOM],
      '/json': ['application/feed+json', JSON_FEED],
    };
    partner = createServer((request, response) => {
      const [type, body] = documents[request.url ?? ''] ?? ['text/plain', ''];
      requests.push({ url: request.url ?? '', ifNoneMatch: request.headers['if-none-match'] });
      if (request.headers['if-none-match'] === '"v1"') response.writeHead(304, { etag: '"v1"' }).end();
      else response.writeHead(200, { 'content-type': type, etag: '"v1"' }).end(body);
    });
    await new Promise<void>((resolve) => partner.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(partner.address() as AddressInfo).port}`;
    test = await testDatabase();
    receiver = await WebhookReceiver.start();
    hub = await Hub.start({
      databaseUrl: test.url,
      redisUrl: redisUrl(),
      env: { REDIS_PREFIX: `main${new URL(origin).port}` },
    });
    const { body } = await hub.api<{ secret: string }>('POST', '/endpoints', { url: receiver.url });
    receiver.secret = body.secret;
  });

  afterAll(async () => {
    await hub?.stop();
    await receiver?.close();
    partner?.close();
    await test?.drop();
  });

  const text = async (path: string) => (await fetch(`${hub.publisher}${path}`)).text();

  it('adds feeds of three formats, fetches at once, and makes two stories of three items', async () => {
    for (const path of ['/rss', '/atom', '/json']) {
      const { status, body } = await hub.api<{ id: string }>('POST', '/feeds', { url: `${origin}${path}` });
      expect(status).toBe(201);
      await until(`${path} has been fetched`, async () => {
        const feed = await hub.api<{ lastSuccessAt: string | null }>('GET', `/feeds/${body.id}`);
        return feed.body.lastSuccessAt !== null;
      });
    }
    await until('both stories are out', async () => {
      const { body } = await hub.api<{ items: StoryAnswer[] }>('GET', '/stories');
      return body.items.length === 2;
    });
    const again = await hub.api<{ feedId?: string; id?: string }>('POST', '/feeds', { url: `${origin}/rss` });
    expect(again.status).toBe(409);
    expect(JSON.stringify(again.body)).toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  it('says why two items are one story', async () => {
    const { body } = await hub.api<{ items: StoryAnswer[] }>('GET', '/stories');
    const bridge = body.items.find(({ title }) => /bridge/i.test(title));
    const story = await until('the daily joined', async () => {
      const answer = await hub.api<StoryAnswer>('GET', `/stories/${bridge?.id ?? ''}`);
      return answer.body.items.length === 2 ? answer.body : undefined;
    });
    expect(story.items.map(({ join }) => join.rule).sort()).toEqual(['first', 'url']);
    expect(JSON.stringify(story.items)).toContain('wire.example/bridge');
  });

  it('shows each story once in every feed, with its source, and cleaned', async () => {
    for (const format of ['rss', 'atom', 'json']) {
      const feed = await text(`/feeds/all.${format}`);
      expect(feed.match(/choir for the lighthouse/g)?.length).toBeGreaterThan(0);
      expect(feed).toContain('wire.example/bridge');
      expect(feed).toContain('Kelso Wire');
      expect(feed).not.toContain('onclick');
      expect(feed).not.toContain('<script');
    }
    const json = JSON.parse(await text('/feeds/all.json')) as { items: { id: string }[] };
    expect(json.items).toHaveLength(2);
  });

  it('shows it on the home page, on its own page, in the archive and in the search', async () => {
    expect(await text('/')).toContain('Harbour bridge to close for repairs');
    const json = JSON.parse(await text('/feeds/all.json')) as { items: { url: string; title: string }[] };
    const permalink = json.items.find(({ title }) => /bridge/i.test(title))?.url ?? '';
    const page = await text(new URL(permalink).pathname);
    expect(page).toContain('ferries will run every ten minutes');
    expect(page).toContain('href="https://wire.example/bridge');
    expect(page).toContain('Ferry news');
    expect(page).not.toContain('onclick');
    expect(await text(`/archive/${NOW.toISOString().slice(0, 10).replaceAll('-', '/')}`)).toContain('Harbour bridge');
    expect(await text('/search?q=ferries')).toContain('Harbour bridge');
    expect(await text('/search?q=zeppelin')).toContain('No story has “zeppelin”');
  });

  it('gives a channel its feeds at once', async () => {
    const made = await hub.api('POST', '/channels', {
      slug: 'lights',
      title: 'Lights',
      filter: { tags: ['keyword/lighthouse-keepers'] },
    });
    expect(made.status).toBe(201);
    const feed = JSON.parse(await text('/feeds/lights.json')) as { title: string; items: { title: string }[] };
    expect(feed.items.map(({ title }) => title)).toEqual(['A choir for the lighthouse']);
    expect((await fetch(`${hub.publisher}/feeds/nothing-here.rss`)).status).toBe(404);
  });

  it('delivers every new story once, signed', async () => {
    await until('both webhooks came', () => receiver.received.length >= 2);
    const published = receiver.received.filter(({ body }) => body.type === 'story.published');
    expect(published).toHaveLength(2);
    expect(receiver.received.every(({ verified }) => verified)).toBe(true);
    const { story } = published[0]?.body.data as { story: Record<string, unknown> };
    expect(Object.keys(story)).toEqual(
      expect.arrayContaining([
        'id',
        'version',
        'url',
        'title',
        'summary',
        'content',
        'source',
        'partners',
        'tags',
        'image',
      ]),
    );
  });

  it('retries what was refused, under the same id, and shows the attempts', async () => {
    const [delivery] = (await hub.api<{ items: { id: string }[] }>('GET', '/deliveries')).body.items;
    const before = receiver.received.length;
    receiver.answer = () => 503;
    await hub.api('POST', `/deliveries/${delivery?.id ?? ''}/retry`);
    await until('the refusal is on record', async () => {
      const { body } = await hub.api<{ status: string; attemptLog: { httpStatus: number | null }[] }>(
        'GET',
        `/deliveries/${delivery?.id ?? ''}`,
      );
      const refusal = body.attemptLog.some(({ httpStatus }) => httpStatus === 503);
      return refusal && body.status === 'pending' ? body : undefined;
    });
    receiver.answer = () => 200;
    await until('it came again', () => receiver.received.length > before);
    const ids = receiver.received.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length - 1);
  });

  it('asks conditionally from the second time on', async () => {
    const { body } = await hub.api<{ items: { id: string; url: string }[] }>('GET', '/feeds');
    const rss = body.items.find(({ url }) => url.endsWith('/rss'));
    const before = requests.length;
    const refreshed = await hub.api<{ outcome: string }>('POST', `/feeds/${rss?.id ?? ''}/refresh`);
    expect(refreshed.status).toBe(200);
    expect(refreshed.body.outcome).toBe('unchanged');
    expect(requests.slice(before)).toEqual([{ url: '/rss', ifNoneMatch: '"v1"' }]);
  });
});
