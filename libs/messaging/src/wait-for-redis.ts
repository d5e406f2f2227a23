/** Waits for Redis at start, so that a hub never comes up half-deaf without saying so. */
import { Redis } from 'ioredis';
import type { Config } from '#config/config.js';
import { producerOptions } from './redis-options.js';

/**
 * Pings until Redis answers, calling `onRetry` before each further try. False when it is still away after `patienceMs`: the
 * service can start without. Throws when it answers that it will not have us: waiting does not mend a password.
 */
export async function waitForRedis(
  config: Config,
  patienceMs: number,
  onRetry: (error: Error) => void,
): Promise<boolean> {
  const giveUpAt = Date.now() + patienceMs;
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, 2_000)) {
    const redis = new Redis({ ...producerOptions(config), lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => undefined);
    try {
      await redis.connect();
      await redis.ping();
      return true;
    } catch (error) {
      if (isRefusal(error as Error)) throw error;
      if (Date.now() + pauseMs > giveUpAt) return false;
      onRetry(error as Error);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    } finally {
      redis.disconnect();
    }
  }
}

/** An error that Redis itself answered with. While it reads its file it does so too, and means "later". */
function isRefusal({ name, message }: Error): boolean {
  return name === 'ReplyError' && !message.startsWith('LOADING');
}
