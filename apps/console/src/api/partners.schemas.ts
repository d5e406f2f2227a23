/** Partners on the wire. */
import { z } from 'zod';
import type { PartnerAdminRow } from '#storage/partner-admin.repository.js';
import { dateTime } from './api-route.js';
import { pageFields, pageOf } from './lists.js';
import { webUrl } from './urls.js';
import { fields } from './validation.js';

const name = z.string().trim().min(1).max(200).meta({ example: 'Harbour Gazette' });
const siteUrl = webUrl('https://gazette.example/').nullable();
const contact = z.string().max(500).nullable().meta({ example: 'desk@gazette.example' });
const priority = z
  .number()
  .int()
  .min(-1_000)
  .max(1_000)
  .meta({ description: 'Who leads a story that several partners tell: the highest.', example: 0 });
const rights = fields({
  mayRepublish: z.boolean().optional().meta({
    description:
      'false: nothing of the partner is passed on. Its stories are in no output, unless a partner that allows it tells them too.',
  }),
  excerptOnly: z.boolean().optional().meta({ description: 'Publish a summary and a link, never the whole text.' }),
  licence: z
    .string()
    .trim()
    .min(1)
    .max(300)
    .optional()
    .meta({ description: 'An SPDX identifier, a URL, or words.', example: 'CC-BY-4.0' }),
  attribution: z
    .string()
    .trim()
    .max(500)
    .optional()
    .meta({ description: 'The line that every story of the partner carries.', example: '© Harbour Gazette' }),
  embargoMinutes: z
    .number()
    .int()
    .min(0)
    .max(30 * 1_440)
    .optional()
    .meta({
      description: 'Nothing is shown or announced earlier than this after publication; then it is.',
      example: 30,
    }),
  canonical: z.enum(['here', 'original']).optional().meta({
    description:
      'Which address search engines are to take for a story: its page here (as without it), or the original.',
  }),
  cutBoilerplate: z.boolean().optional().meta({
    description:
      'true: footers, "read more at" and subscription lines that come with many of the partner\'s items are cut from what is published. They never count when texts are compared.',
  }),
  expiryDays: z.number().int().min(1).max(36_500).optional().meta({
    description:
      'Nothing is shown longer than this after publication: the story is withdrawn, or led by a partner that allows it.',
    example: 90,
  }),
}).meta({
  id: 'PartnerRights',
  description:
    'What the partner allows. Fields left out allow everything. A change replaces them all, and holds for what is published already.',
  example: {
    excerptOnly: true,
    licence: 'CC-BY-4.0',
    attribution: '© Harbour Gazette',
    embargoMinutes: 30,
    expiryDays: 90,
  },
});

export const partnerSchema = z
  .object({
    id: z.uuid(),
    slug: z.string().meta({ example: 'harbour-gazette' }),
    name,
    siteUrl: z.string().nullable(),
    contact,
    priority: z.number().int(),
    rights,
    demo: z.boolean(),
    feeds: z.number().int().meta({ description: 'Feeds in use.' }),
    createdAt: dateTime,
    updatedAt: dateTime,
  })
  .meta({ id: 'Partner' });
export const partnerPageSchema = pageOf(partnerSchema, 'PartnerPage');
export const partnerQuerySchema = fields(pageFields);

export const newPartnerSchema = fields({
  name,
  slug: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: 'must be lower case letters, digits and single hyphens' })
    .max(100)
    .optional()
    .meta({ description: 'Part of public addresses, never changes. Made from the name when left out.' }),
  siteUrl: siteUrl.optional(),
  contact: contact.optional(),
  priority: priority.optional(),
  rights: rights.optional(),
  demo: z.boolean().default(false).meta({ description: 'Part of the demo, which the first real partner ends.' }),
}).meta({ id: 'NewPartner' });

export const partnerPatchSchema = fields({
  name: name.optional(),
  siteUrl: siteUrl.optional(),
  contact: contact.optional(),
  priority: priority.optional(),
  rights: rights.optional(),
}).meta({ id: 'PartnerPatch' });

export function partnerView(row: PartnerAdminRow): z.infer<typeof partnerSchema> {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    siteUrl: row.site_url,
    contact: row.contact,
    priority: row.priority,
    rights: row.rights,
    demo: row.is_demo,
    feeds: row.feeds,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
