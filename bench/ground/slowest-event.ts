/** Where the time of the event went that came last to an endpoint: what to look at when a p99 is bad. */
import type { ThrowawayDatabase } from './throwaway-database.js';

export interface SlowestEvent {
  /** From the event's making to the last answer. */
  ms: number;
  /** When each step was over, in milliseconds since then. */
  steps: string;
}

/** Of the events made since `since`, by first attempts at other endpoints than `but`. */
export async function slowestEvent(
  database: ThrowawayDatabase,
  since: Date,
  but: readonly string[],
): Promise<SlowestEvent | undefined> {
  const ms = (moment: string): string => `round(extract(epoch FROM ${moment} - e.created_at) * 1000)::int`;
  const [event] = await database.query<Record<'relayed' | 'stored' | 'first' | 'last' | 'answered', number>>(
    `SELECT ${ms('e.relayed_at')} AS relayed, ${ms('min(d.created_at)')} AS stored, ${ms('min(a.started_at)')} AS first,
            ${ms('max(a.started_at)')} AS last, ${ms(`max(a.started_at + a.duration_ms * interval '1 ms')`)} AS answered
       FROM events e JOIN deliveries d ON d.event_id = e.id
       JOIN attempts a ON a.event_id = d.event_id AND a.endpoint_id = d.endpoint_id AND a.number = 1
      WHERE e.created_at >= $1 AND d.endpoint_id <> ALL($2::uuid[])
      GROUP BY e.id ORDER BY answered DESC LIMIT 1`,
    [since, but],
  );
  if (event === undefined) return undefined;
  const { relayed, stored, first, last, answered } = event;
  return {
    ms: answered,
    steps: `relayed at ${relayed}, deliveries stored at ${stored}, first sent at ${first}, last sent at ${last}`,
  };
}
