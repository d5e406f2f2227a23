/** Lists of the API: `{items, nextCursor}`, newest first, read page by page with an opaque cursor. */
import { z } from 'zod';
import { invalid, type ProblemException } from './problem.js';

export const MAX_LIMIT = 200;

/** The query fields every list takes. */
export const pageFields = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_LIMIT, { error: `at most ${MAX_LIMIT} at a time; go on with nextCursor` })
    .default(50)
    .meta({ description: 'Entries at a time, at most 200.', example: 50 }),
  cursor: z
    .string()
    .max(200)
    .optional()
    .meta({ description: 'nextCursor of the page before; leave out for the first page.' }),
};

/** The answer of a list. `name` is its name in the OpenAPI document. */
export function pageOf<Item extends z.ZodType>(item: Item, name: string) {
  return z
    .object({
      items: z.array(item),
      nextCursor: z.string().nullable().meta({ description: 'Ask for the next page with it; null on the last one.' }),
    })
    .meta({ id: name });
}

/** Which page of a list is asked for: entries after the one that `after` names, in the list's own order. */
export interface Page {
  limit: number;
  after?: string;
}

/** What a list's cursor holds: the last entry's id, slug, sequence number or host. */
const MARKS = {
  id: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  slug: /^[\p{L}\p{M}\p{N}-]{1,100}$/u,
  seq: /^\d{1,15}$/,
  /** As `seq`, of what PostgreSQL counts in an integer. */
  version: /^\d{1,9}$/,
  host: /^[^\s\p{Cc}\p{Cs}/?#@]{1,300}$/u,
};

/** The page a query asks for. Throws 400 for a cursor that is not of this list. */
export function pageAsked(
  query: { limit: number; cursor?: string | undefined },
  mark: keyof typeof MARKS = 'id',
): Page {
  if (query.cursor === undefined) return { limit: query.limit };
  const after = Buffer.from(query.cursor, 'base64url').toString('utf8');
  if (!MARKS[mark].test(after))
    throw invalid([
      { path: 'cursor', message: 'is not a cursor of this list: pass nextCursor unchanged, or leave it out' },
    ]);
  return { limit: query.limit, after };
}

/** 400 for a cursor whose entry is not there: what comes after it cannot be told. */
export function lostCursor(): ProblemException {
  return invalid([
    {
      path: 'cursor',
      message: 'names no entry of this list, or one that was removed since: begin with the first page, without it',
    },
  ]);
}

/** A page from `limit + 1` rows, each shown by `view`. */
export function page<Row extends { id: string }, View>(rows: Row[], limit: number, view: (row: Row) => View) {
  const items = rows.slice(0, limit);
  const nextCursor = rows.length > limit ? (items.at(-1)?.id ?? null) : null;
  return pageFrom({ items, nextCursor }, view);
}

/** A page from one of a repository whose `nextCursor` is the mark itself. */
export function pageFrom<Row, View>(
  { items, nextCursor }: { items: Row[]; nextCursor: string | null },
  view: (row: Row) => View,
): { items: View[]; nextCursor: string | null } {
  return {
    items: items.map(view),
    nextCursor: nextCursor === null ? null : Buffer.from(nextCursor, 'utf8').toString('base64url'),
  };
}
