/** How a statement commits without waiting for the disk: for claims and the like, which are made anew where a crash takes them back. */
import { sql } from 'kysely';

/**
 * A condition that always holds, for a statement that is a transaction of its own. A crash of PostgreSQL may take back what was committed
 * so in the last half second; a crash of anything else takes nothing, and nothing that is committed afterwards outlives it.
 */
export const COMMIT_UNAWAITED = sql<boolean>`(SELECT set_config('synchronous_commit', 'off', true)) IS NOT NULL`;
