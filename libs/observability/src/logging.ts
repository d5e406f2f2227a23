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

/** pino's options for one service. In the hub, where four services share a process, `service` is 'hub'. */
function pinoOptions(config: Config, service: string): LoggerOptions {
  return {
    level: config.logLevel,
    base: { service, pid: process.pid },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
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
  const params: Params = { pinoHttp: { ...pinoOptions(config, service), autoLogging: false, quietReqLogger: true } };
  return LoggerModule.forRoot(params);
}
