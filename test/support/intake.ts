/** The processor's intake without Nest and without Redis: what it does to PostgreSQL, asked for directly. */
import { Logger } from '@nestjs/common';
import type { Config } from '#config/config.js';
import type { CommandClient } from '#messaging/command-client.js';
import type { JobPublisher } from '#messaging/job-publisher.js';
import { Metrics } from '#observability/metrics.js';
import type { Database } from '#storage/database.js';
import { EventRepository } from '#storage/event.repository.js';
import { IdentityRepository } from '#storage/identity.repository.js';
import { ItemBatchRepository } from '#storage/item-batch.repository.js';
import { ProcessedItemRepository } from '#storage/processed-item.repository.js';
import { StoryActionRepository } from '#storage/story-action.repository.js';
import { StoryMembershipRepository } from '#storage/story-membership.repository.js';
import { StoryRoomRepository } from '#storage/story-room.repository.js';
import { StoryStateRepository } from '#storage/story-state.repository.js';
import { StoryRepository } from '#storage/story.repository.js';
import { TagRepository } from '#storage/tag.repository.js';
import { ActionDesk } from '../../apps/processor/src/actions/action-desk.js';
import { ActionMaterials } from '../../apps/processor/src/actions/action-material.js';
import { StoryActionRunner } from '../../apps/processor/src/actions/story-action.runner.js';
import { ChunkProcessor } from '../../apps/processor/src/intake/chunk-processor.js';
import { FetchIntake } from '../../apps/processor/src/intake/fetch-intake.js';
import { IntakeMetrics } from '../../apps/processor/src/intake/intake-metrics.js';
import { LanguageDetector } from '../../apps/processor/src/intake/language-detector.js';
import { ItemCleaner } from '../../apps/processor/src/intake/item-cleaner.js';
import { EventAnnouncer } from '../../apps/processor/src/outbox/event-announcer.js';
import { EventRelay } from '../../apps/processor/src/outbox/event-relay.js';
import { StoryPlanner } from '../../apps/processor/src/stories/story-planner.js';
import { StoryStore } from '../../apps/processor/src/stories/story-store.js';
import { StoryWriter } from '../../apps/processor/src/stories/story-writer.js';
import { ItemTagger } from '../../apps/processor/src/tagging/item-tagger.js';
import { TopicCatalogue } from '../../apps/processor/src/tagging/topic-catalogue.js';

export interface TestIntake {
  /** Processes all that a fetch left. */
  process: (fetchId: string) => Promise<number>;
  /** Carries out the story actions that wait. */
  act: () => Promise<number>;
  stories: StoryRepository;
  stop: () => Promise<void>;
}

/** What changes stories, without what puts items into them. */
function storyTools(database: Database) {
  const members = new StoryMembershipRepository();
  const store = new StoryStore(
    members,
    new StoryActionRepository(database),
    new StoryRepository(database),
    new TagRepository(database),
    new EventRepository(database),
  );
  const config = { publicUrl: 'http://localhost:8080' } as Config;
  const planner = new StoryPlanner(config, new StoryStateRepository(), members, new TopicCatalogue());
  return { members, store, planner };
}

/** What puts items into stories; one for each process that is played. */
export function testWriter(database: Database): StoryWriter {
  const { store, planner } = storyTools(database);
  return new StoryWriter(database, new ProcessedItemRepository(database), new IdentityRepository(), planner, store);
}

/** Events are relayed (they get their sequence), but nobody is told. */
export function testIntake(database: Database): TestIntake {
  Logger.overrideLogger(false);
  const metrics = new Metrics();
  const items = new ProcessedItemRepository(database);
  const stories = new StoryRepository(database);
  const tags = new TagRepository(database);
  const events = new EventRepository(database);
  const cleaner = new ItemCleaner();
  const languages = new LanguageDetector();
  const intakeMetrics = new IntakeMetrics(metrics);
  const chunks = new ChunkProcessor(
    cleaner,
    languages,
    new ItemTagger(new TopicCatalogue(), tags),
    testWriter(database),
    items,
    intakeMetrics,
  );
  const jobs = { publish: () => Promise.resolve(true) } as unknown as JobPublisher;
  const commands = { broadcast: () => undefined } as unknown as CommandClient;
  const relay = new EventRelay(events, new EventAnnouncer(jobs), commands, metrics);
  const { members, store, planner } = storyTools(database);
  const [actions, room] = [new StoryActionRepository(database), new StoryRoomRepository(database)];
  const desk = new ActionDesk(new StoryStateRepository(), members, room, planner, store);
  const materials = new ActionMaterials(actions, room, tags, chunks);
  const runner = new StoryActionRunner(database, actions, materials, desk, relay);
  const intake = new FetchIntake(items, new ItemBatchRepository(database), chunks, relay, intakeMetrics);
  return {
    process: (fetchId) => intake.process(fetchId),
    act: () => runner.runDue(),
    stories,
    stop: async () => {
      await relay.beforeApplicationShutdown();
      await cleaner.onApplicationShutdown();
      await languages.onApplicationShutdown();
    },
  };
}
