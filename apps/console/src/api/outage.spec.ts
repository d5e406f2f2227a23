/** What the API says while PostgreSQL is away: try again, nothing was changed; and it goes on by itself. */
import { TcpProxy } from '../../../../test/support/tcp-proxy.js';
import { testConsole, type TestConsole } from '../../../../test/support/console.js';
import { serverUrl } from '../../../../test/support/database.js';
import { until } from '../../../../test/support/until.js';

let proxy: TcpProxy;
let hub: TestConsole;
beforeAll(async () => {
  const { hostname, port } = new URL(serverUrl());
  proxy = await TcpProxy.to(hostname, Number(port || 5432));
  hub = await testConsole({}, (databaseUrl) => {
    const through = new URL(databaseUrl);
    through.hostname = '127.0.0.1';
    through.port = String(proxy.port);
    return through.href;
  });
}, 60_000);
afterAll(async () => {
  proxy?.restore();
  await hub?.close();
  await proxy?.close();
});

it('answers 503 with problem details, stays alive, and recovers', async () => {
  expect((await hub.api('GET', '/feeds')).status).toBe(200);
  proxy.cut();
  const { status, headers, body } = await hub.api('POST', '/feeds', { url: 'https://gazette.example/feed' });
  expect(status).toBe(503);
  expect(headers.get('retry-after')).toBe('2');
  expect(body).toMatchObject({ type: 'urn:dateline:problem:postgres-away', status: 503 });
  expect((await fetch(`${hub.url}/health/live`)).status).toBe(200);
  expect((await fetch(`${hub.url}/health/ready`)).status).toBe(503);
  proxy.restore();
  await until('the API is back', async () => (await hub.api('GET', '/feeds')).status === 200);
  expect((await hub.api('POST', '/feeds', { url: 'https://gazette.example/feed' })).status).toBe(201);
});
