/** The end of the demo: the first real partner or feed turns it off for good. */
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { DemoRepository } from '#storage/demo.repository.js';
import { StoryRepository } from '#storage/story.repository.js';
import { conflict } from './problem.js';

/** A demo story that was being processed while the demo ended comes to light within this time. */
const LOOK_AGAIN_MS = 15_000;

@Injectable()
export class DemoEnd implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(DemoEnd.name);
  private secondLook: NodeJS.Timeout | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly demo: DemoRepository,
    private readonly stories: StoryRepository,
  ) {}

  /** A crash in the middle of the end is made up for at the next start. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.config.demo === 'on') return;
    try {
      const { hasRealPartner, ended } = await this.demo.state();
      if (ended) await this.stories.withdrawDemoStories();
      else if (hasRealPartner) await this.begin();
    } catch (error) {
      this.logger.warn({ msg: 'the end of the demo could not be checked', error: String(error) });
    }
  }

  beforeApplicationShutdown(): void {
    clearTimeout(this.secondLook);
  }

  /** `on`: demo partners may publish. DEMO=on insists; DEMO=off is no end: the demo is back when the variable is gone. */
  async state(): Promise<'on' | 'off'> {
    if (this.config.demo !== 'auto') return this.config.demo;
    const { hasRealPartner, ended } = await this.demo.state();
    return ended || hasRealPartner ? 'off' : 'on';
  }

  /** Ends the demo unless it has ended, or DEMO=on insists on it. */
  async begin(): Promise<void> {
    if (this.config.demo === 'on' || !(await this.demo.end())) return;
    const stories = await this.stories.withdrawDemoStories();
    this.logger.log({
      msg: 'the demo has ended: its feeds are retired, its endpoints disabled',
      storiesWithdrawn: stories,
    });
    this.secondLook = setTimeout(() => {
      this.stories.withdrawDemoStories().catch(() => undefined);
    }, LOOK_AGAIN_MS);
  }

  /** Throws 409 when something of the demo is to be added and the demo is off. */
  async refuseWhenOver(): Promise<void> {
    if ((await this.state()) === 'off')
      throw conflict('demo-over', 'The demo is off. Leave out "demo", or start the hub with DEMO=on.');
  }
}
