/** Starts the console, in a process of its own or in the hub's. */
import type { Config } from '#config/config.js';
import { type RunningService, startService } from '#service/start-service.js';
import { configureConsole } from './configure-console.js';
import { ConsoleModule } from './console.module.js';

/** Shape of every service's bootstrap: `logName` is what its log lines call it. */
export function startConsole(config: Config, logName: string): Promise<RunningService> {
  return startService({
    name: 'console',
    config,
    module: ConsoleModule.forConfig(config, logName),
    port: config.consolePort,
    portVariable: 'CONSOLE_PORT',
    // Lists of feeds may be large, and lines slow; whoever sends one has the token.
    requestTimeoutMs: 15 * 60_000,
    configure: configureConsole,
  });
}
