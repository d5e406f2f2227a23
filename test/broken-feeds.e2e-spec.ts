/** One broken feed never delays the others, and shows on itself what is wrong with it. */
import { testDatabase, type TestDatabase } from './support/database.js';
import { freePorts } from './support/free-ports.js';
import { HostileSite } from './support/hostile-site.js';
import { Hub } from './support/hub.js';
import { redisUrl } from './support/config.js';
import { PartnerSite } from './support/partner-site.js';
import { startStopwatch } from './support/stopwatch.js';
import { until } from './support/until.js';

interface FeedAnswer {
  id: string;
  status: string;
  consecutiveFailures: number;
  lastError: { class: string; message: string } | null;
  nextFetchAt: string;
  nextFetchReason: string;
}

describe('broken feeds', () => {
  let test: TestDatabase;
  let site: PartnerSite;
  let hostile: HostileSite;
  let hub: Hub;
  let closedPort: number;

  beforeAll(async () => {
    test = await testDatabase();
    [site, hostile] = await Promise.all([PartnerSite.start(), HostileSite.start()]);
    [closedPort] = (await freePorts(1)) as [number];
    const [badPort] = [new URL(hostile.origin).port];
    // Only the two sites may be reached: everything else on this machine is as private as it would be anywhere.
    hub = await Hub.start({
      databaseUrl: test.url,
      redisUrl: redisUrl(),
      env: {
        OUTBOUND_ALLOW: `127.0.0.1/32:${badPort},127.0.0.1/32:${new URL(site.origin).port},127.0.0.1/32:${closedPort}`,
        REDIS_PREFIX: `broken${closedPort}`,
      },
    });
  });

  afterAll(async () => {
    await hub?.stop();
    await Promise.all([site?.close(), hostile?.close()]);
    await test?.drop();
  });

  it('shows each failure on its feed while a good feed goes on', async () => {
    const cases: [string, RegExp][] = [
      ['http://no-such-host.invalid/feed', /name|resolve|DNS/i],
      [`http://127.0.0.1:${closedPort}/feed`, /refused/i],
      [`${hostile.origin}/hang`, /time|answer/i],
      [`${hostile.origin}/500`, /500/],
      [`${hostile.origin}/endless`, /complete answer|limit|large/i],
      [`${hostile.origin}/huge`, /large|MB|limit/i],
      [`${hostile.origin}/page`, /not a feed|HTML/i],
      [`${hostile.origin}/loop`, /redirect/i],
      [`${hostile.origin}/to-loopback`, /127\.0\.0\.2|private|loopback/i],
      [`${hostile.origin}/to-metadata`, /169\.254\.169\.254|private|link-local/i],
    ];
    const added = await Promise.all(
      cases.map(async ([url, expected]) => {
        const { status, body } = await hub.api<FeedAnswer>('POST', '/feeds', { url });
        expect(status).toBe(201);
        return { url, expected, id: body.id };
      }),
    );

    // The good one is added while ten bad ones are under way, and is on the site at once.
    site.publish('good', {
      guid: 'urn:good:1',
      url: 'https://good.example/1',
      title: 'The good feed goes on',
      body: 'While others hang, loop and pour, this one is read as if nothing were wrong.',
      publishedAt: new Date(),
    });
    const elapsed = startStopwatch();
    await hub.api('POST', '/feeds', { url: site.feedUrl('good') });
    await until('the good story is published', async () =>
      (await (await fetch(`${hub.publisher}/feeds/all.json`)).text()).includes('The good feed goes on'),
    );
    expect(elapsed()).toBeLessThan(25_000);

    for (const { url, expected, id } of added) {
      const feed = await until(`${url} shows its error`, async () => {
        const { body } = await hub.api<FeedAnswer>('GET', `/feeds/${id}`);
        // The fetch that adding asks for may follow the one that the schedule began: it is due until it is done.
        return body.lastError === null || new Date(body.nextFetchAt) < new Date() ? undefined : body;
      });
      expect(`${url}: ${feed.lastError?.message ?? ''}`).toMatch(expected);
      expect(feed.status).toBe('active');
      expect(new Date(feed.nextFetchAt).getTime()).toBeGreaterThan(Date.now());
      expect(feed.nextFetchReason).not.toBe('');
    }
  });
});
