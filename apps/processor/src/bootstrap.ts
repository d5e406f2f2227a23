/** Starts the processor, in a process of its own or in the hub's. */
import type { Config } from '#config/config.js';
import { type RunningService, startService } from '#service/start-service.js';
import { ProcessorModule } from './processor.module.js';

/** Shape of every service's bootstrap: `logName` is what its log lines call it. */
export function startProcessor(config: Config, logName: string): Promise<RunningService> {
  return startService({
    name: 'processor',
    config,
    module: ProcessorModule.forConfig(config, logName),
    port: config.processorPort,
    portVariable: 'PROCESSOR_PORT',
  });
}
