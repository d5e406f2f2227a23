/** Everything a part of the bench plays on: a fresh database, a fresh hub and the children around it. */
import { BenchChild } from './rpc.js';
import { HubUnderTest } from './hub-under-test.js';
import { postgresUse, processUse, type ProcessUse } from './process-use.js';
import { redisInfo } from './redis-info.js';
import { ThrowawayDatabase } from './throwaway-database.js';
import { type BenchOptions } from '../options.js';
import { type RawLoop, type RawLoopResult } from '../servers/raw-loop.js';

export interface Stores {
  databaseUrl: string;
  redisUrl: string;
}

export class Stage {
  /** Resident memory before anything was asked of the hub, by process name. */
  private readonly idle = new Map<string, number>();

  private constructor(
    readonly options: BenchOptions,
    readonly stores: Stores,
    readonly database: ThrowawayDatabase,
    readonly hub: HubUnderTest,
    readonly partner: BenchChild,
    readonly receiver: BenchChild,
    private readonly loop: BenchChild,
  ) {}

  static async set(options: BenchOptions, stores: Stores): Promise<Stage> {
    const database = await ThrowawayDatabase.create(stores.databaseUrl, options.archive);
    try {
      const hub = await HubUnderTest.start({ ...options, databaseUrl: database.url, redisUrl: stores.redisUrl });
      const [partner, receiver, loop] = ['servers/partner.js', 'servers/receiver.js', 'servers/raw-loop.js'].map(
        (file) => BenchChild.start(file),
      ) as [BenchChild, BenchChild, BenchChild];
      const stage = new Stage(options, stores, database, hub, partner, receiver, loop);
      for (const [name, { nowMb }] of await stage.use()) stage.idle.set(name, nowMb);
      return stage;
    } catch (error) {
      await database.drop();
      throw error;
    }
  }

  /** Requests as fast as they go, from the load process. */
  rawLoop(loop: Pick<RawLoop, 'origin' | 'paths'> & Partial<RawLoop>): Promise<RawLoopResult> {
    return this.loop.call<RawLoopResult>('run', {
      method: 'GET',
      headers: {},
      bodyBytes: 0,
      connections: this.options.connections,
      seconds: this.options.loopSeconds,
      ...loop,
    } satisfies RawLoop);
  }

  /** What the hub's processes use, and the stores where they can be seen. */
  async use(): Promise<Map<string, ProcessUse>> {
    const all = new Map<string, ProcessUse>();
    for (const { name, child } of this.hub.processes) {
      const use = await processUse(child.pid as number);
      if (use) all.set(name, use);
    }
    const postgres = await postgresUse(await this.database.count('SELECT pg_backend_pid()'));
    if (postgres) all.set('postgres', postgres);
    const redis = await redisInfo(this.stores.redisUrl);
    if (redis) all.set('redis', { nowMb: redis.residentMb, peakMb: redis.residentMb, cpuSeconds: redis.cpuSeconds });
    return all;
  }

  /**
   * Starts counting processor time; the returned function says what each process used for `units` of work since.
   * Unlike a speed it hardly changes when something else runs on the machine.
   */
  async meter(): Promise<(units: number) => Promise<string>> {
    const before = await this.use();
    return async (units) => {
      const after = await this.use();
      const parts = [...after].map(([name, { cpuSeconds }]) => {
        const used = cpuSeconds - (before.get(name)?.cpuSeconds ?? 0);
        return `${name} ${((used * 1000) / units).toFixed(3)}`;
      });
      return `processor ms each: ${parts.join(', ')}`;
    };
  }

  idleMemory(name: string): number | undefined {
    return this.idle.get(name);
  }

  async strike(): Promise<void> {
    await Promise.allSettled([this.partner.stop(), this.receiver.stop(), this.loop.stop(), this.hub.stop()]);
    await this.database.drop();
  }
}
