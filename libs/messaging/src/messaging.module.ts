/** Gives an app its queues, its job publisher, its commands and the watch over Redis. */
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { BullModule } from '@nestjs/bullmq';
import { type Processor, Worker, type WorkerOptions } from 'bullmq';
import type { Config } from '#config/config.js';
import { QUEUES } from '#contracts/jobs.js';
import { CommandClient } from './command-client.js';
import { JobPublisher, type QueueKey } from './job-publisher.js';
import { patientOptions, producerOptions, queuePrefix } from './redis-options.js';
import { RedisSentinel } from './redis-sentinel.js';
import { WorkerDrain } from './worker-drain.js';

export interface MessagingOptions {
  config: Config;
  /** Queues this app puts jobs on. */
  produces: QueueKey[];
  /** Queues this app has a @Processor for. */
  consumes: QueueKey[];
}

/** Nest gives a worker its queue's connection, which is a producer's and impatient; a worker must wait for Redis. */
function patientWorker(config: Config): typeof Worker {
  class PatientWorker extends Worker {
    constructor(name: string, processor: Processor, options: WorkerOptions) {
      super(name, processor, { ...options, connection: patientOptions(config) });
    }
  }
  return PatientWorker;
}

@Global()
@Module({})
export class MessagingModule {
  static forApp({ config, produces, consumes }: MessagingOptions): DynamicModule {
    BullModule.workerClass = patientWorker(config);
    const names = [...new Set([...produces, ...consumes])].map((key) => QUEUES[key].name);
    const queues = BullModule.registerQueue(
      ...names.map((name) => ({
        name,
        prefix: queuePrefix(config, name),
        connection: producerOptions(config),
      })),
    );
    return {
      module: MessagingModule,
      imports: [BullModule.forRoot({ connection: patientOptions(config) }), queues, DiscoveryModule],
      providers: [JobPublisher, RedisSentinel, WorkerDrain, CommandClient],
      exports: [JobPublisher, RedisSentinel, CommandClient, queues],
    };
  }
}
