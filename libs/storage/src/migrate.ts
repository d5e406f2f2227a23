/** Brings the database to the newest schema and keeps the weekly partitions ahead of the clock. Safe to run from many processes at once. */
import { Migrator, sql, type Migration } from 'kysely';
import type { Database } from './database.js';
import * as firstHouse from './migrations/0001-first-house.js';
import * as claimsAreFences from './migrations/0002-claims-are-fences.js';
import * as politePolling from './migrations/0003-polite-polling.js';
import * as opmlImports from './migrations/0004-opml-imports.js';
import * as feedSettings from './migrations/0005-feed-settings.js';
import * as websubSubscriptions from './migrations/0006-websub-subscriptions.js';
import * as reparseRuns from './migrations/0007-reparse-runs.js';
import * as newestPartner from './migrations/0008-newest-partner.js';
import * as textIdentity from './migrations/0009-text-identity.js';
import * as storyActions from './migrations/0010-story-actions.js';
import * as rules from './migrations/0012-rules.js';
import * as relatedAndReprocessing from './migrations/0013-related-and-reprocessing.js';
import * as topics from './migrations/0014-topics.js';
import * as channels from './migrations/0015-channels.js';
import * as archivedFeeds from './migrations/0016-archived-feeds.js';
import * as storyRights from './migrations/0017-story-rights.js';
import * as websubHub from './migrations/0018-websub-hub.js';
import * as fingerprintFrequencies from './migrations/0020-fingerprint-frequencies.js';
import * as endpointSettings from './migrations/0021-endpoint-settings.js';
import * as deliveryGates from './migrations/0022-delivery-gates.js';
import * as replays from './migrations/0023-replays.js';
import * as search from './migrations/0024-search.js';
import * as storiesChangeInPlace from './migrations/0025-stories-change-in-place.js';
import * as mereExcerpts from './migrations/0028-mere-excerpts.js';
import * as namedPartners from './migrations/0029-named-partners.js';
import * as slowSubscribers from './migrations/0030-slow-subscribers.js';
import * as demoStories from './migrations/0031-demo-stories.js';
import * as tagsOfTheShown from './migrations/0032-tags-of-the-shown.js';
import * as fingerprintsApart from './migrations/0033-fingerprints-apart.js';
import * as countsInVersions from './migrations/0034-counts-in-versions.js';
import * as operatorsWordsUndone from './migrations/0036-operators-words-undone.js';
import * as whoRefused from './migrations/0037-who-refused.js';
import * as retriesInTurn from './migrations/0039-retries-in-turn.js';
import * as lateWeeks from './migrations/0043-late-weeks.js';
import * as hostsOpenAgain from './migrations/0044-hosts-open-again.js';
import * as sidesOfSeparations from './migrations/0046-sides-of-separations.js';
import * as tagsByRules from './migrations/0047-tags-by-rules.js';
import * as ownNextAttempts from './migrations/0048-own-next-attempts.js';
import * as languageCodes from './migrations/0049-language-codes.js';
import * as tagsByDictionaries from './migrations/0054-tags-by-dictionaries.js';
import * as refreshesOfPausedFeeds from './migrations/0055-refreshes-of-paused-feeds.js';
import * as documentsKeptADay from './migrations/0056-documents-kept-a-day.js';

const MIGRATIONS: Record<string, Migration> = {
  '0001-first-house': firstHouse,
  '0002-claims-are-fences': claimsAreFences,
  '0003-polite-polling': politePolling,
  '0004-opml-imports': opmlImports,
  '0005-feed-settings': feedSettings,
  '0006-websub-subscriptions': websubSubscriptions,
  '0007-reparse-runs': reparseRuns,
  '0008-newest-partner': newestPartner,
  '0009-text-identity': textIdentity,
  '0010-story-actions': storyActions,
  '0012-rules': rules,
  '0013-related-and-reprocessing': relatedAndReprocessing,
  '0014-topics': topics,
  '0015-channels': channels,
  '0016-archived-feeds': archivedFeeds,
  '0017-story-rights': storyRights,
  '0018-websub-hub': websubHub,
  '0020-fingerprint-frequencies': fingerprintFrequencies,
  '0021-endpoint-settings': endpointSettings,
  '0022-delivery-gates': deliveryGates,
  '0023-replays': replays,
  '0024-search': search,
  '0025-stories-change-in-place': storiesChangeInPlace,
  '0028-mere-excerpts': mereExcerpts,
  '0029-named-partners': namedPartners,
  '0030-slow-subscribers': slowSubscribers,
  '0031-demo-stories': demoStories,
  '0032-tags-of-the-shown': tagsOfTheShown,
  '0033-fingerprints-apart': fingerprintsApart,
  '0034-counts-in-versions': countsInVersions,
  '0036-operators-words-undone': operatorsWordsUndone,
  '0037-who-refused': whoRefused,
  '0039-retries-in-turn': retriesInTurn,
  '0043-late-weeks': lateWeeks,
  '0044-hosts-open-again': hostsOpenAgain,
  '0046-sides-of-separations': sidesOfSeparations,
  '0047-tags-by-rules': tagsByRules,
  '0048-own-next-attempts': ownNextAttempts,
  '0049-language-codes': languageCodes,
  '0054-tags-by-dictionaries': tagsByDictionaries,
  '0055-refreshes-of-paused-feeds': refreshesOfPausedFeeds,
  '0056-documents-kept-a-day': documentsKeptADay,
};

/** Runs what is missing; Kysely's own lock lets one process do it while the others wait. Throws the first failure. */
export async function migrateToLatest(database: Database): Promise<string[]> {
  const migrator = new Migrator({
    db: database.db,
    provider: { getMigrations: () => Promise.resolve(MIGRATIONS) },
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) throw error instanceof Error ? error : new Error(JSON.stringify(error));
  return (results ?? []).filter((result) => result.status === 'Success').map((result) => result.migrationName);
}

/** Waits for Postgres to answer, calling `onRetry` before each further try. Throws the last error after `patienceMs`. */
export async function waitForPostgres(
  database: Database,
  patienceMs: number,
  onRetry: (error: Error) => void,
): Promise<void> {
  const giveUpAt = Date.now() + patienceMs;
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, 2_000)) {
    try {
      await sql`SELECT 1`.execute(database.db);
      return;
    } catch (error) {
      if (Date.now() + pauseMs > giveUpAt) throw error;
      onRetry(error as Error);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
