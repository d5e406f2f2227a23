/** Gathers publishers' pings: anybody may send one, and each has every subscriber of its topic looked at. */
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { HubSubscriptionRepository } from '#storage/hub-subscription.repository.js';
import { parseTopic } from './topic-address.js';

/** The first ping is heard at once, those that follow it together. Our own events need none. */
const EVERY_MS = 5_000;
const MOST_TOPICS = 1_000;

@Injectable()
export class TopicPings {
  private readonly pinged = new Set<string>();
  private lookedAt = -Infinity;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly subscriptions: HubSubscriptionRepository,
  ) {}

  /** What is no feed of ours is left out, and what is too much is forgotten: a ping promises nothing. */
  add(topics: readonly string[]): void {
    for (const topic of topics)
      if (this.pinged.size < MOST_TOPICS && parseTopic(topic, this.config.publicUrl) !== undefined)
        this.pinged.add(topic);
  }

  /** Makes the subscribers of what was pinged due, unless that was done a moment ago: then later. */
  async lookAgain(now = performance.now()): Promise<void> {
    if (this.pinged.size === 0 || now - this.lookedAt < EVERY_MS) return;
    const topics = [...this.pinged];
    this.pinged.clear();
    this.lookedAt = now;
    await this.subscriptions.lookAgain(topics);
  }
}
