/** The push room's parts, for the ingestor's module. */
import { FeedSubscriptionRepository } from '#storage/feed-subscription.repository.js';
import { FollowedHubRepository } from '#storage/followed-hub.repository.js';
import { PushClaimRepository } from '#storage/push-claim.repository.js';
import { CallbackDoor } from './callback-door.js';
import { HubClient } from './hub-client.js';
import { IntentVerifier } from './intent-verifier.js';
import { PushMetrics } from './push-metrics.js';
import { PushReceiver } from './push-receiver.js';
import { PushStore } from './push-store.js';
import { PushWatch } from './push-watch.js';
import { SubscriptionKeeper } from './subscription-keeper.js';

export const PUSH_PROVIDERS = [
  FeedSubscriptionRepository,
  FollowedHubRepository,
  PushClaimRepository,
  CallbackDoor,
  HubClient,
  IntentVerifier,
  PushMetrics,
  PushReceiver,
  PushStore,
  PushWatch,
  SubscriptionKeeper,
];
