/** Where the time of events went on their way to endpoints: what to look at when a percentile is bad. */
import { median } from './percentiles.js';
import type { ThrowawayDatabase } from './throwaway-database.js';

/** When each step of one event was over, in milliseconds since its making. `last` is the last sending, `answered` the last answer. */
export type EventSteps = Record<'relayed' | 'stored' | 'first' | 'last' | 'answered', number>;

/** Of the events made since `since`, by first attempts at other endpoints than `but`. */
export async function eventSteps(
  database: ThrowawayDatabase,
  since: Date,
  but: readonly string[],
): Promise<EventSteps[]> {
  const ms = (moment: string): string => `round(extract(epoch FROM ${moment} - e.created_at) * 1000)::int`;
  return database.query<EventSteps>(
    `SELECT ${ms('e.relayed_at')} AS relayed, ${ms('min(d.created_at)')} AS stored, ${ms('min(a.started_at)')} AS first,
            ${ms('max(a.started_at)')} AS last, ${ms(`max(a.started_at + a.duration_ms * interval '1 ms')`)} AS answered
       FROM events e JOIN deliveries d ON d.event_id = e.id
       JOIN attempts a ON a.event_id = d.event_id AND a.endpoint_id = d.endpoint_id AND a.number = 1
      WHERE e.created_at >= $1 AND d.endpoint_id <> ALL($2::uuid[])
      GROUP BY e.id`,
    [since, but],
  );
}

/** The event that was answered last, and each step's median. */
export function stepsInWords(events: readonly EventSteps[]): string {
  const slowest = events.toSorted((a, b) => b.answered - a.answered)[0];
  if (slowest === undefined) return 'no event';
  const usual = (step: keyof EventSteps): number => median(events.map((event) => event[step]));
  const inWords = (of: (step: keyof EventSteps) => number): string =>
    `relayed at ${of('relayed')}, deliveries stored at ${of('stored')}, first sent at ${of('first')}, last sent at ${of('last')}`;
  return `usual event: ${inWords(usual)}; slowest event: ${inWords((step) => slowest[step])}`;
}
