/** Notices that Redis was emptied (FLUSHALL, a lost append-only file) so that everything due is handed out again at once. */
import { randomUUID } from 'node:crypto';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { Redis } from 'ioredis';
import { CONFIG, type Config } from '#config/config.js';
import { producerOptions } from './redis-options.js';

const CHECK_EVERY_MS = 300;
/** The key outlives long pauses; when it expires in an outage, one needless recovery follows, which is harmless. */
const KEY_TTL_SECONDS = 600;

@Injectable()
export class RedisSentinel implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RedisSentinel.name);
  private readonly recoveries: (() => Promise<void>)[] = [];
  private readonly redis: Redis;
  private readonly key: string;
  private timer: NodeJS.Timeout | undefined;
  private checking = false;

  constructor(@Inject(CONFIG) config: Config) {
    this.redis = new Redis(producerOptions(config));
    this.redis.on('error', () => undefined);
    // Each instance watches a key of its own: the first to see the flush must not hide it from the others.
    this.key = `${config.redisPrefix}:sentinel:${randomUUID()}`;
  }

  /** `recover` hands out again whatever Redis may have forgotten. Called after a flush, and once at start. */
  onFlush(recover: () => Promise<void>): void {
    this.recoveries.push(recover);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.check(), CHECK_EVERY_MS);
    void this.check();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.redis.del(this.key).catch(() => undefined);
    this.redis.disconnect();
  }

  /** PING of the same connection, for health. */
  async ping(): Promise<void> {
    await this.redis.ping();
  }

  private async check(): Promise<void> {
    if (this.checking || this.redis.status !== 'ready') return;
    this.checking = true;
    try {
      const stillThere = await this.redis.set(this.key, '1', 'EX', KEY_TTL_SECONDS, 'XX');
      if (stillThere === 'OK') return;
      // Recover first: if that fails, the key stays missing and the next check tries again.
      for (const recover of this.recoveries) await recover();
      await this.redis.set(this.key, '1', 'EX', KEY_TTL_SECONDS);
      this.logger.log({ msg: 'Redis is new to this process or was emptied: everything due was handed out again' });
    } catch (error) {
      this.logger.warn({ msg: 'Redis could not be checked', error: String(error) });
    } finally {
      this.checking = false;
    }
  }
}
