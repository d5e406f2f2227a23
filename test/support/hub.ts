/** A whole hub for end-to-end tests, started as an operator starts it: by the launcher, with its own data and ports. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './free-ports.js';
import { projectFile } from '#config/project-file.js';
import { until } from './until.js';

const TOKEN = '90be4c7d215fa836e7d1049c3b62f58a';
/** Less than a hook may take, so that a hub that does not come up says why before the hook is ended. */
const START_MS = 90_000;
/** An answer that takes longer is none: the next question may find the hub awake. */
const ANSWER_MS = 5_000;

export interface HubOptions {
  /** Without them the launcher runs stores of its own. */
  databaseUrl?: string;
  redisUrl?: string;
  /** The four services as processes of their own. */
  separate?: boolean;
  env?: Record<string, string>;
}

/** An answer of the API: its status and its JSON. */
export interface ApiAnswer<T> {
  status: number;
  body: T;
}

export class Hub {
  private output = '';
  /** Rejects with what the launcher printed when it ends: then nothing is worth waiting for. */
  private readonly ended: Promise<never>;

  private constructor(
    private readonly launcher: ChildProcess,
    private readonly dataDir: string,
    readonly publisher: string,
    readonly console: string,
    readonly ingestor: string,
    readonly processor: string,
  ) {
    for (const stream of [launcher.stdout, launcher.stderr])
      stream?.on('data', (chunk: Buffer) => {
        // The last lines are enough to explain a failed start.
        this.output = (this.output + chunk.toString()).slice(-20_000);
      });
    this.ended = new Promise((_, reject) =>
      launcher.once('close', (code, signal) =>
        reject(new Error(`the launcher ended (${signal ?? `exit code ${code}`}):\n${this.output}`)),
      ),
    );
    this.ended.catch(() => undefined);
  }

  static async start(options: HubOptions): Promise<Hub> {
    const [publisher, console, ingestor, processor] = (await freePorts(4)).map(String) as [
      string,
      string,
      string,
      string,
    ];
    const dataDir = await mkdtemp(join(tmpdir(), 'dateline-hub-'));
    const launcher = spawn(
      process.execPath,
      [projectFile('scripts/start.mjs'), ...(options.separate === true ? ['--separate'] : [])],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
        env: {
          ...process.env,
          NODE_OPTIONS: '',
          DATABASE_URL: options.databaseUrl ?? '',
          REDIS_URL: options.redisUrl ?? '',
          PUBLISHER_PORT: publisher,
          CONSOLE_PORT: console,
          INGESTOR_PORT: ingestor,
          PROCESSOR_PORT: processor,
          DATA_DIR: dataDir,
          ADMIN_TOKEN: TOKEN,
          OUTBOUND_ALLOW: '127.0.0.0/8',
          FETCH_INTERVAL_MIN: '1',
          DEMO: 'off',
          LOG_FORMAT: 'json',
          LOG_LEVEL: 'warn',
          ...options.env,
        },
      },
    );
    const at = (port: string) => `http://127.0.0.1:${port}`;
    const hub = new Hub(launcher, dataDir, at(publisher), at(console), at(ingestor), at(processor));
    try {
      await hub.ready();
    } catch (error) {
      await hub.stop();
      throw new Error(`the hub did not start: ${String(error)}\n${hub.output}`, { cause: error });
    }
    return hub;
  }

  /** Waits until all four services answer that they are ready; says what they answer instead. */
  async ready(withinMs = START_MS): Promise<void> {
    for (const service of [this.publisher, this.processor, this.ingestor, this.console])
      await Promise.race([until(`${service} is ready`, () => isReady(service), withinMs), this.ended]);
  }

  /** Like `until`; a wait in vain says how the hub's feeds are and what it printed last. */
  async until<T>(
    what: string,
    probe: () => Promise<T | undefined | false> | T | undefined | false,
    withinMs?: number,
  ): Promise<T> {
    try {
      return await until(what, probe, withinMs);
    } catch (error) {
      const feeds = await this.api('GET', '/feeds').catch(String);
      throw new Error(`${String(error)}\n${JSON.stringify(feeds).slice(0, 8_000)}\n${this.output}`);
    }
  }

  /** Calls the console's API with the admin token. A text is sent as it is, as `type`. */
  async api<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    type = 'application/json',
  ): Promise<ApiAnswer<T>> {
    const response = await fetch(`${this.console}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        ...(body === undefined ? {} : { 'content-type': type }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as T };
  }

  /** Whether the publisher works although it says that Redis does not answer. */
  async isWithoutRedis(): Promise<boolean> {
    const answer = await fetch(`${this.publisher}/health/ready`);
    const { checks } = (await answer.json()) as { checks: Record<string, string> };
    return answer.ok && checks['redis'] !== 'ok';
  }

  /** The processes that the launcher looks after. */
  async processes(): Promise<{ name: string; pid: number }[]> {
    return (await this.run()).processes;
  }

  /** Where its stores are. */
  async stores(): Promise<{ databaseUrl: string; redisUrl: string }> {
    return this.run();
  }

  /** What DATA_DIR/run.json says now. */
  private async run(): Promise<{
    processes: { name: string; pid: number }[];
    databaseUrl: string;
    redisUrl: string;
  }> {
    return JSON.parse(await readFile(join(this.dataDir, 'run.json'), 'utf8')) as Awaited<ReturnType<Hub['run']>>;
  }

  /** What the launcher and its children printed last. */
  get log(): string {
    return this.output;
  }

  /** Ends everything the way an operator does. */
  async stop(): Promise<void> {
    if (this.launcher.exitCode === null && this.launcher.signalCode === null) {
      const gone = new Promise((resolve) => this.launcher.once('exit', resolve));
      this.launcher.kill('SIGTERM');
      await gone;
    }
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

async function isReady(service: string): Promise<boolean> {
  const answer = await fetch(`${service}/health/ready`, { signal: AbortSignal.timeout(ANSWER_MS) });
  if (!answer.ok) throw new Error(`it answers ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
  return true;
}
