/** A story's relations and its reach on the wire. */
import { z } from 'zod';
import { eventTypeSchema } from '#contracts/events.js';
import { dateTime } from './api-route.js';

const relatedSchema = z
  .object({
    clusterId: z.uuid().nullable().meta({ description: 'Null while the story was not compared with the others yet.' }),
    because: z
      .object({
        storyId: z.uuid().meta({ description: 'The story of the cluster that it was found most like.' }),
        likeness: z.number().meta({ description: '0 (nothing in common) to 1.' }),
        words: z.array(z.string()).meta({ description: 'The words that weighed most.' }),
      })
      .nullable(),
    stories: z.array(
      z.object({
        id: z.uuid(),
        url: z.string(),
        title: z.string(),
        sourceName: z.string(),
        language: z.string().nullable(),
        publishedAt: dateTime,
        likeness: z.number().nullable(),
        words: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: 'RelatedStories', description: 'Other texts on the same event; they are stories of their own.' });

/** What the detail of a story has beside what `stories.schemas.ts` names. */
export const explanationFields = {
  shownCopies: z
    .array(
      z.object({
        itemId: z.uuid(),
        partner: z.string(),
        leading: z.boolean(),
        shows: z.enum(['full', 'excerpt', 'nothing']),
        because: z.enum(['not-republished', 'embargo', 'expired']).nullable(),
        reason: z.string().nullable().meta({ description: 'In words, why nothing of it is shown.' }),
        until: dateTime.nullable().meta({ description: 'From then on it is shown otherwise: released, or expired.' }),
      }),
    )
    .meta({
      description:
        'What the rights of its partners let be shown of each copy now, the leading one first; 200 at most. Where all show nothing, no reader sees the story.',
    }),
  related: relatedSchema,
  channels: z.array(z.object({ slug: z.string(), title: z.string() })).meta({ description: 'That list the story.' }),
  endpoints: z
    .array(
      z.object({
        endpointId: z.uuid(),
        url: z.string(),
        deliveryId: z.uuid(),
        eventId: z.uuid(),
        eventType: eventTypeSchema,
        storyVersion: z.number().int().nullable(),
        status: z.enum(['pending', 'delivering', 'delivered', 'failed', 'cancelled']),
        reason: z.string().nullable().meta({ description: 'Why it is so, else what the last attempt met.' }),
        httpStatus: z.number().int().nullable().meta({ description: 'Of the last attempt.' }),
        attempts: z.number().int(),
        createdAt: dateTime,
        finishedAt: dateTime.nullable(),
      }),
    )
    .meta({ description: 'One entry an event and endpoint, those that are not delivered first; 200 at most.' }),
};
