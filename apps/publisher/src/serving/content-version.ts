/** Knows whether anything that readers can see has changed: what every cached document is checked against. */
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { SiteDirectoryRepository } from '#storage/site-directory.repository.js';

/** How long a change may stay unseen when no broadcast came. An update has to show within a second of its event. */
const LOOK_EVERY_MS = 300;

@Injectable()
export class ContentVersion implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(ContentVersion.name);
  private version = '';
  private looking: Promise<void> | undefined;
  private lookAgain = false;
  private lost = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly directory: SiteDirectoryRepository) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** The version last seen; the same text as long as nothing changed. */
  current(): string {
    return this.version;
  }

  /** Looks now. A call during a look is answered by the look after it, so that it sees what its caller saw. Never throws. */
  look(): Promise<void> {
    if (this.looking !== undefined) {
      this.lookAgain = true;
      return this.looking;
    }
    this.looking = this.read().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async read(): Promise<void> {
    do {
      this.lookAgain = false;
      try {
        this.version = await this.directory.version();
        this.lost = false;
      } catch (error) {
        // Readers keep what is cached until Postgres answers again.
        if (!this.lost) this.logger.warn({ msg: 'cannot see whether content changed', error: String(error) });
        this.lost = true;
      }
    } while (this.lookAgain);
  }
}
