/** What each webhook looks like, one schema a type and form: published as JSON Schema, held against examples and real bodies by tests. */
import { z } from 'zod';
import {
  BODY_SCHEMA_VERSION,
  endpointDisabledDataSchema,
  endpointRefSchema,
  EVENT_TYPES,
  type EventType,
  pingDataSchema,
  storyEventDataSchema,
} from './events.js';
import { storyBodySchema } from './story-body.js';

export const BODY_FORMS = ['full', 'thin'] as const;
/** `thin`: ids and addresses only, for those who fetch the rest themselves. */
export type BodyForm = (typeof BODY_FORMS)[number];

const { changed, reason, mergedInto } = storyEventDataSchema.shape;
const story = storyBodySchema;
const thinStory = storyBodySchema.pick({ id: true, version: true, url: true });

const DATA: Record<EventType, Record<BodyForm, z.ZodObject>> = {
  'story.published': { full: z.object({ story }), thin: z.object({ story: thinStory }) },
  'story.updated': { full: z.object({ story, changed }), thin: z.object({ story: thinStory }) },
  'story.merged': {
    full: z.object({ story, mergedInto: mergedInto.unwrap() }),
    thin: z.object({ story: thinStory, mergedInto: mergedInto.unwrap() }),
  },
  'story.withdrawn': { full: z.object({ story, reason }), thin: z.object({ story: thinStory }) },
  'endpoint.disabled': { full: endpointDisabledDataSchema, thin: z.object({ endpoint: endpointRefSchema }) },
  ping: { full: pingDataSchema, thin: pingDataSchema },
};

const TITLES: Record<EventType, string> = {
  'story.published': 'A story was published',
  'story.updated': 'A story changed in substance',
  'story.merged': 'A story became part of another one',
  'story.withdrawn': 'A story was taken back, or its rights ended',
  'endpoint.disabled': 'Another endpoint of the same partner was disabled',
  ping: 'Somebody asked for a webhook to see it arrive',
};

/** A schema by its name in the address: the type, with `.thin` for that form. */
export function webhookSchemaName(type: EventType, form: BodyForm): string {
  return form === 'full' ? type : `${type}.thin`;
}

/** The whole body of a webhook. */
export function webhookSchema(type: EventType, form: BodyForm): z.ZodObject {
  return z.object({
    type: z.literal(type),
    schemaVersion: z.literal(BODY_SCHEMA_VERSION),
    timestamp: z.iso.datetime(),
    data: DATA[type][form],
  });
}

/**
 * The same as JSON Schema (2020-12), whose `$id` is its address. Open: fields may be added, so a receiver that checks bodies
 * with it lets unknown ones be.
 */
export function webhookJsonSchema(type: EventType, form: BodyForm, $id: string): Record<string, unknown> {
  const schema = z.toJSONSchema(webhookSchema(type, form), {
    target: 'draft-2020-12',
    io: 'input',
    // Names in the API's document mean nothing here.
    override: ({ jsonSchema }) => void delete jsonSchema.id,
  });
  const { $schema, ...rest } = schema;
  return { $schema, $id, title: `${TITLES[type]}${form === 'thin' ? ' (thin)' : ''}`, ...rest };
}

/** Every schema there is. */
export const WEBHOOK_SCHEMAS = EVENT_TYPES.flatMap((type) => BODY_FORMS.map((form) => ({ type, form })));
