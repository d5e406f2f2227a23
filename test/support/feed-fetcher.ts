/** A feed fetcher on a real database, with everything that a feed's settings need. */
import { randomBytes } from 'node:crypto';
import type { Config } from '#config/config.js';
import type { OutboundHttp } from '#http-client/http-client.js';
import { Metrics } from '#observability/metrics.js';
import type { Database } from '#storage/database.js';
import { FeedSettingsRepository } from '#storage/feed-settings.repository.js';
import { FetchedDocumentRepository } from '#storage/fetched-document.repository.js';
import { PartnerHomeRepository } from '#storage/partner-home.repository.js';
import { SubscriberRepository } from '#storage/subscriber.repository.js';
import { DocumentReading } from '../../apps/ingestor/src/fetching/document-reading.js';
import { FeedFetcher } from '../../apps/ingestor/src/fetching/feed-fetcher.js';
import { DocumentParser } from '#feed-reader/document-parser.js';
import { DocumentTreatment } from '../../apps/ingestor/src/settings/document-treatment.js';
import { FullTextReader } from '../../apps/ingestor/src/settings/full-text-reader.js';
import { PartnerFinder } from '../../apps/ingestor/src/settings/partner-finder.js';
import { SettingsDesk } from '../../apps/ingestor/src/settings/settings-desk.js';
import { SubscriberCount } from '../../apps/ingestor/src/settings/subscriber-count.js';
import { TreatmentThreads } from '../../apps/ingestor/src/settings/treatment-threads.js';

export interface TestFetcher {
  fetcher: FeedFetcher;
  settings: FeedSettingsRepository;
  subscribers: SubscriberCount;
  close: () => Promise<void>;
}

/** `parser` replaces the reader, where a test is not about reading. */
export function testFetcher(
  database: Database,
  http: OutboundHttp,
  parser: DocumentParser = new DocumentParser(),
): TestFetcher {
  const config = { fetchIntervalSeconds: 900, fetchIntervalMinSeconds: 300, secretKey: randomBytes(32) } as Config;
  const threads = new TreatmentThreads();
  const metrics = new Metrics();
  const settings = new FeedSettingsRepository(database, config);
  const subscribers = new SubscriberCount(http, new SubscriberRepository(database));
  const treatment = new DocumentTreatment(
    threads,
    new FullTextReader(http, threads, metrics),
    new FetchedDocumentRepository(database),
    new PartnerFinder(new PartnerHomeRepository(database)),
    metrics,
  );
  return {
    fetcher: new FeedFetcher(
      http,
      config,
      new SettingsDesk(settings, subscribers, config),
      new DocumentReading(parser, treatment),
    ),
    settings,
    subscribers,
    close: async () => {
      await threads.onApplicationShutdown();
      if (parser instanceof DocumentParser) await parser.onApplicationShutdown();
    },
  };
}
