/** The console's rooms, on the ground that every service shares. */
import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '#config/config.js';
import { ServiceModule } from '#service/service.module.js';
import { ApiModule } from './api/api.module.js';
import { PagesModule } from './pages/pages.module.js';
import { QueuesModule } from './queues/queues.module.js';

@Module({})
export class ConsoleModule {
  static forConfig(config: Config, logName: string): DynamicModule {
    return {
      module: ConsoleModule,
      imports: [
        ServiceModule.forApp(config, {
          name: 'console',
          logName,
          produces: ['fetchFeed', 'processItems', 'publishEvents', 'deliverWebhook', 'serveSubscriber'],
          consumes: [],
        }),
        ApiModule,
        PagesModule,
        QueuesModule,
      ],
    };
  }
}
