/** The ingestor's rooms, on the ground that every service shares. */
import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '#config/config.js';
import { HttpClientModule } from '#http-client/http-client.module.js';
import { ServiceModule } from '#service/service.module.js';
import { Database } from '#storage/database.js';
import { FeedClaimRepository } from '#storage/feed-claim.repository.js';
import { FeedInHandRepository } from '#storage/feed-in-hand.repository.js';
import { FetchLogRepository } from '#storage/fetch-log.repository.js';
import { FetchRepository } from '#storage/fetch.repository.js';
import { FetchedDocumentRepository } from '#storage/fetched-document.repository.js';
import { ReparseQueueRepository } from '#storage/reparse-queue.repository.js';
import { ReparseStoreRepository } from '#storage/reparse-store.repository.js';
import { FeedMoveRepository } from '#storage/feed-move.repository.js';
import { HostSlotRepository } from '#storage/host-slot.repository.js';
import { OwnOutageRepository } from '#storage/own-outage.repository.js';
import { FeedSettingsRepository } from '#storage/feed-settings.repository.js';
import { PartnerHomeRepository } from '#storage/partner-home.repository.js';
import { SubscriberRepository } from '#storage/subscriber.repository.js';
import { AddressReader } from './discovery/address-reader.js';
import { FeedFinder } from './discovery/feed-finder.js';
import { FeedPreviewer } from './discovery/feed-previewer.js';
import { PageReader } from './discovery/page-reader.js';
import { DocumentMemory } from './fetching/document-memory.js';
import { DocumentReading } from './fetching/document-reading.js';
import { FeedFetcher } from './fetching/feed-fetcher.js';
import { FeedPoller } from './fetching/feed-poller.js';
import { FeedRefresher } from './fetching/feed-refresher.js';
import { FetchFeedWorker } from './fetching/fetch-feed.worker.js';
import { FetchSequel } from './fetching/fetch-sequel.js';
import { ItemHandover } from './fetching/item-handover.js';
import { OwnNetwork } from './fetching/own-network.js';
import { OutcomeWriter } from './fetching/outcome-writer.js';
import { ProtocolMetrics } from './fetching/protocol-metrics.js';
import { RefreshController } from './fetching/refresh.controller.js';
import { DocumentParser } from '#feed-reader/document-parser.js';
import { DocumentRereader } from './reparsing/document-rereader.js';
import { ReparseRunner } from './reparsing/reparse-runner.js';
import { PUSH_PROVIDERS } from './push/push-providers.js';
import { FeedScheduler } from './scheduling/feed-scheduler.js';
import { DocumentTreatment } from './settings/document-treatment.js';
import { FullTextReader } from './settings/full-text-reader.js';
import { PartnerFinder } from './settings/partner-finder.js';
import { SettingsDesk } from './settings/settings-desk.js';
import { SubscriberCount } from './settings/subscriber-count.js';
import { TreatmentThreads } from './settings/treatment-threads.js';

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
        FeedInHandRepository,
        FeedMoveRepository,
        HostSlotRepository,
        OwnOutageRepository,
        FetchRepository,
        FetchedDocumentRepository,
        FeedSettingsRepository,
        PartnerHomeRepository,
        SubscriberRepository,
        FeedScheduler,
        OwnNetwork,
        ProtocolMetrics,
        FetchSequel,
        SubscriberCount,
        SettingsDesk,
        TreatmentThreads,
        FullTextReader,
        DocumentTreatment,
        PartnerFinder,
        DocumentMemory,
        DocumentReading,
        FeedFetcher,
        ItemHandover,
        OutcomeWriter,
        DocumentParser,
        FeedPoller,
        FetchFeedWorker,
        FeedRefresher,
        AddressReader,
        PageReader,
        FeedFinder,
        FeedPreviewer,
        FetchLogRepository,
        ReparseQueueRepository,
        ReparseStoreRepository,
        DocumentRereader,
        ReparseRunner,
        ...PUSH_PROVIDERS,
      ],
    };
  }
}
