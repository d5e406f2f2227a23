/** Runs that process stored items again, on the wire. */
import { z } from 'zod';
import type { ReprocessingRunRow } from '#storage/reprocessing-admin.repository.js';
import { dateTime, isoOrNull } from './api-route.js';
import { pageFields, pageOf } from './lists.js';
import { moment } from './moments.js';
import { fields } from './validation.js';

const statusSchema = z.enum(['waiting', 'running', 'done', 'stopped']);

export const reprocessingSchema = z
  .object({
    id: z.uuid(),
    status: statusSchema,
    from: dateTime.nullable(),
    to: dateTime,
    dryRun: z.boolean(),
    requestedBy: z.string().meta({ description: 'The address that asked for it.' }),
    items: z.number().int().meta({ description: 'Processed again so far.' }),
    itemsTotal: z.number().int().nullable().meta({ description: 'Counted when the run begins; null before.' }),
    itemsChanged: z.number().int().meta({ description: 'That came out differently (in a dry run: would).' }),
    changes: z.record(z.string(), z.number().int()).meta({
      description: 'How many items changed in what: state, story, channels, status, lead, title, language, text, tags.',
      example: { tags: 41, story: 2 },
    }),
    errors: z.number().int().meta({ description: 'Items that could not be processed.' }),
    lastError: z.string().nullable(),
    createdAt: dateTime,
    startedAt: dateTime.nullable(),
    finishedAt: dateTime.nullable(),
  })
  .meta({ id: 'Reprocessing' });
export const reprocessingPageSchema = pageOf(reprocessingSchema, 'ReprocessingPage');

export const reprocessingDetailSchema = reprocessingSchema
  .extend({
    examples: z
      .array(
        z.object({
          itemId: z.uuid(),
          storyId: z.uuid().nullable(),
          title: z.string().nullable(),
          fields: z.array(z.object({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
        }),
      )
      .meta({
        description: 'Up to 100 items that changed or, in a dry run, would. Of tags: those taken and those given.',
      }),
  })
  .meta({ id: 'ReprocessingDetail' });

export const newReprocessingSchema = fields({
  from: moment.optional().meta({ description: 'Items received from this moment on; left out: from the first.' }),
  to: moment.optional().meta({ description: 'Items received before this moment; left out: now.' }),
  dryRun: z.boolean().default(false).meta({
    description: 'Only find out what would change. Nothing but the report is written.',
  }),
}).meta({ id: 'NewReprocessing', example: { from: '2026-08-01T00:00:00Z', dryRun: true } });

export const reprocessingQuerySchema = fields({ ...pageFields, status: statusSchema.optional() });

export const reprocessingConflictSchema = z
  .object({ id: z.uuid().meta({ description: 'The run that is under way.' }) })
  .meta({ id: 'ReprocessingAlreadyHere' });

export function reprocessingView(row: ReprocessingRunRow): z.infer<typeof reprocessingSchema> {
  return {
    id: row.id,
    status: row.status,
    from: isoOrNull(row.since),
    to: row.until.toISOString(),
    dryRun: row.dry_run,
    requestedBy: row.requested_by,
    items: row.items,
    itemsTotal: row.items_total,
    itemsChanged: row.items_changed,
    changes: row.changes,
    errors: row.errors,
    lastError: row.last_error,
    createdAt: row.created_at.toISOString(),
    startedAt: isoOrNull(row.started_at),
    finishedAt: isoOrNull(row.finished_at),
  };
}
