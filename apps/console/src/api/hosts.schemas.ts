/** Hosts and their budgets on the wire. */
import { z } from 'zod';
import type { HostRow } from '#storage/host-budget.repository.js';
import { dateTime, isoOrNull } from './api-route.js';
import { pageFields, pageOf } from './lists.js';
import { fields } from './validation.js';

const requestsPerMinute = z.number().int().min(0).max(100_000);
const connections = z.number().int().min(1).max(1_000);

export const hostSchema = z
  .object({
    host: z.string().meta({
      description: 'As in the URLs of its feeds, with the port where it is not the usual one.',
      example: 'news.example',
    }),
    requestsPerMinute: requestsPerMinute
      .nullable()
      .meta({ description: 'Polls a minute of all its feeds; 0: no limit; null: HOST_REQUESTS_PER_MINUTE.' }),
    connections: connections
      .nullable()
      .meta({ description: 'Polls at once, where polls a minute are limited; null: HOST_CONNECTIONS.' }),
    feeds: z.number().int().meta({ description: 'Feeds that live there.' }),
    deferred: z.number().int().meta({ description: 'Feeds that were put off to a moment of their own in the budget.' }),
    closedUntil: dateTime.nullable().meta({ description: 'The host asked to be left alone until then (Retry-After).' }),
  })
  .meta({ id: 'Host' });
export const hostPageSchema = pageOf(hostSchema, 'HostPage');

export const hostQuerySchema = fields({
  ...pageFields,
  limited: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .meta({ description: 'true: only hosts with limits of their own.' }),
});

export const hostLimitsSchema = fields({
  requestsPerMinute: requestsPerMinute.meta({ description: '0: no limit.', example: 600 }),
  connections: connections.optional().meta({ description: 'Default: HOST_CONNECTIONS.', example: 16 }),
}).meta({ id: 'HostLimits' });

export function hostView(row: HostRow): z.infer<typeof hostSchema> {
  return {
    host: row.host,
    requestsPerMinute: row.requests_per_minute,
    connections: row.connections,
    feeds: row.feeds,
    deferred: row.deferred,
    closedUntil: isoOrNull(row.closed_until),
  };
}
