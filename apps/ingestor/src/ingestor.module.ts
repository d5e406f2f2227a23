/** The ingestor's rooms, on the ground that every service shares. */
import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '#config/config.js';
import { HttpClientModule } from '#http-client/http-client.module.js';
import { ServiceModule } from '#service/service.module.js';
import { Database } from '#storage/database.js';
import { FeedClaimRepository } from '#storage/feed-claim.repository.js';
import { FeedLeaseRepository } from '#storage/feed-lease.repository.js';
import { FeedMoveRepository } from '#storage/feed-move.repository.js';
import { FetchRepository } from '#storage/fetch.repository.js';
import { FetchedDocumentRepository } from '#storage/fetched-document.repository.js';
import { HostSlotRepository } from '#storage/host-slot.repository.js';
import { OwnOutageRepository } from '#storage/own-outage.repository.js';
import { AddressReader } from './discovery/address-reader.js';
import { FeedFinder } from './discovery/feed-finder.js';
import { FeedPreviewer } from './discovery/feed-previewer.js';
import { PageReader } from './discovery/page-reader.js';
import { FeedFetcher } from './fetching/feed-fetcher.js';
import { FeedPoller } from './fetching/feed-poller.js';
import { FeedRefresher } from './fetching/feed-refresher.js';
import { FetchFeedWorker } from './fetching/fetch-feed.worker.js';
import { FetchSequel } from './fetching/fetch-sequel.js';
import { OwnNetwork } from './fetching/own-network.js';
import { OutcomeWriter } from './fetching/outcome-writer.js';
import { RefreshController } from './fetching/refresh.controller.js';
import { DocumentParser } from '#feed-reader/document-parser.js';
import { PUSH_PROVIDERS } from './push/push-providers.js';
import { FeedScheduler } from './scheduling/feed-scheduler.js';

@Module({})
export class IngestorModule {
  static forConfig(config: Config, logName: string): DynamicModule {
    const limits = { requestsPerMinute: config.hostRequestsPerMinute, connections: config.hostConnections };
    const claims = (database: Database) => new FeedClaimRepository(database, limits);
    return {
      module: IngestorModule,
      imports: [
        ServiceModule.forApp(config, {
          name: 'ingestor',
          logName,
          produces: ['fetchFeed', 'processItems'],
          consumes: ['fetchFeed'],
        }),
        HttpClientModule,
      ],
      controllers: [RefreshController],
      providers: [
        { provide: FeedClaimRepository, useFactory: claims, inject: [Database] },
        FeedLeaseRepository,
        FeedMoveRepository,
        HostSlotRepository,
        OwnOutageRepository,
        FetchRepository,
        FetchedDocumentRepository,
        FeedScheduler,
        OwnNetwork,
        FetchSequel,
        FeedFetcher,
        OutcomeWriter,
        DocumentParser,
        FeedPoller,
        FetchFeedWorker,
        FeedRefresher,
        AddressReader,
        PageReader,
        FeedFinder,
        FeedPreviewer,
        ...PUSH_PROVIDERS,
      ],
    };
  }
}
