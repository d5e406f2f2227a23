/** The launcher from outside: a fresh start, what it does when things die, how it ends, and what it says when it cannot begin. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { redisUrl } from './support/config.js';
import { serverUrl, testDatabase } from './support/database.js';
import { freePorts } from './support/free-ports.js';
import { isRunning, Launcher, ownPlace } from './support/launcher.js';
import { until } from './support/until.js';

/** A start on a busy machine; migrations and initdb included. */
const START_MS = 240_000;

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dateline-launcher-'));
  folders.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function allGone(pids: number[]): Promise<void> {
  await until('no process of the hub is left', () => pids.every((pid) => !isRunning(pid)));
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

describe('a hub with everything of its own', () => {
  const dataDir = newFolder();
  let place: Record<string, string>;
  let hub: Launcher;

  beforeAll(async () => {
    place = await ownPlace(dataDir);
    hub = await new Launcher(place).ready();
  }, START_MS);

  afterAll(() => hub.stop());

  it('says where it is and, once, the admin token; its secrets are for its owner alone', async () => {
    await until('it has said its last line', () => hub.lines.some((line) => line.includes('shown this once')));
    const text = hub.lines.join('\n');
    expect(text).toContain(`http://localhost:${place['PUBLISHER_PORT']}`);
    expect(text).toContain(`http://localhost:${place['CONSOLE_PORT']}`);
    expect(text.match(/admin token/g)).toHaveLength(1);
    for (const name of ['admin-token', 'secret-key', 'run.json'])
      expect((statSync(join(dataDir, name)).mode & 0o777).toString(8)).toBe('600');
  });

  it.each(['hub', 'redis', 'postgres', 'guard'])('starts %s again after kill -9, and says so', async (name) => {
    const before = hub.pidOf(name) ?? 0;
    process.kill(before, 'SIGKILL');
    await until(
      `${name} runs again and the hub is ready`,
      async () => ![before, undefined].includes(hub.pidOf(name)) && (await hub.isReady()),
    );
    expect(hub.lines.filter((line) => line.startsWith(`${name} ended (SIGKILL)`))).toHaveLength(1);
  });

  it('refuses a second hub on its data', async () => {
    const second = new Launcher(await ownPlace(dataDir));
    expect(await second.ended).toBe(1);
    expect(second.lines).toEqual([expect.stringMatching(/^DATA_DIR .* is used by another hub \(process \d+\)/)]);
  });

  it('refuses to start beside it on one of its ports, and names the setting', async () => {
    const taken = place['CONSOLE_PORT'] ?? '';
    const second = new Launcher({ ...(await ownPlace(newFolder())), CONSOLE_PORT: taken });
    expect(await second.ended).toBe(1);
    expect(second.lines[0]).toMatch(new RegExp(`^port ${taken} is taken .* set CONSOLE_PORT`));
  });

  it(
    'lives side by side with another hub, whose four services are processes of their own',
    async () => {
      const database = await testDatabase({ migrate: false });
      const env = { DATABASE_URL: database.url, REDIS_URL: redisUrl(), REDIS_PREFIX: 'beside' };
      const other = new Launcher({ ...(await ownPlace(newFolder())), ...env }, ['--separate']);
      try {
        await other.ready();
        const names = other.run.processes.map(({ name }) => name).toSorted();
        expect(names).toEqual(['console', 'guard', 'ingestor', 'processor', 'publisher']);
        expect(await hub.isReady()).toBe(true);
        const family = other.family();
        other.signal('SIGTERM');
        expect(await other.ended).toBe(0);
        await allGone(family);
      } finally {
        await other.stop();
        await database.drop();
      }
    },
    START_MS,
  );

  it(
    'leaves nothing running after kill -9, starts again at once and still has its data',
    async () => {
      await query(hub.run.databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
      const family = hub.family();
      hub.signal('SIGKILL');
      hub = new Launcher(place);
      await allGone(family);
      await hub.ready();
      expect(await query(hub.run.databaseUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
      expect(hub.lines.join('\n')).not.toContain('admin token');
    },
    START_MS,
  );

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'leaves nothing running after %s',
    async (signal) => {
      const family = hub.family();
      hub.signal(signal);
      expect(await hub.ended).toBe(0);
      await allGone(family);
      if (signal === 'SIGTERM') hub = await new Launcher(place).ready();
    },
    START_MS,
  );
});

describe('a start that cannot work ends with one clear line', () => {
  /** Starts, expects the refusal, and returns what was said. */
  async function refusal(env: Record<string, string>): Promise<string[]> {
    const launcher = new Launcher({ ...(await ownPlace(newFolder())), ...env });
    expect(await launcher.ended).not.toBe(0);
    return launcher.lines;
  }

  it.each([
    ['a malformed variable', { FETCH_INTERVAL: 'often' }, /^FETCH_INTERVAL=often must be/],
    ['an unknown variable', { PUBLISHR_PORT: '8080' }, /^PUBLISHR_PORT is not a variable .*PUBLISHER_PORT/],
    ['one port twice', { CONSOLE_PORT: '20999', PUBLISHER_PORT: '20999' }, /are both 20999/],
    ['an address of another machine', { HOST: '192.0.2.1' }, /^HOST 192\.0\.2\.1 is not an address of this machine/],
  ])('%s', async (_, env, line) => {
    const lines = await refusal(env);
    expect(lines[0]).toMatch(line);
  });

  it('a data folder that cannot be written to', async () => {
    const file = join(newFolder(), 'a-file');
    writeFileSync(file, '');
    expect(await refusal({ DATA_DIR: join(file, 'data') })).toEqual([
      expect.stringMatching(/^DATA_DIR .* cannot be written to/),
    ]);
  });

  it('an admin token that no request could bring, set or written into the data folder', async () => {
    expect((await refusal({ ADMIN_TOKEN: 'our token of sixteen' }))[0]).toMatch(
      /^ADMIN_TOKEN=\(hidden\) must be ASCII without spaces.*openssl rand -hex 24/,
    );
    const folder = newFolder();
    writeFileSync(join(folder, 'admin-token'), 'dlp_f3a971c04be82d5596e0aa17c3d4b82f\n');
    expect(await refusal({ DATA_DIR: folder })).toEqual([
      expect.stringMatching(/^the token in .*admin-token must not begin with dlp_.*delete the file to get a new one$/),
    ]);
  });

  it('stores that do not answer, after having tried for a while', async () => {
    const [port] = await freePorts(1);
    const lines = await refusal({ DATABASE_URL: serverUrl(), REDIS_URL: `redis://127.0.0.1:${port}` });
    expect(lines[0]).toMatch(/^Redis at .* does not answer yet .*; trying for/);
    expect(lines[1]).toMatch(/^Redis at .* cannot be reached .* correct REDIS_URL$/);
    expect(lines).toHaveLength(2);
  });
});
