/** Commits that need not wait for the disk: of what a crash of PostgreSQL may take back, nothing is lost but a moment. */
import { sql } from 'kysely';

/**
 * As a column of a statement that is a transaction of its own: its commit does not wait for the disk. For claims and leases of
 * deliveries alone: when a crash takes one back, its delivery is due as it was, and is sent again under the same `webhook-id`.
 */
export const UNHURRIED = sql<string>`set_config('synchronous_commit', 'off', true)`;
