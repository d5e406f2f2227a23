/** The publisher's rooms, on the ground that every service shares. */
import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '#config/config.js';
import { ServiceModule } from '#service/service.module.js';
import { ChannelsModule } from './channels/channels.module.js';
import { FeedsModule } from './feeds/feeds.module.js';
import { SearchingModule } from './searching/searching.module.js';
import { SiteModule } from './site/site.module.js';
import { WebSubModule } from './websub/websub.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

@Module({})
export class PublisherModule {
  static forConfig(config: Config, logName: string): DynamicModule {
    return {
      module: PublisherModule,
      imports: [
        ServiceModule.forApp(config, {
          name: 'publisher',
          logName,
          produces: ['deliverWebhook', 'serveSubscriber'],
          consumes: ['publishEvents', 'deliverWebhook', 'serveSubscriber'],
        }),
        WebhooksModule,
        ChannelsModule,
        FeedsModule,
        SearchingModule,
        SiteModule,
        WebSubModule,
      ],
    };
  }
}
