/** What people read of a request that a schema refuses. */
import { z } from 'zod';
import { plainly } from './plain-mistakes.js';

const kinds = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('phrase') }),
  z.object({ kind: z.literal('regex') }),
]);

test.each<[z.ZodType, unknown, string]>([
  [z.string(), undefined, 'is required'],
  [z.string(), 5, 'must be a string, not number'],
  [z.int(), 'five', 'must be a number, not string'],
  [z.int(), 5.5, 'must be an integer, not number'],
  [z.literal('stop'), 'go', 'must be "stop"'],
  [z.enum(['held', 'dropped']), 'gone', 'must be one of held, dropped'],
  [kinds, { kind: 'word' }, 'must be one of phrase, regex'],
  [z.string().min(1), '', 'must not be empty'],
  [z.string().min(3), 'ab', 'must have at least 3 characters'],
  [z.string().max(1), 'ab', 'must have at most 1 character'],
  [z.array(z.string()).min(1), [], 'must have at least 1 item'],
  [z.array(z.string()).max(2), ['a', 'b', 'c'], 'must have at most 2 items'],
  [z.number().positive(), 0, 'must be more than 0'],
  [z.number().max(2_000_000_000), 3e9, 'must be at most 2000000000'],
  [z.number().multipleOf(5), 7, 'must be a multiple of 5'],
  [z.string().regex(/^a+$/), 'b', 'must match the pattern /^a+$/'],
  [z.uuid(), 'x', 'must be an id: a UUID, as the hub answers them'],
  [z.url(), 'x', 'must be a URL'],
  [z.email(), 'x', 'must be an email address'],
  [z.iso.datetime(), 'x', 'must be an ISO datetime'],
  [z.union([z.string(), z.number()]), true, 'has none of the forms that are taken here'],
  [z.record(z.enum(['a']), z.string()), { b: 'c' }, 'unknown "b"'],
  [z.strictObject({}), { a: 1, b: 2 }, 'unknown "a", "b"'],
  [z.string().refine(() => false, { error: 'must have a letter' }), 'x', 'must have a letter'],
])('%#', (schema, value, said) => {
  expect(schema.safeParse(value).error?.issues.map(({ message }) => plainly(message))).toContain(said);
});
