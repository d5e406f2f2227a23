/** Starts one service of the house: a Nest application on Fastify with the command transport beside it. */
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { Logger } from 'nestjs-pino';
import { type Config, ConfigError } from '#config/config.js';
import { HubServerRedis } from '#messaging/redis-transport.js';

/** A started service. `close` drains its jobs and ends its connections. */
export interface RunningService {
  name: string;
  url: string;
  close: () => Promise<void>;
}

export interface ServiceOptions {
  name: string;
  config: Config;
  module: DynamicModule;
  port: number;
  /** The variable that sets the port, for the message when it is taken. */
  portVariable: string;
  /** How long a request may take to arrive; 30 s by default. */
  requestTimeoutMs?: number;
  /** Routes, pipes and pages that need the application itself. */
  configure?: (app: NestFastifyApplication) => void | Promise<void>;
}

const MAX_BODY_BYTES = 256 * 1024;
/** An idle client may not hold a connection through a shutdown. */
const KEEP_ALIVE_MS = 5_000;

export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { name, config, module, port, portVariable } = options;
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    // Without one every address that is counted or written down is that of whoever connected.
    trustProxy: config.trustedProxies.length > 0 && config.trustedProxies,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: options.requestTimeoutMs ?? 30_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 500 },
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  app.flushLogs();
  app.connectMicroservice<MicroserviceOptions>({ strategy: new HubServerRedis(config) }, { inheritAppConfig: false });
  try {
    await options.configure?.(app);
    await app.startAllMicroservices();
    await app.listen(port, config.host);
  } catch (error) {
    await app.close().catch(() => undefined);
    throw portError(error, port, portVariable, config.host);
  }
  return { name, url: await app.getUrl(), close: () => app.close() };
}

/** Says which setting to change when the port cannot be had. */
function portError(error: unknown, port: number, variable: string, host: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE')
    return new ConfigError([`port ${port} on ${host} is taken: stop what uses it, or set ${variable} to a free port`]);
  if (code === 'EACCES')
    return new ConfigError([`port ${port} may not be opened by this user: set ${variable} to a port above 1023`]);
  if (code === 'EADDRNOTAVAIL') return new ConfigError([`HOST=${host} is not an address of this machine`]);
  return error;
}
