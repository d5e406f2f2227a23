/** Who gets in: every kind of address against every kind of credentials. */
import { testConsole, type TestConsole } from '../../../../test/support/console.js';

let hub: TestConsole;
beforeAll(async () => {
  hub = await testConsole();
});
afterAll(() => hub?.close());

const basic = (password: string) => `Basic ${Buffer.from(`operator:${password}`).toString('base64')}`;
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${hub.url}${path}`, { headers, redirect: 'manual' });

async function session(): Promise<string> {
  const response = await fetch(`${hub.url}/login`, {
    method: 'POST',
    body: new URLSearchParams({ token: hub.token, next: '/queues' }),
    redirect: 'manual',
  });
  expect(response.status).toBe(303);
  expect(response.headers.get('location')).toBe('/queues');
  const cookie = response.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/);
  return cookie.split(';')[0] ?? '';
}

describe('the door', () => {
  // Columns: nothing, wrong bearer, right bearer, right basic, session.
  it.each([
    ['/health/live', 200, 200, 200, 200, 200],
    ['/health/ready', 200, 200, 200, 200, 200],
    ['/metrics', 200, 200, 200, 200, 200],
    ['/login', 200, 200, 200, 200, 200],
    ['/api/docs', 200, 200, 200, 200, 200],
    ['/api/docs-json', 200, 200, 200, 200, 200],
    ['/api/docs/swagger-ui.css', 200, 200, 200, 200, 200],
    ['/', 401, 401, 200, 200, 200],
    ['/queues', 401, 401, 200, 200, 200],
    ['/queues/api/queues', 401, 401, 200, 200, 200],
    ['/queues/static/favicon-32x32.png', 401, 401, 200, 200, 200],
    ['/api/v1/feeds', 401, 401, 200, 401, 401],
    ['/api/v1/status', 401, 401, 200, 401, 401],
    ['/nowhere', 401, 401, 404, 404, 404],
    ['/api/v1/nowhere', 401, 401, 404, 401, 401],
    ['/api/docs/../v1/feeds', 401, 401, 200, 401, 401],
    ['/health/live/../../api/v1/feeds', 401, 401, 200, 401, 401],
    ['/API/V1/feeds', 401, 401, 404, 404, 404],
    ['//api/v1/feeds', 401, 401, 404, 404, 404],
    ['/%61pi/v1/feeds', 401, 401, 200, 401, 401],
  ])('%s', async (path, nothing, wrong, bearer, password, cookie) => {
    const statuses = [
      await get(path),
      await get(path, { authorization: 'Bearer not-the-token-at-all' }),
      await get(path, { authorization: `Bearer ${hub.token}` }),
      await get(path, { authorization: basic(hub.token) }),
      await get(path, { cookie: await session() }),
    ].map((response) => response.status);
    expect(statuses).toEqual([nothing, wrong, bearer, password, cookie]);
  });

  it('says in problem details where the token is', async () => {
    const response = await get('/api/v1/feeds');
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="dateline"');
    expect(await response.json()).toMatchObject({
      status: 401,
      detail: expect.stringContaining('DATA_DIR/admin-token'),
    });
  });

  it('shows a browser the login page in place', async () => {
    const response = await get('/queues', { accept: 'text/html,*/*' });
    expect(response.status).toBe(401);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = await response.text();
    expect(page).toContain('name="token"');
    expect(page).toContain('value="/queues"');
  });

  it('asks other programs for a password at /queues', async () => {
    expect((await get('/queues')).headers.get('www-authenticate')).toBe('Basic realm="dateline"');
  });

  it.each([
    ['an expired or forged session', `dateline_session=9999999999.${'A'.repeat(43)}`],
    ['an empty session', 'dateline_session='],
    ['garbage', 'dateline_session=x.y.z'],
  ])('refuses %s', async (_, cookie) => {
    expect((await get('/queues', { cookie })).status).toBe(401);
  });

  it.each(['//evil.example/', '/\\evil.example', 'https://evil.example', '/login'])(
    'does not lead to %s',
    async (next) => {
      const body = new URLSearchParams({ token: hub.token, next });
      const response = await fetch(`${hub.url}/login`, { method: 'POST', body, redirect: 'manual' });
      expect(response.headers.get('location')).toBe('/');
    },
  );

  it('refuses changes that a page of another origin makes a browser send', async () => {
    const cookie = await session();
    const pause = (headers: Record<string, string>) =>
      fetch(`${hub.url}/queues/api/queues/fetch-feed/pause`, { method: 'PUT', headers: { cookie, ...headers } });
    expect((await pause({ origin: 'http://127.0.0.1:1' })).status).toBe(403);
    expect((await pause({ 'sec-fetch-site': 'same-site' })).status).toBe(403);
    expect((await pause({ origin: hub.url })).status).toBe(200);
  });

  it('ends a session on request', async () => {
    const cookie = await session();
    const response = await fetch(`${hub.url}/logout`, { method: 'POST', headers: { cookie }, redirect: 'manual' });
    expect(response.headers.get('set-cookie')).toMatch(/^dateline_session=; Path=\/; Max-Age=0/);
  });
});

describe('guessing', () => {
  it('has an address wait after many different tokens, but never the right one', async () => {
    const statuses: number[] = [];
    let last: Response | undefined;
    for (let guess = 0; guess < 30; guess += 1) {
      last = await get('/api/v1/feeds', { authorization: `Bearer guess-number-${guess}` });
      statuses.push(last.status);
    }
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401));
    expect(statuses.at(-1)).toBe(429);
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await get('/api/v1/feeds', { authorization: `Bearer ${hub.token}` })).status).toBe(200);
    expect((await get('/queues', { authorization: basic(hub.token) })).status).toBe(200);
    expect((await get('/queues', { cookie: await session() })).status).toBe(200);
    const login = await fetch(`${hub.url}/login`, { method: 'POST', body: new URLSearchParams({ token: 'guess' }) });
    expect(login.status).toBe(429);
  });

  it('takes a partner who is wrong for no guesser of the admin token', async () => {
    const other = await testConsole();
    const status = async (token: string) =>
      (await fetch(`${other.url}/api/v1/endpoints`, { headers: { authorization: `Bearer ${token}` } })).status;
    for (let guess = 0; guess < 25; guess += 1) await status(`dlp_guess-${guess}`);
    expect(await status('dlp_one-more')).toBe(429);
    expect(await status('not-the-admin-token')).toBe(401);
    await other.close();
  });
});

describe('behind a proxy', () => {
  const wrongFrom = async (url: string, forwardedFor: string) => {
    const statuses: number[] = [];
    for (let guess = 0; guess < 22; guess += 1)
      statuses.push(
        (
          await fetch(`${url}/api/v1/feeds`, {
            headers: { authorization: `Bearer guess-${guess}`, 'x-forwarded-for': forwardedFor },
          })
        ).status,
      );
    return statuses.at(-1);
  };
  const oneFrom = async (url: string, forwardedFor: string) =>
    (await fetch(`${url}/api/v1/feeds`, { headers: { authorization: 'Bearer old', 'x-forwarded-for': forwardedFor } }))
      .status;

  it('that is trusted, addresses are told apart by what it says, and what its clients claim is not believed', async () => {
    const behind = await testConsole({ trustedProxies: ['127.0.0.0/8', '::1'] });
    expect(await wrongFrom(behind.url, '203.0.113.1')).toBe(429);
    expect(await oneFrom(behind.url, '203.0.113.2')).toBe(401);
    expect(await oneFrom(behind.url, '203.0.113.9, 203.0.113.1')).toBe(429);
    await behind.close();
  });

  it('that is not named, nobody makes an address up', async () => {
    const plain = await testConsole();
    expect(await wrongFrom(plain.url, '203.0.113.1')).toBe(429);
    expect(await oneFrom(plain.url, '203.0.113.2')).toBe(429);
    await plain.close();
  });
});
