/** Starts the ingestor, in a process of its own or in the hub's. */
import type { Config } from '#config/config.js';
import { type RunningService, startService } from '#service/start-service.js';
import { IngestorModule } from './ingestor.module.js';

/** Shape of every service's bootstrap: `logName` is what its log lines call it. */
export function startIngestor(config: Config, logName: string): Promise<RunningService> {
  return startService({
    name: 'ingestor',
    config,
    module: IngestorModule.forConfig(config, logName),
    port: config.ingestorPort,
    portVariable: 'INGESTOR_PORT',
  });
}
