/** A Redis of a test's own, for what must not be done to the shared one: flush it, stop it, start it again empty-handed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePorts } from './free-ports.js';
import { until } from './until.js';

export class RedisProcess {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(): Promise<RedisProcess> {
    const [port] = await freePorts(1);
    const redis = new RedisProcess(port as number, await mkdtemp(join(tmpdir(), 'dateline-redis-')));
    await redis.run();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}/0`;
  }

  /** Starts the server with an append-only file, as the embedded one runs. */
  async run(): Promise<void> {
    const binary = process.env['TEST_REDIS_BIN'];
    if (binary === undefined) throw new Error('TEST_REDIS_BIN is not set: run the tests with npm test');
    this.child = spawn(
      binary,
      ['--port', String(this.port), '--dir', this.folder, '--appendonly', 'yes', '--save', '', '--bind', '127.0.0.1'],
      { stdio: 'ignore' },
    );
    await until('Redis answers', async () => {
      const client = new Redis(this.url, { lazyConnect: true, retryStrategy: () => null });
      client.on('error', () => undefined);
      try {
        await client.connect();
        return (await client.ping()) === 'PONG';
      } finally {
        client.disconnect();
      }
    });
  }

  async flush(): Promise<void> {
    const client = new Redis(this.url);
    await client.flushall();
    client.disconnect();
  }

  /** Ends the server and waits until it is gone. */
  async halt(): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  }

  async close(): Promise<void> {
    await this.halt();
    await rm(this.folder, { recursive: true, force: true });
  }
}
