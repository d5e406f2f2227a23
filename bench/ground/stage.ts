/** Everything a part of the bench plays on: a fresh database, a fresh hub and the children around it. */
import { BenchChild } from './rpc.js';
import { HubUnderTest } from './hub-under-test.js';
import { parentOf, proportionalMemory, type Resident, residentMemory } from './resident-memory.js';
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
    const database = await ThrowawayDatabase.create(stores.databaseUrl);
    try {
      const hub = await HubUnderTest.start({ ...options, databaseUrl: database.url, redisUrl: stores.redisUrl });
      const [partner, receiver, loop] = ['servers/partner.js', 'servers/receiver.js', 'servers/raw-loop.js'].map(
        (file) => BenchChild.start(file),
      ) as [BenchChild, BenchChild, BenchChild];
      const stage = new Stage(options, stores, database, hub, partner, receiver, loop);
      for (const [name, { nowMb }] of await stage.memory()) stage.idle.set(name, nowMb);
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

  /** Resident memory of the hub's processes now and at most, and of PostgreSQL as a whole where it runs here. */
  async memory(): Promise<Map<string, Resident>> {
    const all = new Map<string, Resident>();
    for (const { name, child } of this.hub.processes) {
      const resident = await residentMemory(child.pid as number);
      if (resident) all.set(name, resident);
    }
    const backend = await this.database.count('SELECT pg_backend_pid()');
    const postmaster = await parentOf(backend);
    const postgres = postmaster === undefined || postmaster <= 1 ? undefined : await proportionalMemory(postmaster);
    if (postgres !== undefined) all.set('postgres', { nowMb: postgres, peakMb: postgres });
    return all;
  }

  idleMemory(name: string): number | undefined {
    return this.idle.get(name);
  }

  async strike(): Promise<void> {
    await Promise.allSettled([this.partner.stop(), this.receiver.stop(), this.loop.stop(), this.hub.stop()]);
    await this.database.drop();
  }
}
