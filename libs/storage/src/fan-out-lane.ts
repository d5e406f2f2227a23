/**
 * Everything that decides which channel holds which story runs in one lane: each sees the stories and channels that the one before
 * left, so an older version of a story never overwrites a newer one and a channel made meanwhile misses nothing.
 */
import { sql, type Transaction } from 'kysely';
import type { Schema } from './schema.js';

/** Waits for the lane and holds it until the transaction ends. Must be the transaction's first statement. */
export async function enterFanOutLane(trx: Transaction<Schema>): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('dateline'), hashtext('fan-out'))`.execute(trx);
}
