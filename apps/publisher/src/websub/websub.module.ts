/** The WebSub hub: subscribers of our own feeds, verified and pushed to. */
import { Module } from '@nestjs/common';
import { HubSubscriptionRepository } from '#storage/hub-subscription.repository.js';
import { FeedsModule } from '../feeds/feeds.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { IntentVerifier } from './intent-verifier.js';
import { ServeSubscriberWorker } from './serve-subscriber.worker.js';
import { SubscriberDispatcher } from './subscriber-dispatcher.js';
import { TopicContents } from './topic-content.js';
import { TopicDistributor } from './topic-distributor.js';
import { TopicPings } from './topic-pings.js';
import { WebSubMetrics } from './websub-metrics.js';
import { WebSubController } from './websub.controller.js';

@Module({
  imports: [FeedsModule, WebhooksModule],
  controllers: [WebSubController],
  providers: [
    HubSubscriptionRepository,
    TopicContents,
    TopicPings,
    SubscriberDispatcher,
    ServeSubscriberWorker,
    IntentVerifier,
    TopicDistributor,
    WebSubMetrics,
  ],
})
export class WebSubModule {}
