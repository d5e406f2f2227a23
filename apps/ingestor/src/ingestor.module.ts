/** The ingestor's rooms, on the ground that every service shares. */
import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '#config/config.js';
import { ServiceModule } from '#service/service.module.js';

@Module({})
export class IngestorModule {
  static forConfig(config: Config, logName: string): DynamicModule {
    return {
      module: IngestorModule,
      imports: [
        ServiceModule.forApp(config, {
          name: 'ingestor',
          logName,
          produces: ['fetchFeed', 'processItems'],
          consumes: ['fetchFeed'],
        }),
      ],
    };
  }
}
