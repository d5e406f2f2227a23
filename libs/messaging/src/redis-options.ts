/** Redis connection options from REDIS_URL, for each of the three ways a connection is used. */
import type { Config } from '#config/config.js';

/** The settings of a connection that we decide; ioredis' own defaults hold for the rest. */
export interface RedisSettings {
  host: string;
  port: number;
  db: number;
  connectTimeout: number;
  retryStrategy: (times: number) => number | null;
  enableOfflineQueue: boolean;
  maxRetriesPerRequest: number | null;
  commandTimeout?: number;
  username?: string;
  password?: string;
  tls?: Record<string, never>;
}

/** Reconnects for ever, quickly at first; an outage of ten seconds must end within a second of Redis being back. */
function retryStrategy(times: number): number {
  return Math.min(50 * times, 500);
}

function address(config: Config): Omit<RedisSettings, 'enableOfflineQueue' | 'maxRetriesPerRequest'> {
  const url = new URL(config.redisUrl);
  return {
    host: url.hostname.replace(/^\[|\]$/g, '') || '127.0.0.1',
    port: Number(url.port || 6379),
    db: Number(url.pathname.slice(1) || 0),
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
    connectTimeout: 5_000,
    retryStrategy,
  };
}

/** Producers never wait on Redis: no offline queue, and a command that is not answered in time fails. */
export function producerOptions(config: Config): RedisSettings {
  return { ...address(config), enableOfflineQueue: false, commandTimeout: 2_000, maxRetriesPerRequest: 1 };
}

/** Workers and subscribers wait for Redis as long as it takes (BullMQ asks for `maxRetriesPerRequest: null`). */
export function patientOptions(config: Config): RedisSettings {
  return { ...address(config), enableOfflineQueue: true, maxRetriesPerRequest: null };
}

/** Start of this hub's pub/sub channels. Pub/sub ignores the database number, so it is part of the name. */
export function channelPrefix(config: Config): string {
  return `${config.redisPrefix}:${new URL(config.redisUrl).pathname.slice(1) || '0'}:`;
}

/** BullMQ's key prefix of one queue; the hash tag keeps a queue's keys in one slot of a Redis Cluster. */
export function queuePrefix(config: Config, queue: string): string {
  return `{${config.redisPrefix}-${queue}}`;
}
