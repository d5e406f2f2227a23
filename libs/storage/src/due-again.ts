/** How a delivery is sent once more, by an operator's word or by a replay. */
import { type RawBuilder, sql } from 'kysely';

/**
 * What to set of a delivery `d` that nobody holds, so that it is due now; one that had ended starts its schedule anew. `own`: when
 * it is to be tried whatever becomes of its replay.
 */
export function dueAgain(reason: string, own: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`own_next_attempt_at = ${own}, status = 'pending', status_reason = ${reason}, next_attempt_at = now(), finished_at = NULL,
    attempts = CASE WHEN d.status = 'pending' THEN d.attempts ELSE 0 END,
    enqueued_at = NULL, lease_token = NULL, lease_until = NULL`;
}
