/** Waits for Redis at start, so that a hub never comes up half-deaf without saying so. */
import { Redis } from 'ioredis';
import type { Config } from '#config/config.js';
import { producerOptions } from './redis-options.js';

/** Pings until Redis answers, calling `onRetry` before each further try. Throws the last error after `patienceMs`. */
export async function waitForRedis(config: Config, patienceMs: number, onRetry: (error: Error) => void): Promise<void> {
  const giveUpAt = Date.now() + patienceMs;
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, 2_000)) {
    const redis = new Redis({ ...producerOptions(config), lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => undefined);
    try {
      await redis.connect();
      await redis.ping();
      return;
    } catch (error) {
      if (Date.now() + pauseMs > giveUpAt) throw error;
      onRetry(error as Error);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    } finally {
      redis.disconnect();
    }
  }
}
