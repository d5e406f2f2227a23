/** Logs: JSON lines by pino, pretty in a terminal, each with the service's name; secrets are redacted wherever they appear. */
import type { Config } from '#config/config.js';
import { LoggerModule, type Params } from 'nestjs-pino';
import type { DynamicModule } from '@nestjs/common';
import type { LoggerOptions } from 'pino';

const REDACTED = [
  'req.headers.authorization',
  'req.headers.cookie',
  '*.authorization',
  '*.secret',
  '*.token',
  '*.password',
];

/** Nest's own start-up chatter (modules, routes, connections): of use to nobody who runs the hub. */
const CHATTER = new Set([
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestFactory',
  'NestApplication',
  'NestMicroservice',
  'ClientProxy',
  'Server',
]);
const WARN = 40;

/** pino's options for one service. In the hub, where four services share a process, `service` is 'hub'. */
function pinoOptions(config: Config, service: string): LoggerOptions {
  return {
    level: config.logLevel,
    base: { service, pid: process.pid },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    hooks: {
      logMethod(args, method, level) {
        const context = (args[0] as { context?: unknown } | undefined)?.context;
        if (level < WARN && typeof context === 'string' && CHATTER.has(context)) return;
        method.apply(this, args);
      },
    },
    redact: { paths: REDACTED, censor: '[redacted]' },
    ...(config.logFormat === 'pretty'
      ? {
          transport: {
            target: 'pino-pretty',
            options: {
              ignore: 'pid,service,context',
              messageFormat: '{service} {context}: {msg}',
              translateTime: 'SYS:HH:MM:ss',
            },
          },
        }
      : {}),
  };
}

/** Nest's logger as pino. Requests are not logged one by one: metrics count them, and failures log themselves. */
export function loggingModule(config: Config, service: string): DynamicModule {
  const params: Params = {
    pinoHttp: { ...pinoOptions(config, service), autoLogging: false, quietReqLogger: true },
    // No logger of its own for each request: its AsyncLocalStorage would slow every await of the process down.
    forRoutes: [],
  };
  return LoggerModule.forRoot(params);
}
