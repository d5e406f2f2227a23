/** Moments that requests name: a date, or a date with a time, as ISO 8601. */
import { z } from 'zod';

const FORM = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** A date alone is its first moment in UTC. */
export const moment = z
  .string()
  .refine((text) => FORM.test(text) && !Number.isNaN(Date.parse(text)) && isDay(text.slice(0, 10)), {
    error: 'must be a date such as 2026-08-01, or a moment with its zone such as 2026-08-01T09:30:00Z',
  })
  .meta({ example: '2026-08-01T09:30:00Z' });

/** Date.parse takes 31 February for a day in March. */
function isDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** The query or body fields of a span of time: from `since` to before `until`. */
export const spanFields = {
  since: moment.optional().meta({ description: 'From this moment on.', example: '2026-08-01T00:00:00Z' }),
  until: moment.optional().meta({ description: 'Before this moment.', example: '2026-08-08T00:00:00Z' }),
};

/** The span that a request names, as dates. */
export function spanAsked({ since, until }: { since?: string | undefined; until?: string | undefined }): {
  since?: Date;
  until?: Date;
} {
  return {
    ...(since === undefined ? {} : { since: new Date(since) }),
    ...(until === undefined ? {} : { until: new Date(until) }),
  };
}
