/** A number that moves with every change of rules or dictionaries, so that processors see in one small read whether theirs are the newest. */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Schema } from './schema.js';

const KEY = 'rules.version';

/** In the transaction of the change: its row's lock keeps two changes from becoming one number. */
export async function moveRulesVersion(trx: Transaction<Schema>): Promise<void> {
  await sql`
    INSERT INTO settings (key, value) VALUES (${KEY}, '1')
    ON CONFLICT (key) DO UPDATE SET value = to_jsonb((settings.value #>> '{}')::bigint + 1), updated_at = now()`.execute(
    trx,
  );
}

/** 0 while there never were any. */
export async function readRulesVersion(db: Kysely<Schema>): Promise<number> {
  const row = await db.selectFrom('settings').select('value').where('key', '=', KEY).executeTakeFirst();
  return Number(row?.value ?? 0);
}
