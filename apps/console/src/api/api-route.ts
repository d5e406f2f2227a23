/** How a resource of the API is declared: its address, its place in the documentation, the shape of its answers. */
import { applyDecorators, Controller, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';

/** Problem details, as every error is answered. */
export const problemSchema = z
  .object({
    type: z.string().meta({ example: 'urn:dateline:problem:invalid-request' }),
    title: z.string().meta({ example: 'Bad Request' }),
    status: z.number().int().meta({ example: 400 }),
    detail: z.string().meta({ example: 'url: must begin with http:// or https://' }),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details: what went wrong and what to do.' });

/** A controller at `/api/v1/PATH`. */
export function ApiResource(path: string): ClassDecorator {
  return applyDecorators(
    Controller(`api/v1/${path}`),
    ApiTags(path),
    ApiBearerAuth(),
    ApiResponse({
      status: 'default',
      description: 'What went wrong, and what to do.',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    }),
  );
}

/** The shape of an answer, for the documentation; null for one without a body. */
export function Answers(status: number, schema: z.ZodType | null, description: string): MethodDecorator {
  return ApiResponse({ status, description, ...(schema === null ? {} : { standardSchema: schema }) });
}

const idSchema = z.uuid({ error: 'an id is a UUID, as the lists show it' });

/** The `{id}` of the path, checked. */
export function Id(): ParameterDecorator {
  return Param('id', { schema: idSchema });
}

/** Documents the `{id}` of the path. */
export function ApiId(what: string): MethodDecorator {
  return ApiParam({ name: 'id', description: `Id of the ${what}.`, schema: { type: 'string', format: 'uuid' } });
}

/** ISO 8601 in UTC, or null. */
export const dateTime = z.iso.datetime().meta({ example: '2026-08-01T09:30:00.000Z' });

export function isoOrNull(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}
