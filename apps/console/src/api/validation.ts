/** How requests are checked: Zod schemas through Nest's pipe, unknown fields refused, every mistake named. */
import { type ArgumentMetadata, StandardSchemaValidationPipe } from '@nestjs/common';
import { z } from 'zod';
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

/** The pipe of the whole console: answers 400 with one entry a mistake. */
export function validationPipe(): StandardSchemaValidationPipe {
  return new BoundedPipe({
    exceptionFactory: (issues) => invalid((issues as readonly Issue[]).slice(0, 50).map(fieldError)),
  });
}

/** A body may hold its values thousands deep, where checking them runs out of stack: that is the asker's mistake, not the hub's. */
class BoundedPipe extends StandardSchemaValidationPipe {
  override async transform<T = unknown>(value: T, metadata: ArgumentMetadata): Promise<T> {
    try {
      return await super.transform(value, metadata);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw invalid([
        { path: '', message: 'the body has too many values inside each other: put fewer into one another' },
      ]);
    }
  }
}

function fieldError(issue: Issue): FieldError {
  const parts = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
  const path = [...parts, ...(issue.keys ?? []).slice(0, 1)].join('.');
  return { path, message: plainly(issue.message) };
}

/** Zod's own words for the commonest mistakes, said as an operator would. */
function plainly(message: string): string {
  const [, expected, received] = /^Invalid input: expected (\w+), received (\w+)$/.exec(message) ?? [];
  if (received === 'undefined') return 'is required';
  if (expected !== undefined && received !== undefined)
    return `must be ${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected === 'int' ? 'integer' : expected}, not ${received}`;
  const [, options] = /^Invalid option: expected one of (.+)$/.exec(message) ?? [];
  if (options !== undefined) return `must be one of ${options.replaceAll('"', '').replaceAll('|', ', ')}`;
  const [, key] = /^Unrecognized key: (.+)$/.exec(message) ?? [];
  return key === undefined ? message : `unknown ${key}`;
}
