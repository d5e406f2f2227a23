/** What dictionaries gave items before 0047 was kept nowhere where no rule held for them: it is not known, which is not the same as nothing. */
import { type Kysely, sql } from 'kysely';

/** An outcome whose `tags` are null, for each item that may have brought a tag of a dictionary, until it is judged anew. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    INSERT INTO rule_outcomes (item_id, version, rules)
      SELECT i.id, i.version, '[]' FROM items i
       WHERE i.id IN (SELECT si.item_id FROM story_tags st JOIN story_items si ON si.story_id = st.story_id
                       WHERE st.source LIKE 'dictionary "%')
    ON CONFLICT (item_id) DO NOTHING`.execute(db);
}
