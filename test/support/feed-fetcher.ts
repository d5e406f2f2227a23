/** A feed fetcher on a real database, with everything that a feed's settings need. */
import { randomBytes } from 'node:crypto';
import type { Config } from '#config/config.js';
import type { OutboundHttp } from '#http-client/http-client.js';
import { Metrics } from '#observability/metrics.js';
import type { Database } from '#storage/database.js';
import { FeedMoveRepository } from '#storage/feed-move.repository.js';
import { FeedSettingsRepository } from '#storage/feed-settings.repository.js';
import { FetchedDocumentRepository } from '#storage/fetched-document.repository.js';
import { HostSlotRepository } from '#storage/host-slot.repository.js';
import { OwnOutageRepository } from '#storage/own-outage.repository.js';
import { PartnerHomeRepository } from '#storage/partner-home.repository.js';
import { SubscriberRepository } from '#storage/subscriber.repository.js';
import { DocumentReading } from '../../apps/ingestor/src/fetching/document-reading.js';
import { FeedFetcher } from '../../apps/ingestor/src/fetching/feed-fetcher.js';
import { FetchSequel } from '../../apps/ingestor/src/fetching/fetch-sequel.js';
import { OwnNetwork } from '../../apps/ingestor/src/fetching/own-network.js';
import { DocumentParser } from '#feed-reader/document-parser.js';
import { DocumentTreatment } from '../../apps/ingestor/src/settings/document-treatment.js';
import { FullTextReader } from '../../apps/ingestor/src/settings/full-text-reader.js';
import { PartnerFinder } from '../../apps/ingestor/src/settings/partner-finder.js';
import { SettingsDesk } from '../../apps/ingestor/src/settings/settings-desk.js';
import { SubscriberCount } from '../../apps/ingestor/src/settings/subscriber-count.js';
import { TreatmentThreads } from '../../apps/ingestor/src/settings/treatment-threads.js';

export interface TestFetcher {
  fetcher: FeedFetcher;
  /** What follows from its fetches, with the same opinion of the network. */
  sequel: FetchSequel;
  settings: FeedSettingsRepository;
  subscribers: SubscriberCount;
  close: () => Promise<void>;
}

const SETTINGS: Partial<Config> = {
  fetchIntervalSeconds: 900,
  fetchIntervalMinSeconds: 300,
  fetchIntervalMaxSeconds: 86_400,
  retryAfterScope: 'feed',
  hostRequestsPerMinute: 30,
  hostConnections: 4,
  redirectConfirmFetches: 10,
  redirectConfirmHours: 24,
  newsWindowSeconds: 86_400,
  identityWindowDays: 14,
};

/** `parser` replaces the reader, where a test is not about reading. */
export function testFetcher(
  database: Database,
  http: OutboundHttp,
  parser: DocumentParser = new DocumentParser(),
  overrides: Partial<Config> = {},
): TestFetcher {
  const config = { ...SETTINGS, secretKey: randomBytes(32), ...overrides } as Config;
  const hosts = new HostSlotRepository(database);
  const network = new OwnNetwork(new OwnOutageRepository(database));
  const threads = new TreatmentThreads();
  const metrics = new Metrics();
  const settings = new FeedSettingsRepository(database, config);
  const subscribers = new SubscriberCount(http, new SubscriberRepository(database));
  const treatment = new DocumentTreatment(
    threads,
    new FullTextReader(http, threads, hosts, config, metrics),
    new FetchedDocumentRepository(database),
    new PartnerFinder(new PartnerHomeRepository(database)),
    metrics,
  );
  return {
    fetcher: new FeedFetcher(
      http,
      network,
      config,
      new SettingsDesk(settings, subscribers, config),
      new DocumentReading(parser, treatment, config),
    ),
    sequel: new FetchSequel(network, new FeedMoveRepository(database), hosts, config),
    settings,
    subscribers,
    close: async () => {
      await threads.onApplicationShutdown();
      if (parser instanceof DocumentParser) await parser.onApplicationShutdown();
    },
  };
}
