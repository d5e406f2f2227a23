/** The hub that the bench measures: the built one, in child processes, with ports, data and Redis keys of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFile } from '#config/project-file.js';
import { nodeFlags } from './node-flags.js';
import { freePorts } from '../../test/support/free-ports.js';
import { until } from '../../test/support/until.js';

const TOKEN = '7ac1e05b984d3f62a70be8c5d41936f2';
const SERVICES = ['publisher', 'console', 'ingestor', 'processor'] as const;

export interface HubOptions {
  databaseUrl: string;
  redisUrl: string;
  /** Four processes instead of one. */
  separate: boolean;
  /** Where to write V8 CPU profiles when the hub ends. */
  profileDir: string | undefined;
}

export class HubUnderTest {
  private constructor(
    readonly processes: { name: string; child: ChildProcess }[],
    private readonly dataDir: string,
    private readonly services: Record<(typeof SERVICES)[number], string>,
  ) {}

  get publisher(): string {
    return this.services.publisher;
  }

  static async start(options: HubOptions): Promise<HubUnderTest> {
    const dataDir = await mkdtemp(join(tmpdir(), 'dateline-bench-'));
    const ports = await freePorts(SERVICES.length);
    const env = {
      ...process.env,
      ...Object.fromEntries(SERVICES.map((service, index) => [`${service.toUpperCase()}_PORT`, String(ports[index])])),
      NODE_ENV: 'production',
      // As the launcher does.
      MALLOC_ARENA_MAX: '2',
      DATABASE_URL: options.databaseUrl,
      REDIS_URL: options.redisUrl,
      REDIS_PREFIX: `bench-${randomBytes(4).toString('hex')}`,
      DATA_DIR: dataDir,
      ADMIN_TOKEN: TOKEN,
      SECRET_KEY: randomBytes(32).toString('hex'),
      CALLBACK_URL: `http://127.0.0.1:${ports[SERVICES.indexOf('ingestor')]}`,
      OUTBOUND_ALLOW: '127.0.0.0/8',
      DEMO: 'off',
      LOG_LEVEL: 'warn',
      LOG_FORMAT: 'json',
      // No feed becomes due by itself while something is measured.
      FETCH_INTERVAL: '86400',
      FETCH_INTERVAL_MIN: '86400',
    };
    const log = createWriteStream(join(dataDir, 'hub.log'));
    const profile = options.profileDir ? ['--cpu-prof', `--cpu-prof-dir=${options.profileDir}`] : [];
    const names: readonly string[] = options.separate ? SERVICES : ['hub'];
    const flags = await Promise.all(names.map(nodeFlags));
    const processes = names.map((name, index) => {
      const entry = projectFile(`dist/apps/${name}/src/main.js`);
      const child = spawn(process.execPath, [...(flags[index] ?? []), ...profile, entry], {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stdout?.pipe(log, { end: false });
      child.stderr?.pipe(log, { end: false });
      return { name: name, child };
    });
    const at = (index: number): string => `http://127.0.0.1:${ports[index]}`;
    const services = { publisher: at(0), console: at(1), ingestor: at(2), processor: at(3) };
    const hub = new HubUnderTest(processes, dataDir, services);
    try {
      for (const [index, service] of SERVICES.entries()) await hub.ready(service, at(index));
    } catch (error) {
      const said = await hub.log();
      await hub.stop();
      throw new Error(`the hub did not start: ${String(error)}\n${said}`);
    }
    return hub;
  }

  /** The last lines that the hub wrote: warnings and errors only. */
  async log(): Promise<string> {
    return (await readFile(join(this.dataDir, 'hub.log'), 'utf8').catch(() => '')).slice(-4_000);
  }

  /** Calls the console's API; throws unless the answer is a success. */
  async api<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.services.console}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
    return (text === '' ? {} : JSON.parse(text)) as T;
  }

  /** What a process tells Prometheus: by its name, that of a service or `hub`, of which the publisher tells. */
  async metrics(process: string): Promise<string> {
    const service = SERVICES.find((name) => name === process) ?? 'publisher';
    return (await fetch(`${this.services[service]}/metrics`)).text();
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.processes.map(async ({ child }) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const gone = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
        await gone;
        clearTimeout(late);
      }),
    );
    await rm(this.dataDir, { recursive: true, force: true });
  }

  private ready(service: string, url: string): Promise<boolean> {
    return until(
      `the ${service} is ready`,
      async () => {
        if (this.processes.some(({ child }) => child.exitCode !== null)) return true;
        return (await fetch(`${url}/health/ready`)).ok;
      },
      30_000,
    ).then((answer) => {
      if (this.processes.some(({ child }) => child.exitCode !== null)) throw new Error('a process ended');
      return answer;
    });
  }
}
