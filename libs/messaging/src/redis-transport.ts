/** Nest's Redis transport, mended: it reconnects for ever, works and ends while Redis is away, and its channels carry the hub's prefix. */
import { ClientRedis, ServerRedis, type MessageHandler, type MsPattern } from '@nestjs/microservices';
import type { Redis } from 'ioredis';
import type { Config } from '#config/config.js';
import { channelPrefix, patientOptions } from './redis-options.js';

function strategyOptions(config: Config) {
  return { ...patientOptions(config), retryAttempts: Number.MAX_SAFE_INTEGER, retryDelay: 300 };
}

/** `close` of the transport waits for Redis to say goodbye; this does not wait longer than a moment. */
const GOODBYE_MS = 300;

interface Connection {
  disconnect: () => void;
}

/** So long a service waits at start for commands to be heard; when Redis is away it starts without. */
const HEARD_MS = 1_000;

/** Nest types its connections as any, and has none before `connect` and after `close`. */
function present(...connections: unknown[]): Connection[] {
  return connections.filter((connection) => connection !== undefined && connection !== null) as Connection[];
}

async function closeSoon(polite: Promise<unknown>, connections: Connection[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, GOODBYE_MS);
  });
  await Promise.race([polite.catch(() => undefined), late]);
  clearTimeout(timer);
  for (const connection of connections) connection.disconnect();
}

/**
 * Nest lets go of what these commands promise: without a catch, an answer or the end of a request while Redis is away would
 * be an unhandled rejection, and the end of the process. Who does await them still learns of the failure.
 */
function forgiving(client: Redis): Redis {
  for (const name of ['publish', 'subscribe', 'unsubscribe'] as const) {
    const command = client[name].bind(client) as (...args: unknown[]) => Promise<unknown>;
    const forgivingCommand = (...args: unknown[]): Promise<unknown> => {
      const sent = command(...args);
      sent.catch(() => undefined);
      return sent;
    };
    Object.assign(client, { [name]: forgivingCommand });
  }
  return client;
}

/** The receiving side: handlers are registered under prefixed channels. */
export class HubServerRedis extends ServerRedis {
  private readonly prefix: string;

  constructor(config: Config) {
    super(strategyOptions(config));
    this.prefix = channelPrefix(config);
  }

  override async createRedisClient(): Promise<Redis> {
    return forgiving((await super.createRedisClient()) as Redis);
  }

  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEventHandler?: boolean,
    extras?: Record<string, unknown>,
  ): void {
    super.addHandler(`${this.prefix}${this.normalizePattern(pattern as MsPattern)}`, callback, isEventHandler, extras);
  }

  /**
   * Nest's own would fail with the first attempt, or wait for ever for a Redis that is silent: the service would not start.
   * The clients go on trying, and subscribe as soon as they are through.
   */
  override start(callback?: () => void): void {
    const clients = [this.subClient, this.pubClient] as Redis[];
    const connected = Promise.allSettled(clients.map((client) => client.connect()));
    this.bindEvents(...(clients as [Redis, Redis]));
    const patience = new Promise((resolve) => setTimeout(resolve, HEARD_MS).unref());
    void Promise.race([connected, patience]).then(() => callback?.());
  }

  override async close(): Promise<void> {
    const connections = present(this.pubClient, this.subClient);
    await closeSoon(super.close(), connections);
  }
}

/** The sending side. While Redis is away it fails at once instead of queueing. */
export class HubClientRedis extends ClientRedis {
  private readonly prefix: string;

  constructor(config: Config) {
    super({ ...strategyOptions(config), enableOfflineQueue: false });
    this.prefix = channelPrefix(config);
  }

  override async createClient(): Promise<Redis> {
    return forgiving((await super.createClient()) as Redis);
  }

  /** How many processes would hear a command now. Throws while Redis is away. */
  async listeners(pattern: string): Promise<number> {
    const channel = this.getRequestPattern(this.normalizePattern(pattern));
    const answer = (await (this.pubClient as Redis).pubsub('NUMSUB', channel)) as (string | number)[];
    return Number(answer[1] ?? 0);
  }

  protected override normalizePattern(pattern: MsPattern): string {
    return `${this.prefix}${super.normalizePattern(pattern)}`;
  }

  override async close(): Promise<void> {
    const connections = present(this.pubClient, this.subClient);
    await closeSoon(super.close(), connections);
  }
}
