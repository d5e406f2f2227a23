/** The webhooks room: from published events to signed POSTs and their outcomes. */
import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { OutboundHttp } from '#http-client/http-client.js';
import { DeliveryAttemptRepository } from '#storage/delivery-attempt.repository.js';
import { DeliveryDispatchRepository } from '#storage/delivery-dispatch.repository.js';
import { EndpointKeyRepository } from '#storage/endpoint-key.repository.js';
import { EndpointHealthRepository } from '#storage/endpoint-health.repository.js';
import { FanOutRepository } from '#storage/fan-out.repository.js';
import { ReplayStepRepository } from '#storage/replay-step.repository.js';
import { AttemptPool } from './attempt-pool.js';
import { DeliverWebhookWorker } from './deliver-webhook.worker.js';
import { DeliveriesDueController } from './deliveries-due.controller.js';
import { DeliveryAttempts } from './delivery-attempts.js';
import { DeliveryDispatcher } from './delivery-dispatcher.js';
import { DeliveryLedger } from './delivery-ledger.js';
import { EndpointHealth } from './endpoint-health.js';
import { EndpointKeys } from './endpoint-keys.js';
import { EventBodies } from './event-bodies.js';
import { EventsPublished } from './events-published.js';
import { FormerKeys } from './former-keys.js';
import { PublishEventsWorker } from './publish-events.worker.js';
import { ReplayRunner } from './replay-runner.js';
import { WebhookMetrics } from './webhook-metrics.js';
import { ATTEMPT_DEADLINE_MS, WebhookSender } from './webhook-sender.js';

/** Several endpoints may live on one host: one that hangs must not use up the connections of the others. */
const SOCKETS_PER_ORIGIN = 128;

@Module({
  controllers: [DeliveriesDueController],
  providers: [
    FanOutRepository,
    DeliveryDispatchRepository,
    DeliveryAttemptRepository,
    EndpointHealthRepository,
    PublishEventsWorker,
    DeliveryDispatcher,
    ReplayStepRepository,
    ReplayRunner,
    DeliverWebhookWorker,
    AttemptPool,
    DeliveryAttempts,
    DeliveryLedger,
    EventBodies,
    EventsPublished,
    EndpointHealth,
    EndpointKeys,
    EndpointKeyRepository,
    FormerKeys,
    WebhookSender,
    WebhookMetrics,
    { provide: ATTEMPT_DEADLINE_MS, useValue: 15_000 },
    {
      provide: OutboundHttp,
      inject: [CONFIG],
      useFactory: (config: Config) =>
        new OutboundHttp({
          allow: config.outboundAllow,
          userAgent: `Dateline (+${config.publicUrl})`,
          socketsPerOrigin: SOCKETS_PER_ORIGIN,
          // One broken connection leaves one delivery in doubt, not all that share a session (ADR 17).
          allowH2: false,
        }),
    },
  ],
  exports: [EventsPublished, OutboundHttp],
})
export class WebhooksModule {}
