/** What every service stands on: its configuration, its database, its queues, its logs, metrics and health. */
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import type { QueueKey } from '#messaging/job-publisher.js';
import { MessagingModule } from '#messaging/messaging.module.js';
import { RedisSentinel } from '#messaging/redis-sentinel.js';
import { ObservabilityModule } from '#observability/observability.module.js';
import { Database } from '#storage/database.js';
import { StorageModule } from '#storage/storage.module.js';

export interface ServiceGroundOptions {
  name: string;
  /** Shown in the logs; 'hub' where four services share a process. */
  logName: string;
  produces: QueueKey[];
  consumes: QueueKey[];
  /** One service of the four keeps the weekly partitions. */
  keepPartitions?: boolean;
}

@Global()
@Module({})
export class ServiceModule {
  static forApp(config: Config, options: ServiceGroundOptions): DynamicModule {
    return {
      module: ServiceModule,
      imports: [
        StorageModule.forApp({
          connectionString: config.databaseUrl,
          applicationName: `dateline-${options.name}`,
          maxConnections: config.databasePool,
          keepPartitions: options.keepPartitions ?? false,
        }),
        MessagingModule.forApp({ config, produces: options.produces, consumes: options.consumes }),
        ObservabilityModule.forApp({
          config,
          service: options.logName,
          inject: [Database, RedisSentinel],
          // Without Postgres nothing can be done; without Redis pages and the API still work and nothing is lost.
          probes: (database: Database, redis: RedisSentinel) => [
            { name: 'postgres', required: true, check: () => database.ping() },
            { name: 'redis', required: false, check: () => redis.ping() },
          ],
        }),
      ],
      providers: [{ provide: CONFIG, useValue: config }],
      exports: [CONFIG],
    };
  }
}
