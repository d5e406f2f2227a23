/** The processor's own rooms on another ground: a throw-away database, no Redis, nobody to tell. */
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { CommandClient } from '#messaging/command-client.js';
import { JobPublisher } from '#messaging/job-publisher.js';
import { RedisSentinel } from '#messaging/redis-sentinel.js';
import { Metrics } from '#observability/metrics.js';
import { EvaluationRepository } from '#storage/evaluation.repository.js';
import { StorageModule } from '#storage/storage.module.js';
import { PROCESSOR_ROOMS } from '../processor-rooms.js';
import { NoListeners, NoSentinel, ReaderlessPublisher } from './without-redis.js';

@Global()
@Module({})
class EvaluationGround {
  static forConfig(config: Config): DynamicModule {
    return {
      module: EvaluationGround,
      imports: [
        StorageModule.forApp({
          connectionString: config.databaseUrl,
          applicationName: 'dateline-evaluate',
          maxConnections: config.databasePool,
        }),
      ],
      providers: [
        Metrics,
        EvaluationRepository,
        { provide: CONFIG, useValue: config },
        {
          provide: JobPublisher,
          inject: [EvaluationRepository],
          useFactory: (items: EvaluationRepository) => new ReaderlessPublisher(items),
        },
        { provide: RedisSentinel, useClass: NoSentinel },
        { provide: CommandClient, useClass: NoListeners },
      ],
      exports: [CONFIG, Metrics, EvaluationRepository, JobPublisher, RedisSentinel, CommandClient],
    };
  }
}

@Module({})
export class EvaluationModule {
  /** Without BullMQ's module a worker is a class like any other: work is given to what it would call. */
  static forConfig(config: Config): DynamicModule {
    return { module: EvaluationModule, imports: [EvaluationGround.forConfig(config), ...PROCESSOR_ROOMS] };
  }
}
