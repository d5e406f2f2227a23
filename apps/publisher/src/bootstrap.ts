/** Starts the publisher, in a process of its own or in the hub's. */
import type { Config } from '#config/config.js';
import { type RunningService, startService } from '#service/start-service.js';
import { PublisherModule } from './publisher.module.js';

/** Shape of every service's bootstrap: `logName` is what its log lines call it. */
export function startPublisher(config: Config, logName: string): Promise<RunningService> {
  return startService({
    name: 'publisher',
    config,
    module: PublisherModule.forConfig(config, logName),
    port: config.publisherPort,
    portVariable: 'PUBLISHER_PORT',
  });
}
