/** Nest's Redis transport, mended in two points: it reconnects for ever, and its channels carry the hub's prefix. */
import { ClientRedis, ServerRedis, type MessageHandler, type MsPattern } from '@nestjs/microservices';
import type { Config } from '#config/config.js';
import { channelPrefix, patientOptions } from './redis-options.js';

function strategyOptions(config: Config) {
  return { ...patientOptions(config), retryAttempts: Number.MAX_SAFE_INTEGER, retryDelay: 300 };
}

/** The receiving side: handlers are registered under prefixed channels. */
export class HubServerRedis extends ServerRedis {
  private readonly prefix: string;

  constructor(config: Config) {
    super(strategyOptions(config));
    this.prefix = channelPrefix(config);
  }

  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEventHandler?: boolean,
    extras?: Record<string, unknown>,
  ): void {
    super.addHandler(`${this.prefix}${this.normalizePattern(pattern as MsPattern)}`, callback, isEventHandler, extras);
  }
}

/** The sending side. While Redis is away it fails at once instead of queueing. */
export class HubClientRedis extends ClientRedis {
  private readonly prefix: string;

  constructor(config: Config) {
    super({ ...strategyOptions(config), enableOfflineQueue: false });
    this.prefix = channelPrefix(config);
  }

  protected override normalizePattern(pattern: MsPattern): string {
    return `${this.prefix}${super.normalizePattern(pattern)}`;
  }
}
