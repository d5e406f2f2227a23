/** An undone merge of several stories parts each of them from all the others: a separation may have more than two sides. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE story_separations DROP CONSTRAINT story_separations_side_check,
    ADD CONSTRAINT story_separations_side_check CHECK (side >= 0)`.execute(db);
}
