/** Keeps the catalogue's mappings as they are in PostgreSQL: looked at each second, read when they have changed. */
import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { RepeatedWork } from '#service/repeated-work.js';
import { TopicMappingRepository } from '#storage/topic-mapping.repository.js';
import { TopicCatalogue } from './topic-catalogue.js';

const LOOK_EVERY_MS = 1_000;

@Injectable()
export class TopicMappingWatch implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(TopicMappingWatch.name);
  private readonly repeated = new RepeatedWork(
    () => this.look(),
    this.logger,
    'topic mappings could not be read; the former ones hold',
  );
  private revision: number | undefined;

  constructor(
    private readonly mappings: TopicMappingRepository,
    private readonly catalogue: TopicCatalogue,
  ) {}

  /** Before the first item is processed. */
  async onModuleInit(): Promise<void> {
    await this.look();
    this.repeated.start(LOOK_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.repeated.stop();
  }

  /** Reads the mappings when they have changed since the last look. */
  async look(): Promise<void> {
    // The revision is read first: a change in between is read twice, never missed.
    const revision = await this.mappings.revision();
    if (revision === this.revision) return;
    this.catalogue.use(await this.mappings.all());
    this.revision = revision;
  }
}
