/** Events: what happened to a story, as published to endpoints. Published by the processor's outbox, consumed by the publisher. */
import { z } from 'zod';
import { storyBodySchema } from './story-body.js';

export const EVENT_TYPES = [
  'story.published',
  'story.updated',
  'story.merged',
  'story.withdrawn',
  'endpoint.disabled',
  'ping',
] as const;
export const eventTypeSchema = z.enum(EVENT_TYPES);
export type EventType = z.infer<typeof eventTypeSchema>;

/**
 * Story events carry the story as it was at that version. `changed` names what a story.updated changed; `mergedInto` is the
 * story that a story.merged is part of from now on: its permalink redirects there. `reason` of a story.withdrawn: what its partners' rights
 * say against showing it; without one it was taken back.
 */
export const storyEventDataSchema = z.object({
  story: storyBodySchema,
  changed: z.array(z.string()).optional(),
  reason: z.enum(['not-republished', 'embargo', 'expired']).optional(),
  mergedInto: z.object({ id: z.uuid(), url: z.url() }).optional(),
});
export type StoryEventData = z.infer<typeof storyEventDataSchema>;

/** The version of all bodies' schemas, in `/schemas/vN/`. It changes when what was promised is taken back, not when fields are added. */
export const BODY_SCHEMA_VERSION = 1;

/** An endpoint, as events about it name it. */
export const endpointRefSchema = z.object({ id: z.uuid(), url: z.url() });

/** An endpoint gets nothing more until it is made active again; `reason` in words. */
export const endpointDisabledDataSchema = z.object({ endpoint: endpointRefSchema, reason: z.string() });

/** Asked for by somebody who wants to see a webhook arrive at `endpoint`. */
export const pingDataSchema = z.object({ endpoint: endpointRefSchema });

/**
 * The body of every webhook (Standard Webhooks, "payload structure"): the event's type, when it happened, its data, and which
 * schema it follows. The event's identity travels in the `webhook-id` header.
 */
export const webhookBodySchema = z.object({
  type: eventTypeSchema,
  schemaVersion: z.number().int(),
  timestamp: z.iso.datetime(),
  data: z.union([storyEventDataSchema, z.record(z.string(), z.unknown())]),
});
export type WebhookBody = z.infer<typeof webhookBodySchema>;
