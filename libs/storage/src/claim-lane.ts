/**
 * Due feeds are claimed by one process at a time: looking and taking can then be two statements without a lock on every
 * feed in between, which cost more than the taking.
 */
import { sql, type Transaction } from 'kysely';
import type { Schema } from './schema.js';

/** Whether the lane is this transaction's until it ends. It does not wait: whoever holds the lane takes what is due. */
export const CLAIM_LANE = sql`pg_try_advisory_xact_lock(hashtext('dateline'), hashtext('claim-feeds'))`;

/** Must be a statement of its own: the next one sees what the former holder of the lane committed. */
export async function enterClaimLane(trx: Transaction<Schema>): Promise<boolean> {
  const { rows } = await sql<{ entered: boolean }>`SELECT ${CLAIM_LANE} AS entered`.execute(trx);
  return rows[0]?.entered ?? false;
}
