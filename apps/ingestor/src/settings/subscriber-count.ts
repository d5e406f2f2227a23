/** For how many the hub reads: what publishers find in their logs behind its name. */
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { OutboundHttp } from '#http-client/http-client.js';
import { SubscriberRepository } from '#storage/subscriber.repository.js';

const REFRESH_MS = 60_000;

/**
 * The hub itself, whose pages and feeds anybody may read, counts as one; every active endpoint as one more. It is the
 * hub's number for each feed: counting them by feed would cost a look at every endpoint's filter.
 */
@Injectable()
export class SubscriberCount implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SubscriberCount.name);
  private timer: NodeJS.Timeout | undefined;
  private text: string;

  constructor(
    private readonly http: OutboundHttp,
    private readonly subscribers: SubscriberRepository,
  ) {
    this.text = http.userAgentFor('1 subscriber');
  }

  /** In the form that feed readers use: `Dateline/0.1.0 (+https://hub.example/; 12 subscribers)`. */
  get userAgent(): string {
    return this.text;
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.refresh();
    this.timer = setInterval(() => void this.refresh(), REFRESH_MS);
    this.timer.unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Never throws: the number of a minute ago will do. */
  async refresh(): Promise<void> {
    try {
      const count = 1 + (await this.subscribers.countActive());
      this.text = this.http.userAgentFor(`${count} ${count === 1 ? 'subscriber' : 'subscribers'}`);
    } catch (error) {
      this.logger.warn({ msg: 'subscribers could not be counted', error: String(error) });
    }
  }
}
