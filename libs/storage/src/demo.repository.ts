/** Whether the hub still shows its demo, and the one transaction that ends it for good. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';

const SETTING = 'demo';
const REASON = 'the demo has ended';

@Injectable()
export class DemoRepository {
  constructor(private readonly database: Database) {}

  /** `ended`: for good, whatever happens later. */
  async state(): Promise<{ ended: boolean; hasRealPartner: boolean }> {
    const { rows } = await sql<{ ended: boolean; has_real_partner: boolean }>`
      SELECT EXISTS (SELECT 1 FROM settings WHERE key = ${SETTING} AND value->>'state' = 'off') AS ended,
             EXISTS (SELECT 1 FROM partners WHERE NOT is_demo) AS has_real_partner`.execute(this.database.db);
    const row = rows[0];
    return { ended: row?.ended ?? false, hasRealPartner: row?.has_real_partner ?? false };
  }

  /**
   * Ends the demo: retires its feeds, disables its endpoints and drops what has not been processed yet. False when it had
   * ended before. Its stories are withdrawn by the story repository, again and again until none is left.
   */
  async end(): Promise<boolean> {
    return this.database.transaction(async (trx) => {
      const { rows } = await sql`
        INSERT INTO settings (key, value) VALUES (${SETTING}, '{"state":"off"}')
        ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now()
          WHERE settings.value->>'state' IS DISTINCT FROM 'off'
        RETURNING key`.execute(trx);
      if (rows.length === 0) return false;
      await sql`
        UPDATE feeds f SET status = 'retired', status_reason = ${REASON}, updated_at = now(),
            enqueued_at = NULL
          FROM partners p WHERE p.id = f.partner_id AND p.is_demo AND f.status <> 'retired'`.execute(trx);
      await sql`
        UPDATE items i SET processed_version = version, processed_at = now(), state = 'dropped', state_reason = ${REASON},
            refused_by = 'processing'
          FROM partners p WHERE p.id = i.partner_id AND p.is_demo AND i.processed_version < i.version`.execute(trx);
      await trx
        .updateTable('endpoints')
        .set({ status: 'disabled', status_reason: REASON, updated_at: sql`now()` })
        .where('is_demo', '=', true)
        .where('status', '!=', 'disabled')
        .execute();
      return true;
    });
  }
}
