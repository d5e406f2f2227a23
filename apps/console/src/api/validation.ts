/** How requests are checked: Zod schemas through Nest's pipe, unknown fields refused, every mistake named. */
import { Readable } from 'node:stream';
import { type ArgumentMetadata, type PipeTransform, StandardSchemaValidationPipe } from '@nestjs/common';
import { z } from 'zod';
import { isStorableText } from '#storage/storable-text.js';
import { plainly } from './plain-mistakes.js';
import { type FieldError, invalid } from './problem.js';

/** What Zod's issues carry beyond the Standard Schema interface. */
interface Issue {
  message: string;
  path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined;
  code?: string;
  keys?: string[];
}

/** A request body or query with exactly these fields; anything else is refused by name. */
export function fields<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys')
        return `unknown ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}; known here: ${known}`;
      if (issue.code === 'invalid_type') return 'send a JSON object, with the header content-type: application/json';
      return undefined;
    },
  });
}

/** Deeper than any request of ours: schemas that contain themselves must not be led to the end of the stack. */
const MAX_DEPTH = 100;

/** The pipe of the whole console: answers 400 with one entry a mistake. */
export function validationPipe(): PipeTransform {
  const schemas = new StandardSchemaValidationPipe({
    exceptionFactory: (issues) => invalid((issues as readonly Issue[]).slice(0, 50).map(fieldError)),
  });
  return {
    transform(value: unknown, metadata: ArgumentMetadata) {
      const mistake = metadata.type === 'custom' ? undefined : unstorable(value);
      if (mistake !== undefined) throw invalid([mistake]);
      return schemas.transform(value, metadata);
    },
  };
}

/** The first text that the database could not hold, wherever it stands; step by step, since recursion is what deep input is for. */
function unstorable(input: unknown): FieldError | undefined {
  const left: { value: unknown; path: string; depth: number }[] = [{ value: input, path: '', depth: 0 }];
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    const { value, path, depth } = one;
    if (typeof value === 'string' && !isStorableText(value))
      return { path, message: 'must be text without the character U+0000 and without half of a surrogate pair' };
    if (!isPlain(value)) continue;
    if (depth === MAX_DEPTH)
      return { path: path.split('.', 3).join('.'), message: `has more than ${MAX_DEPTH} values inside each other` };
    for (const [key, inner] of Object.entries(value)) {
      if (!isStorableText(key)) return { path, message: 'has a name with U+0000 or half of a surrogate pair in it' };
      left.push({ value: inner, path: path === '' ? key : `${path}.${key}`, depth: depth + 1 });
    }
  }
  return undefined;
}

/** An upload is a stream, and is read by its own rules. */
function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Readable);
}

function fieldError(issue: Issue): FieldError {
  const parts = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
  const path = [...parts, ...(issue.keys ?? []).slice(0, 1)].join('.');
  return { path, message: plainly(issue.message) };
}
