/** The publisher's webhooks room alone, on a real database and a real Redis, without the rest of the hub. */
import { randomBytes } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { Config } from '#config/config.js';
import { OutboundHttp, type OutboundOptions } from '#http-client/http-client.js';
import { JobPublisher } from '#messaging/job-publisher.js';
import { ServiceModule } from '#service/service.module.js';
import { EndpointRepository, type NewEndpoint } from '#storage/endpoint.repository.js';
import type { EndpointFilter } from '#contracts/channel-filter.js';
import { ATTEMPT_DEADLINE_MS } from '../../apps/publisher/src/webhooks/webhook-sender.js';
import { WebhooksModule } from '../../apps/publisher/src/webhooks/webhooks.module.js';
import { testConfig } from './config.js';
import { type TestDatabase } from './database.js';
import { insertEvents, type TestEvent } from './story-events.js';

export class WebhookRoom {
  readonly endpoints: EndpointRepository;

  private constructor(
    private readonly app: INestApplicationContext,
    private readonly store: TestDatabase,
    config: Config,
  ) {
    this.endpoints = new EndpointRepository(store.database, config);
  }

  /** `config`: pass the same to several rooms to make them several publishers of one hub. `outbound`: another door out. */
  static async start(
    store: TestDatabase,
    config = testConfig(store.url),
    deadlineMs = 1_000,
    outbound?: OutboundOptions,
  ): Promise<WebhookRoom> {
    const ground = ServiceModule.forApp(config, {
      name: 'publisher',
      logName: 'publisher',
      produces: ['publishEvents', 'deliverWebhook'],
      consumes: ['publishEvents', 'deliverWebhook'],
    });
    const testing = Test.createTestingModule({ imports: [ground, WebhooksModule] })
      .overrideProvider(ATTEMPT_DEADLINE_MS)
      .useValue(deadlineMs);
    if (outbound !== undefined)
      testing.overrideProvider(OutboundHttp).useValue(new OutboundHttp({ allowH2: false, ...outbound }));
    const module = await testing.compile();
    module.useLogger(false);
    await module.init();
    return new WebhookRoom(module, store, config);
  }

  async endpoint(
    url: string,
    filter: EndpointFilter = {},
    settings: Partial<NewEndpoint> = {},
  ): Promise<{ id: string; secret: string }> {
    const { endpoint, secret } = await this.endpoints.create({
      url,
      description: '',
      eventTypes: ['story.published', 'story.updated'],
      filter,
      isDemo: false,
      ...settings,
    });
    return { id: endpoint.id, secret: secret ?? '' };
  }

  /** Events as the processor's relay leaves them, and their job. Answers the events' ids. */
  async relay(events: TestEvent[]): Promise<string[]> {
    const eventIds = await insertEvents(this.store.database, events);
    await this.publish(eventIds);
    return eventIds;
  }

  /** The job alone, as often as you like. */
  async publish(eventIds: string[]): Promise<void> {
    const id = `events-${randomBytes(6).toString('hex')}x`;
    await this.get(JobPublisher).publish('publishEvents', [{ id, data: { eventIds, correlationId: 'c_test' } }]);
  }

  get<T>(type: abstract new (...args: never[]) => T): T {
    return this.app.get<T>(type, { strict: false });
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}
