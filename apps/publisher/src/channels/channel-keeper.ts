/** Applies changed filters to older stories, takes out what grew too old, and looks again at stories that changed without an event. */
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Metrics } from '#observability/metrics.js';
import { RepeatedWork } from '#service/repeated-work.js';
import { ChannelUpkeepRepository } from '#storage/channel-upkeep.repository.js';
import { FanOutRepository } from '#storage/fan-out.repository.js';
import { channelMembership } from './channel-membership.js';

const LOOK_EVERY_MS = 500;
const STORIES_AT_ONCE = 200;

@Injectable()
export class ChannelKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ChannelKeeper.name);
  private readonly repeated = new RepeatedWork(() => this.work(), this.logger, 'channels could not be kept');
  private readonly moved;
  private readonly open;
  private stopping = false;

  constructor(
    private readonly upkeep: ChannelUpkeepRepository,
    private readonly fanOuts: FanOutRepository,
    metrics: Metrics,
  ) {
    this.moved = metrics.counter(
      'dateline_channel_upkeep_stories_total',
      'Stories that joined or left channels by a changed filter or by their age, or were looked at again',
      ['why'],
    );
    this.open = metrics.gauge(
      'dateline_channels_filling',
      'Channels whose filter is still being applied to older stories',
    );
  }

  onApplicationBootstrap(): void {
    this.repeated.start(LOOK_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.repeated.stop();
  }

  /** Everything that is due. Between any two steps the process may end: the next one, or another process, goes on. */
  async work(): Promise<void> {
    await this.untilNone('recheck', () => this.fanOuts.recheck(STORIES_AT_ONCE, channelMembership));
    await this.untilNone('age', () => this.upkeep.expire(STORIES_AT_ONCE));
    const filling = await this.upkeep.filling();
    this.open.set(filling.length);
    for (const id of filling) await this.fill(id);
  }

  private async fill(id: string): Promise<void> {
    const sum = { looked: 0, joined: 0, left: 0 };
    for (let done = false; !done && !this.stopping;) {
      const step = await this.upkeep.fill(id);
      sum.looked += step.looked;
      sum.joined += step.joined;
      sum.left += step.left;
      this.moved.inc({ why: 'filter' }, step.joined + step.left);
      done = step.done;
      // Stories that come meanwhile do not wait for a long archive.
      await this.untilNone('recheck', () => this.fanOuts.recheck(STORIES_AT_ONCE, channelMembership));
    }
    this.logger.log({ msg: 'channel filled', channelId: id, ...sum });
  }

  private async untilNone(why: string, step: () => Promise<number>): Promise<void> {
    for (let count = 1; count > 0 && !this.stopping;) {
      count = await step();
      this.moved.inc({ why }, count);
    }
  }
}
