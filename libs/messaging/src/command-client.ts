/** Sends commands and broadcasts to other services. Both are conveniences: nothing that must not be lost travels here. */
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { firstValueFrom, from, timeout } from 'rxjs';
import { CONFIG, type Config } from '#config/config.js';
import { HubClientRedis } from './redis-transport.js';

/** Redis answers in a millisecond, or is away. */
const HEARING_MS = 500;

@Injectable()
export class CommandClient implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(CommandClient.name);
  private readonly client: HubClientRedis;

  constructor(@Inject(CONFIG) config: Config) {
    this.client = new HubClientRedis(config);
  }

  onApplicationBootstrap(): void {
    this.client.connect().catch((error: unknown) => {
      this.logger.warn({ msg: 'commands wait for Redis', error: String(error) });
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.client.close().catch(() => undefined);
  }

  /** Request/response. Throws when nobody answers within `timeoutMs` or Redis is away; every caller has a plan for that. */
  async send<Reply>(pattern: string, payload: object, timeoutMs: number): Promise<Reply> {
    return firstValueFrom(this.client.send<Reply>(pattern, payload).pipe(timeout(timeoutMs)));
  }

  /** Whether somebody would hear this command now, known at once: a caller with a plan of its own need not wait in vain. */
  async isHeard(pattern: string): Promise<boolean> {
    const count = firstValueFrom(from(this.client.listeners(pattern)).pipe(timeout(HEARING_MS)));
    return count.then(
      (listeners) => listeners > 0,
      () => false,
    );
  }

  /** A broadcast, fire and forget: a hint to look again. Never throws. */
  broadcast(pattern: string, payload: object): void {
    this.client.emit(pattern, payload).subscribe({ error: () => undefined });
  }
}
