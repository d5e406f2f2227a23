/**
 * The work queues and their payloads. Jobs carry ids, never bodies; each carries the correlation id that its fetch was
 * given, so that one id leads through the logs from the poll to the delivery.
 * A job id carries its unit's generation: BullMQ ignores an `add` whose id it still knows.
 */
import { z } from 'zod';

/** At most so many feeds in one fetch-feed job: with one job a feed, half of a poll's work went into the queue. */
export const MAX_FEEDS_PER_JOB = 100;

/** Published by the ingestor's scheduler; consumed by the ingestor. One poll of each of some feeds. */
export const fetchFeedJobSchema = z.object({
  feeds: z
    .array(
      z.object({
        feedId: z.uuid(),
        /** The feed's fetch_generation at scheduling time: an older claim does nothing. */
        generation: z.number().int(),
      }),
    )
    .min(1)
    .max(MAX_FEEDS_PER_JOB),
});

/** Published by the ingestor after a fetch's commit; consumed by the processor. Every unprocessed item of one fetch. */
export const processItemsJobSchema = z.object({ fetchId: z.uuid(), correlationId: z.string() });

/** Published by the processor's relay; consumed by the publisher. Events that have just been given their sequence numbers. */
export const publishEventsJobSchema = z.object({
  eventIds: z.array(z.uuid()).min(1).max(500),
  correlationId: z.string(),
});

/** At most so many deliveries in one deliver-webhook job. */
export const MAX_DELIVERIES_PER_JOB = 25;

/** Published by the publisher's dispatcher; consumed by the publisher. One attempt of each of some deliveries, named by their keys. */
export const deliverWebhookJobSchema = z.object({
  deliveries: z
    .array(
      z.object({
        eventId: z.uuid(),
        endpointId: z.uuid(),
        /** The delivery's generation at dispatch: an older claim does nothing. */
        generation: z.number().int(),
        correlationId: z.string(),
      }),
    )
    .min(1)
    .max(MAX_DELIVERIES_PER_JOB),
});

/** Published and consumed by the publisher: the next step of one subscriber of our WebSub hub, a verification or a distribution. */
export const serveSubscriberJobSchema = z.object({ subscriptionId: z.uuid(), generation: z.number().int() });

export const QUEUES = {
  fetchFeed: { name: 'fetch-feed', schema: fetchFeedJobSchema },
  processItems: { name: 'process-items', schema: processItemsJobSchema },
  publishEvents: { name: 'publish-events', schema: publishEventsJobSchema },
  deliverWebhook: { name: 'deliver-webhook', schema: deliverWebhookJobSchema },
  serveSubscriber: { name: 'serve-subscriber', schema: serveSubscriberJobSchema },
} as const;

export type FetchFeedJob = z.infer<typeof fetchFeedJobSchema>;
export type FeedToFetch = FetchFeedJob['feeds'][number];
export type ProcessItemsJob = z.infer<typeof processItemsJobSchema>;
export type PublishEventsJob = z.infer<typeof publishEventsJobSchema>;
export type DeliverWebhookJob = z.infer<typeof deliverWebhookJobSchema>;
export type DeliveryToSend = DeliverWebhookJob['deliveries'][number];
