/** The processor's intake without Nest and without Redis: what it does to PostgreSQL, asked for directly. */
import { Logger } from '@nestjs/common';
import type { Config } from '#config/config.js';
import type { CommandClient } from '#messaging/command-client.js';
import type { JobPublisher } from '#messaging/job-publisher.js';
import { Metrics } from '#observability/metrics.js';
import type { Database } from '#storage/database.js';
import { ClassifierRepository } from '#storage/classifier.repository.js';
import { EventRepository } from '#storage/event.repository.js';
import { IdentityAnnouncementRepository } from '#storage/identity-announcement.repository.js';
import { IdentityRepository } from '#storage/identity.repository.js';
import { HashCountsRepository } from '#storage/hash-counts.repository.js';
import { ItemSketchRepository } from '#storage/item-sketch.repository.js';
import { TextStatisticsRepository } from '#storage/text-statistics.repository.js';
import { ItemBatchRepository } from '#storage/item-batch.repository.js';
import { ProcessedItemRepository } from '#storage/processed-item.repository.js';
import { RuleBookRepository } from '#storage/rule-book.repository.js';
import { RuleOutcomeRepository } from '#storage/rule-outcome.repository.js';
import { StoryStateRepository } from '#storage/story-state.repository.js';
import { StoryRepository } from '#storage/story.repository.js';
import { TagRepository } from '#storage/tag.repository.js';
import { TopicMappingRepository } from '#storage/topic-mapping.repository.js';
import { TopicClassifier } from '../../apps/processor/src/classifier/topic-classifier.js';
import { ChunkTurns } from '../../apps/processor/src/identity/chunk-turns.js';
import { StoryRecogniser } from '../../apps/processor/src/identity/story-recogniser.js';
import { StoredCounters } from '../../apps/processor/src/identity/stored-counters.js';
import { TextStatistics } from '../../apps/processor/src/identity/text-statistics.js';
import { StoryActionRepository } from '#storage/story-action.repository.js';
import { StoryMembershipRepository } from '#storage/story-membership.repository.js';
import { StoryRightsRepository } from '#storage/story-rights.repository.js';
import { StoryRoomRepository } from '#storage/story-room.repository.js';
import { ActionDesk } from '../../apps/processor/src/actions/action-desk.js';
import { ActionMaterials } from '../../apps/processor/src/actions/action-material.js';
import { StoryActionRunner } from '../../apps/processor/src/actions/story-action.runner.js';
import { ChunkProcessor } from '../../apps/processor/src/intake/chunk-processor.js';
import { FetchIntake } from '../../apps/processor/src/intake/fetch-intake.js';
import { IntakeMetrics } from '../../apps/processor/src/intake/intake-metrics.js';
import { ItemCleaner } from '../../apps/processor/src/intake/item-cleaner.js';
import { ItemReading } from '../../apps/processor/src/intake/item-reading.js';
import { RawItems } from '../../apps/processor/src/intake/raw-items.js';
import { StoryCopies } from '../../apps/processor/src/intake/story-copies.js';
import { EventAnnouncer } from '../../apps/processor/src/outbox/event-announcer.js';
import { EventRelay } from '../../apps/processor/src/outbox/event-relay.js';
import { RightsDesk } from '../../apps/processor/src/rights/rights-desk.js';
import { StoryRightsRunner } from '../../apps/processor/src/rights/story-rights.runner.js';
import { RuleBook } from '../../apps/processor/src/rules/rule-book.js';
import { RuleJudge } from '../../apps/processor/src/rules/rule-judge.js';
import { StoryPlanner } from '../../apps/processor/src/stories/story-planner.js';
import { StoryStore } from '../../apps/processor/src/stories/story-store.js';
import { StoryWriter } from '../../apps/processor/src/stories/story-writer.js';
import { ItemTagger } from '../../apps/processor/src/tagging/item-tagger.js';
import { NamedThings } from '../../apps/processor/src/tagging/named-things.js';
import { TextReader } from '../../apps/processor/src/tagging/text-reader.js';
import { TopicCatalogue } from '../../apps/processor/src/tagging/topic-catalogue.js';
import { TopicMappingWatch } from '../../apps/processor/src/tagging/topic-mapping-watch.js';

import { IDENTITY_SETTINGS } from './identity.js';

