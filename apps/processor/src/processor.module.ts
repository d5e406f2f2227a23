/** The processor's rooms, on the ground that every service shares. */
import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '#config/config.js';
import { ServiceModule } from '#service/service.module.js';
import { PROCESSOR_ROOMS } from './processor-rooms.js';

@Module({})
export class ProcessorModule {
  static forConfig(config: Config, logName: string): DynamicModule {
    return {
      module: ProcessorModule,
      imports: [
        ServiceModule.forApp(config, {
          name: 'processor',
          logName,
          produces: ['processItems', 'publishEvents'],
          consumes: ['processItems'],
          keepPartitions: true,
        }),
        ...PROCESSOR_ROOMS,
      ],
    };
  }
}
