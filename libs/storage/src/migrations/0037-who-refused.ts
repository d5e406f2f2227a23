/** Items say who refused their newest version: what a feed's rules or an operator dropped is not for a second processing to take up again. */
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `ALTER TABLE items ADD COLUMN refused_by text CHECK (refused_by IN ('feed-rules', 'operator', 'processing'))`,
  // Everything but the reasons of a feed's rules has been worded by the hub. Only what was refused is written.
  `UPDATE items SET refused_by = CASE
       WHEN state <> 'dropped' THEN 'processing'
       WHEN state_reason LIKE 'dropped by an operator%' THEN 'operator'
       WHEN state_reason LIKE 'dropped by rule "%'
         OR state_reason IN ('the demo is over', 'the demo has ended', 'its partner withdrew it') THEN 'processing'
       ELSE 'feed-rules' END
    WHERE state IN ('dropped', 'held', 'failed') AND processed_version >= version AND withdrawn_at IS NULL`,
  // A withdrawal covers what was said before it. A version that came later was never judged.
  `UPDATE items SET refused_by = 'processing' WHERE withdrawn_at IS NOT NULL AND changed_at > withdrawn_at`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
