/** Runs that read stored documents again, on the wire. */
import { z } from 'zod';
import type { ReparseRunRow } from '#storage/reparse-admin.repository.js';
import { dateTime, isoOrNull } from './api-route.js';
import { pageFields, pageOf } from './lists.js';
import { spanFields } from './moments.js';
import { fields } from './validation.js';

const statusSchema = z.enum(['waiting', 'running', 'done', 'stopped']);
const dryRun = z.boolean().default(false).meta({
  description: 'Only count, and show up to 100 items that would change. Nothing else is written.',
});

export const reparseSchema = z
  .object({
    id: z.uuid(),
    status: statusSchema,
    feedId: z.uuid().nullable(),
    partnerId: z.uuid().nullable(),
    since: dateTime.nullable(),
    until: dateTime.nullable(),
    dryRun: z.boolean(),
    requestedBy: z.string().meta({ description: 'The address that asked for it.' }),
    documents: z.number().int().meta({ description: 'Read so far.' }),
    documentsTotal: z.number().int().nullable().meta({ description: 'Counted when the run begins; null before.' }),
    itemsSeen: z.number().int(),
    itemsNew: z.number().int(),
    itemsChanged: z.number().int(),
    itemsBlocked: z.number().int(),
    errors: z.number().int().meta({ description: 'Documents that could not be read.' }),
    lastError: z.string().nullable(),
    createdAt: dateTime,
    startedAt: dateTime.nullable(),
    finishedAt: dateTime.nullable(),
  })
  .meta({ id: 'Reparse' });
export const reparsePageSchema = pageOf(reparseSchema, 'ReparsePage');

export const reparseDetailSchema = reparseSchema
  .extend({
    examples: z
      .array(
        z.object({
          feedId: z.uuid(),
          documentId: z.uuid(),
          change: z.enum(['new', 'changed']),
          identityKey: z.string(),
          title: z.string().nullable(),
          fields: z.array(z.object({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
        }),
      )
      .meta({
        description: 'Up to 100 items that changed or, in a dry run, would: each field, before and after, cut.',
      }),
  })
  .meta({ id: 'ReparseDetail' });

export const newReparseSchema = fields({
  feedId: z.uuid().optional().meta({ description: 'Only documents of this feed.' }),
  partnerId: z.uuid().optional().meta({ description: "Or only documents of this partner's feeds." }),
  ...spanFields,
  dryRun,
})
  .refine(({ feedId, partnerId }) => feedId === undefined || partnerId === undefined, {
    error: 'give feedId or partnerId, not both',
    path: ['partnerId'],
  })
  .meta({ id: 'NewReparse', example: { partnerId: '0198a6f5-2222-7000-8000-000000000000', dryRun: true } });

/** Without a body: all of them. */
export const newFeedReparseSchema = fields({ ...spanFields, dryRun })
  .prefault({})
  .meta({ id: 'NewFeedReparse', example: { dryRun: true } });

export const reparseQuerySchema = fields({ ...pageFields, status: statusSchema.optional() });

export const reparseConflictSchema = z
  .object({ id: z.uuid().meta({ description: 'The run that is under way.' }) })
  .meta({ id: 'ReparseAlreadyHere' });

export function reparseView(row: ReparseRunRow): z.infer<typeof reparseSchema> {
  return {
    id: row.id,
    status: row.status,
    feedId: row.feed_id,
    partnerId: row.partner_id,
    since: isoOrNull(row.since),
    until: isoOrNull(row.until),
    dryRun: row.dry_run,
    requestedBy: row.requested_by,
    documents: row.documents,
    documentsTotal: row.documents_total,
    itemsSeen: row.items_seen,
    itemsNew: row.items_new,
    itemsChanged: row.items_changed,
    itemsBlocked: row.items_blocked,
    errors: row.errors,
    lastError: row.last_error,
    createdAt: row.created_at.toISOString(),
    startedAt: isoOrNull(row.started_at),
    finishedAt: isoOrNull(row.finished_at),
  };
}
