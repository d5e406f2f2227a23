/** Imports of feed lists on the wire. */
import { z } from 'zod';
import type { ImportLineRow, ImportRow } from '#storage/import.repository.js';
import { dateTime, isoOrNull } from './api-route.js';
import { pageFields, pageOf } from './lists.js';
import { fields } from './validation.js';

const outcomeSchema = z.enum(['added', 'already-here', 'failed']);

export const importSchema = z
  .object({
    id: z.uuid(),
    status: z.enum(['running', 'done', 'failed', 'interrupted']).meta({
      description:
        'failed: the file is no list, or ends too early; interrupted: its process ended. Both may be repeated.',
    }),
    title: z.string().nullable().meta({ description: 'The title of the list.' }),
    error: z.string().nullable(),
    bytes: z.object({ read: z.number().int(), total: z.number().int() }),
    added: z.number().int(),
    alreadyHere: z.number().int(),
    failed: z.number().int(),
    startedAt: dateTime,
    finishedAt: dateTime.nullable(),
  })
  .meta({ id: 'Import', description: 'A list of feeds that is being or was imported. Kept for three weeks.' });
export const importPageSchema = pageOf(importSchema, 'ImportPage');

const importLineSchema = z
  .object({
    position: z.number().int().meta({ description: 'Counts the feeds of the list from 1.' }),
    line: z.number().int().meta({ description: 'Line of the file.' }),
    outcome: outcomeSchema,
    url: z.string().nullable(),
    title: z.string().nullable(),
    feedId: z.uuid().nullable(),
    reason: z.string().nullable().meta({ example: 'xmlUrl must begin with http:// or https://' }),
  })
  .meta({ id: 'ImportLine' });
export const importLinePageSchema = pageOf(importLineSchema, 'ImportLinePage');

export const importQuerySchema = fields(pageFields);
export const importLineQuerySchema = fields({ ...pageFields, outcome: outcomeSchema.optional() });

export function importView(row: ImportRow): z.infer<typeof importSchema> {
  return {
    id: row.id,
    status: row.status,
    title: row.title,
    error: row.error,
    bytes: { read: row.bytes_read, total: row.bytes_total },
    added: row.added,
    alreadyHere: row.already_here,
    failed: row.failed,
    startedAt: row.started_at.toISOString(),
    finishedAt: isoOrNull(row.finished_at),
  };
}

export function importLineView(row: ImportLineRow): z.infer<typeof importLineSchema> {
  const { position, line, outcome, url, title, reason } = row;
  return { position, line, outcome, url, title, feedId: row.feed_id, reason };
}
