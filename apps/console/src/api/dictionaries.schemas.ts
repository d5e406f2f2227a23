/** Dictionaries on the wire. */
import { z } from 'zod';
import type { DictionaryRow } from '#storage/dictionary.repository.js';
import { dateTime } from './api-route.js';
import { pageFields, pageOf } from './lists.js';
import { fields } from './validation.js';

const name = z.string().trim().min(1).max(100).meta({ example: 'Ferry lines' });
const matchCase = z.boolean().meta({ description: 'Only phrases in their own letter case count.' });

export const dictionarySchema = z
  .object({
    id: z.uuid(),
    name,
    matchCase,
    entries: z.number().int(),
    createdAt: dateTime,
    updatedAt: dateTime,
  })
  .meta({ id: 'Dictionary' });
export const dictionaryPageSchema = pageOf(dictionarySchema, 'DictionaryPage');
export const dictionaryQuerySchema = fields(pageFields);
export const newDictionarySchema = fields({ name, matchCase: matchCase.default(false) }).meta({
  id: 'NewDictionary',
  example: { name: 'Ferry lines' },
});
export const dictionaryConflictSchema = z
  .object({ id: z.uuid().meta({ description: 'The dictionary that has the name.' }) })
  .meta({ id: 'DictionaryAlreadyHere' });

export const dictionaryImportQuerySchema = fields({
  replace: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .default(false)
    .meta({ description: 'true: the lines take the place of all entries.' }),
});
export const dictionaryReportSchema = z
  .object({
    lines: z.number().int(),
    added: z.number().int(),
    alreadyHere: z.number().int(),
    failed: z.number().int(),
    failures: z
      .array(z.object({ line: z.number().int(), reason: z.string() }))
      .meta({ description: 'Each line that is no entry, with the reason: the first thousand.' }),
    entries: z.number().int().meta({ description: 'In the dictionary now.' }),
  })
  .meta({ id: 'DictionaryReport' });

export function dictionaryView(row: DictionaryRow): z.infer<typeof dictionarySchema> {
  return {
    id: row.id,
    name: row.name,
    matchCase: row.match_case,
    entries: row.entries,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
