/** Fetches on the wire. */
import { z } from 'zod';
import { parseProblemSchema } from '#contracts/parsed-feed.js';
import type { FetchRow } from '#storage/fetch-log.repository.js';
import { dateTime, isoOrNull } from './api-route.js';
import { fetchInWords, unchangedItems } from './fetch-in-words.js';
import { pageFields, pageOf } from './lists.js';
import { spanFields } from './moments.js';
import { fields } from './validation.js';

const outcomeSchema = z.enum(['changed', 'unchanged', 'failed']);
const kindSchema = z.enum(['poll', 'refresh', 'push', 'reparse']);

export const fetchSchema = z
  .object({
    id: z.uuid(),
    feedId: z.uuid(),
    kind: kindSchema.meta({ description: 'reparse: a stored document was read again, and items changed by it.' }),
    outcome: outcomeSchema,
    why: z.string().meta({ description: 'What came of it and why, in a sentence.', example: 'not modified (304)' }),
    correlationId: z.string().meta({ description: 'Leads through the logs from this fetch to the deliveries.' }),
    startedAt: dateTime,
    durationMs: z.number().int(),
    httpStatus: z.number().int().nullable(),
    error: z.object({ class: z.string(), message: z.string() }).nullable(),
    bytes: z.number().int().meta({ description: 'Of decoded body.' }),
    documentId: z.uuid().nullable(),
    itemsSeen: z.number().int(),
    itemsNew: z.number().int(),
    itemsChanged: z.number().int(),
    itemsUnchanged: z.number().int(),
    itemsBlocked: z.number().int().meta({ description: "Items of the document that the feed's rules refused." }),
    blocked: z
      .array(z.object({ reason: z.string(), items: z.number().int() }))
      .meta({ example: [{ reason: 'blocked by rule 1: title contains "horoscope"', items: 2 }] }),
    problems: z.array(parseProblemSchema),
    nextFetchAt: dateTime.nullable(),
    nextFetchReason: z.string().nullable(),
  })
  .meta({ id: 'Fetch' });
export const fetchPageSchema = pageOf(fetchSchema, 'FetchPage');

export const acceptedSchema = z.object({ feedId: z.uuid(), detail: z.string() }).meta({ id: 'RefreshAccepted' });

const filterFields = {
  outcome: outcomeSchema.optional(),
  kind: kindSchema.optional(),
  errorClass: z
    .string()
    .max(60)
    .optional()
    .meta({ description: 'Only failures of this class; docs/operations.md lists them.', example: 'timeout' }),
  ...spanFields,
};
export const feedFetchQuerySchema = fields({ ...pageFields, ...filterFields });
export const fetchQuerySchema = fields({
  ...pageFields,
  feedId: z.uuid().optional(),
  partnerId: z.uuid().optional(),
  ...filterFields,
});

export function fetchView(row: FetchRow): z.infer<typeof fetchSchema> {
  return {
    id: row.id,
    feedId: row.feed_id,
    kind: row.kind,
    outcome: row.outcome,
    why: fetchInWords(row),
    correlationId: row.correlation_id,
    startedAt: row.started_at.toISOString(),
    durationMs: row.duration_ms,
    httpStatus: row.http_status,
    error: row.error_class === null ? null : { class: row.error_class, message: row.error ?? 'no details' },
    bytes: row.bytes,
    documentId: row.document_id,
    itemsSeen: row.items_seen,
    itemsNew: row.items_new,
    itemsChanged: row.items_changed,
    itemsUnchanged: unchangedItems(row),
    itemsBlocked: row.items_blocked,
    blocked: row.blocked,
    problems: row.problems,
    nextFetchAt: isoOrNull(row.next_fetch_at),
    nextFetchReason: row.next_fetch_reason,
  };
}
