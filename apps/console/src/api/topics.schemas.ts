/** Topics and what categories mean, on the wire. */
import { z } from 'zod';
import type { MediaTopic } from '#domain/topic-index.js';
import { categoryKey } from '#domain/topic-mapping.js';
import type { TopicMappingRow } from '#storage/topic-mapping.repository.js';
import { dateTime } from './api-route.js';
import { pageFields, pageOf } from './lists.js';
import { fields } from './validation.js';

export const topicSchema = z
  .object({
    code: z.string().meta({ example: 'medtop:20001065' }),
    name: z.string().meta({ example: 'soccer' }),
    broader: z.string().nullable().meta({ description: 'Code of the next broader topic.', example: 'medtop:20000822' }),
  })
  .meta({ id: 'Topic', description: 'An IPTC Media Topic (IPTC, CC BY 4.0).' });
export const topicPageSchema = pageOf(topicSchema, 'TopicPage');
export const topicQuerySchema = fields({
  ...pageFields,
  q: z.string().trim().min(1).max(100).optional().meta({ description: 'Part of the name, or what newsrooms call it.' }),
});

const category = z
  .string()
  .trim()
  .min(1)
  .max(300)
  .refine((text) => categoryKey(text) !== '', { error: 'must have a letter or a digit' })
  .meta({
    description: 'As the partner writes it; letter case and punctuation do not count.',
    example: 'Footy & More',
  });

export const topicMappingSchema = z
  .object({
    id: z.uuid(),
    category: z.string(),
    partnerId: z.uuid().nullable().meta({ description: "null: any partner's." }),
    topic: topicSchema.nullable().meta({ description: 'null: the category names no topic.' }),
    createdAt: dateTime,
    updatedAt: dateTime,
  })
  .meta({ id: 'TopicMapping' });
export const topicMappingPageSchema = pageOf(topicMappingSchema, 'TopicMappingPage');

export const topicMappingPutSchema = fields({
  category,
  partnerId: z
    .uuid()
    .nullable()
    .default(null)
    .meta({ description: "Only where this partner writes it. null or left out: any partner's." }),
  topic: z.string().trim().min(1).max(200).nullable().meta({
    description: 'Code or name of the topic. null: none, even where Dateline would find one; it stays a keyword.',
    example: 'soccer',
  }),
}).meta({ id: 'TopicMappingPut', example: { category: 'Footy & More', topic: 'soccer' } });

export const topicMappingQuerySchema = fields({
  ...pageFields,
  partnerId: z
    .union([z.uuid(), z.literal('none')])
    .optional()
    .meta({ description: "Only this partner's; `none`: only the general ones." }),
  q: z.string().trim().min(1).max(100).optional().meta({ description: 'Part of the category.' }),
});

export const unmappedQuerySchema = fields({
  limit: pageFields.limit,
  partnerId: z.uuid().optional().meta({ description: "Only this partner's categories." }),
});
export const unmappedPageSchema = pageOf(
  z
    .object({
      category: z.string(),
      items: z.number().int().meta({ description: 'How many of the newest items have it.' }),
      partners: z.array(z.object({ id: z.uuid(), name: z.string(), items: z.number().int() })),
      suggestions: z.array(topicSchema),
    })
    .meta({ id: 'UnmappedCategory' }),
  'UnmappedCategoryPage',
);

export function topicView({ code, name, parent }: MediaTopic): z.infer<typeof topicSchema> {
  return { code, name, broader: parent ?? null };
}

export function topicMappingView(
  row: TopicMappingRow,
  topicOf: (code: string) => MediaTopic | undefined,
): z.infer<typeof topicMappingSchema> {
  const { topic_code: code } = row;
  return {
    id: row.id,
    category: row.category,
    partnerId: row.partner_id,
    // A code that the list of topics has no more is shown as it is.
    topic: code === null ? null : topicView(topicOf(code) ?? { code, name: code }),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
