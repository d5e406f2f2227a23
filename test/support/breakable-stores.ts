/** A hub's PostgreSQL and Redis as the chaos tests need them: to be flushed, frozen, halted, restarted and killed. */
import { Redis } from 'ioredis';
import pg from 'pg';
import type { TestDatabase } from './database.js';
import type { Hub } from './hub.js';
import type { RedisProcess } from './redis-process.js';

export interface BreakableStores {
  databaseUrl: string;
  /** Everything that Redis knows is gone. */
  flush: () => Promise<void>;
  /** Redis answers nobody until it is called back. */
  takeRedis: () => Promise<void>;
  giveRedisBack: () => Promise<void>;
  /** Ways to break PostgreSQL, or Redis once more; each mends by itself. */
  breaks: Record<string, () => Promise<void>>;
}

/** Those that the launcher runs in DATA_DIR: it starts them again. */
export async function embeddedStores(hub: Hub): Promise<BreakableStores> {
  const { databaseUrl, redisUrl } = await hub.stores();
  const signal = async (name: 'postgres' | 'redis', kind: NodeJS.Signals) => {
    const { pid } = (await hub.processes()).find((process) => process.name === name) ?? {};
    if (pid !== undefined) process.kill(pid, kind);
  };
  return {
    databaseUrl,
    flush: () => flush(redisUrl),
    // Frozen, not gone: connections stay, and nothing is refused.
    takeRedis: () => signal('redis', 'SIGSTOP'),
    giveRedisBack: () => signal('redis', 'SIGCONT'),
    breaks: {
      'PostgreSQL is restarted': () => signal('postgres', 'SIGINT'),
      'PostgreSQL is killed': () => signal('postgres', 'SIGKILL'),
      'Redis is killed': () => signal('redis', 'SIGKILL'),
    },
  };
}

/** Those of another machine. */
export function storesElsewhere(database: TestDatabase, redis: RedisProcess): BreakableStores {
  return {
    databaseUrl: database.url,
    flush: () => redis.flush(),
    takeRedis: () => redis.halt(),
    giveRedisBack: () => redis.run(),
    breaks: { 'connections to PostgreSQL are cut': () => cutConnections(database.url) },
  };
}

async function flush(url: string): Promise<void> {
  const client = new Redis(url);
  await client.flushall();
  client.disconnect();
}

async function cutConnections(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'dateline-%'`);
  await client.end();
}
