/** What the API says while PostgreSQL or Redis is away: try again, or later; and it goes on by itself. */
import { TcpProxy } from '../../../../test/support/tcp-proxy.js';
import { testConsole, type TestConsole } from '../../../../test/support/console.js';
import { redisUrl } from '../../../../test/support/config.js';
import { serverUrl } from '../../../../test/support/database.js';
import { startStopwatch } from '../../../../test/support/stopwatch.js';
import { until } from '../../../../test/support/until.js';

let postgres: TcpProxy;
let redis: TcpProxy;
let hub: TestConsole;

/** The same address through a proxy. */
async function detour(
  address: string,
  defaultPort: number,
): Promise<{ proxy: TcpProxy; through: (url: string) => string }> {
  const { hostname, port } = new URL(address);
  const proxy = await TcpProxy.to(hostname, Number(port || defaultPort));
  const through = (url: string) => {
    const changed = new URL(url);
    changed.hostname = '127.0.0.1';
    changed.port = String(proxy.port);
    return changed.href;
  };
  return { proxy, through };
}

beforeAll(async () => {
  const toPostgres = await detour(serverUrl(), 5432);
  const toRedis = await detour(redisUrl(), 6379);
  postgres = toPostgres.proxy;
  redis = toRedis.proxy;
  hub = await testConsole({ redisUrl: toRedis.through(redisUrl()) }, toPostgres.through);
});
afterAll(async () => {
  postgres?.restore();
  redis?.restore();
  await hub?.close();
  await postgres?.close();
  await redis?.close();
});

it('answers 503 with problem details while PostgreSQL is away, stays alive, and recovers', async () => {
  expect((await hub.api('GET', '/feeds')).status).toBe(200);
  postgres.cut();
  const { status, headers, body } = await hub.api('POST', '/feeds', { url: 'https://gazette.example/feed' });
  expect(status).toBe(503);
  expect(headers.get('retry-after')).toBe('2');
  expect(body).toMatchObject({ type: 'urn:dateline:problem:postgres-away', status: 503 });
  expect((await fetch(`${hub.url}/health/live`)).status).toBe(200);
  expect((await fetch(`${hub.url}/health/ready`)).status).toBe(503);
  postgres.restore();
  await until('the API is back', async () => (await hub.api('GET', '/feeds')).status === 200);
  expect((await hub.api('POST', '/feeds', { url: 'https://gazette.example/feed' })).status).toBe(201);
});

it('takes every change while Redis is away, and says so at once', async () => {
  const { body: feed } = await hub.api('POST', '/feeds', { url: 'https://daily.example/feed' });
  redis.cut();
  await until('Redis is missed', async () => {
    const ready = (await (await fetch(`${hub.url}/health/ready`)).json()) as { status: string };
    return ready.status === 'degraded';
  });
  const elapsed = startStopwatch();
  const refreshed = await hub.api('POST', `/feeds/${feed.id}/refresh`);
  expect(refreshed.status).toBe(202);
  expect(refreshed.body.detail).toContain('due now');
  expect((await hub.api('POST', '/feeds', { url: 'https://other.example/feed' })).status).toBe(201);
  expect((await hub.api('POST', '/endpoints', { url: 'https://partner.example/hook' })).status).toBe(201);
  expect((await hub.api('POST', '/feeds/preview', { url: 'https://other.example/feed' })).status).toBe(503);
  expect(elapsed()).toBeLessThan(5_000);
  const page = await fetch(`${hub.url}/`, { headers: { authorization: `Bearer ${hub.token}` } });
  expect(page.status).toBe(200);
  const queues = await fetch(`${hub.url}/queues/api/queues`, { headers: { authorization: `Bearer ${hub.token}` } });
  expect(queues.status).toBeGreaterThanOrEqual(500);
  redis.restore();
  // Every connection tries again within half a second; one that is closed while it does keeps a process alive.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
});