export interface TestIntake {
  /** Processes all that a fetch left. */
  process: (fetchId: string) => Promise<number>;
  /** Carries out the story actions that wait. */
  act: () => Promise<number>;
  /** Looks at rights until nothing is due, and no partner's changed ones are left to look at. */
  settleRights: () => Promise<void>;
  stories: StoryRepository;
  /** What the intake and reprocessing runs share. */
  chunks: ChunkProcessor;
  relay: EventRelay;
  /** Puts changed rules in force now: in service a timer does. */
  refreshRules: () => Promise<unknown>;
  stop: () => Promise<void>;
}

/** What changes stories, without what puts items into them. */
function storyTools(database: Database, topics: TopicCatalogue) {
  const members = new StoryMembershipRepository();
  const store = new StoryStore(
    members,
    new StoryActionRepository(database),
    new StoryRepository(database),
    new TagRepository(database),
    new EventRepository(database),
    new RuleOutcomeRepository(),
  );
  const config = { publicUrl: 'http://localhost:8080' } as Config;
  const planner = new StoryPlanner(config, new StoryStateRepository(), members, topics, new NamedThings());
  return { members, store, planner };
}

function testStatistics(database: Database): TextStatistics {
  return new TextStatistics(
    new TextStatisticsRepository(database),
    new StoredCounters(new HashCountsRepository(database)),
  );
}

/** What puts items into stories; one for each process that is played. */
export function testWriter(
  database: Database,
  topics = new TopicCatalogue(),
  statistics = testStatistics(database),
): StoryWriter {
  const { store, planner } = storyTools(database, topics);
  const turns = new ChunkTurns(database, new IdentityAnnouncementRepository(database));
  const recogniser = new StoryRecogniser(
    IDENTITY_SETTINGS,
    new IdentityRepository(),
    new ItemSketchRepository(),
    statistics,
    new Metrics(),
  );
  return new StoryWriter(turns, recogniser, new ProcessedItemRepository(database), planner, store);
}

/** Events are relayed (they get their sequence), but nobody is told. */
export function testIntake(database: Database): TestIntake {
  Logger.overrideLogger(false);
  const metrics = new Metrics();
  const items = new ProcessedItemRepository(database);
  const stories = new StoryRepository(database);
  const tags = new TagRepository(database);
  const events = new EventRepository(database);
  const statistics = testStatistics(database);
  const cleaner = new ItemCleaner();
  const texts = new TextReader();
  const topics = new TopicCatalogue();
  const mappings = new TopicMappingWatch(new TopicMappingRepository(database), topics);
  const classifier = new TopicClassifier(new ClassifierRepository(database), metrics);
  const intakeMetrics = new IntakeMetrics(metrics);
  const rules = new RuleBook(new RuleBookRepository(database), metrics);
  const reading = new ItemReading(
    new RawItems(statistics),
    cleaner,
    new ItemTagger(topics, new NamedThings(), tags, texts, classifier),
  );
  const chunks = new ChunkProcessor(
    reading,
    new RuleJudge(rules, tags, metrics),
    testWriter(database, topics, statistics),
    items,
    intakeMetrics,
  );
  const jobs = { publish: () => Promise.resolve(true) } as unknown as JobPublisher;
  const commands = { broadcast: () => undefined } as unknown as CommandClient;
  const relay = new EventRelay(events, new EventAnnouncer(jobs), commands, metrics);
  const { members, store, planner } = storyTools(database, topics);
  const [actions, room] = [new StoryActionRepository(database), new StoryRoomRepository(database)];
  const desk = new ActionDesk(new StoryStateRepository(), members, room, actions, planner, store);
  const copies = new StoryCopies(room, chunks);
  const materials = new ActionMaterials(actions, room, tags, copies);
  const runner = new StoryActionRunner(database, actions, materials, desk, relay);
  const rightsDesk = new RightsDesk(new StoryStateRepository(), room, copies, planner, store);
  const rightsRunner = new StoryRightsRunner(database, new StoryRightsRepository(database), rightsDesk, relay, metrics);
  const intake = new FetchIntake(items, new ItemBatchRepository(database), chunks, relay, intakeMetrics);
  return {
    process: async (fetchId) => {
      // What timers do in a service.
      await mappings.look();
      await classifier.look();
      return intake.process(fetchId);
    },
    act: () => runner.runDue(),
    settleRights: async () => {
      while ((await rightsRunner.runDue()) > 0);
    },
    stories,
    chunks,
    relay,
    refreshRules: () => rules.refresh(),
    stop: async () => {
      await relay.beforeApplicationShutdown();
      await cleaner.onApplicationShutdown();
      await texts.onApplicationShutdown();
      await classifier.onApplicationShutdown();
    },
  };
}
