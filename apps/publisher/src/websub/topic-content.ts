/** What is pushed for a topic: the feed as it is served, rendered once for all who wait for it. */
import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CONFIG, type Config } from '#config/config.js';
import { CONTENT_TYPES } from '../feeds/feed-address.js';
import { FeedLoader } from '../feeds/feed-loader.js';
import { FEED_WRITERS } from '../feeds/feed-writers.js';
import { parseTopic } from './topic-address.js';

export interface TopicContent {
  body: Buffer;
  hash: Buffer;
  contentType: string;
}

@Injectable()
export class TopicContents {
  /** Short: a ping without an event has to see what changed. */
  private readonly rendered = new LRUCache<string, Promise<TopicContent | undefined>>({ max: 50, ttl: 1_000 });

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly loader: FeedLoader,
  ) {}

  /** `seq`: the event that it must not be older than. Undefined when there is no such feed of ours. */
  get(address: string, seq: number): Promise<TopicContent | undefined> {
    const key = `${seq} ${address}`;
    const known = this.rendered.get(key);
    if (known !== undefined) return known;
    const made = this.render(address);
    this.rendered.set(key, made);
    made.catch(() => this.rendered.delete(key));
    return made;
  }

  private async render(address: string): Promise<TopicContent | undefined> {
    const parsed = parseTopic(address, this.config.publicUrl);
    const document = parsed && (await this.loader.load(parsed.topic, parsed.format));
    if (parsed === undefined || document === undefined) return undefined;
    const body = Buffer.from(FEED_WRITERS[parsed.format](document));
    return { body, hash: createHash('sha256').update(body).digest(), contentType: CONTENT_TYPES[parsed.format] };
  }
}
