/** Works on serve-subscriber: verifies what a subscriber asked, or pushes what changed. */
import { Processor, WorkerHost } from '@nestjs/bullmq';
import type { Job } from 'bullmq';
import { QUEUES } from '#contracts/jobs.js';
import { parseJob, workerOptions } from '#messaging/worker-options.js';
import { HubSubscriptionRepository } from '#storage/hub-subscription.repository.js';
import { IntentVerifier } from './intent-verifier.js';
import { SubscriberDispatcher } from './subscriber-dispatcher.js';
import { TopicDistributor } from './topic-distributor.js';

/** Longer than any request may take: whoever holds a subscriber after this is dead. */
const HOLD_SECONDS = 30;

@Processor(QUEUES.serveSubscriber.name, workerOptions({ concurrency: 100 }))
export class ServeSubscriberWorker extends WorkerHost {
  constructor(
    private readonly subscriptions: HubSubscriptionRepository,
    private readonly verifier: IntentVerifier,
    private readonly distributor: TopicDistributor,
    private readonly dispatcher: SubscriberDispatcher,
  ) {
    super();
  }

  /** Run twice, it does nothing the second time: a claim is begun once. */
  async process(job: Job<unknown>): Promise<void> {
    const { subscriptionId, generation } = parseJob(QUEUES.serveSubscriber, job);
    const subscription = await this.subscriptions.begin({ id: subscriptionId, generation }, HOLD_SECONDS);
    if (subscription === undefined) return;
    if (subscription.asked_mode === null) await this.distributor.distribute(subscription);
    else await this.verifier.verify(subscription);
    this.dispatcher.placeFree();
  }
}
