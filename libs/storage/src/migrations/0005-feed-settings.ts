/** Settings of single feeds, what rules blocked, and which site a partner is known by. */
import { type Kysely, sql } from 'kysely';

const statements = [
  // A table of its own: feeds without settings, which are nearly all, are polled without a look at it.
  `CREATE TABLE feed_settings (
     feed_id uuid PRIMARY KEY REFERENCES feeds(id) ON DELETE CASCADE,
     settings jsonb NOT NULL DEFAULT '{}',
     secrets_sealed bytea,
     revision bigint NOT NULL DEFAULT 1,
     updated_at timestamptz NOT NULL DEFAULT now()
   )`,
  `ALTER TABLE feeds ADD COLUMN has_settings boolean NOT NULL DEFAULT false`,
  // What decided which partner a feed has, in words; null: an operator.
  `ALTER TABLE feeds ADD COLUMN partner_reason text`,
  `UPDATE feeds SET partner_reason = 'made from the host of its address'
     FROM partners WHERE partners.id = feeds.partner_id AND NOT partners.named_by_operator`,
  `ALTER TABLE partners ADD COLUMN home_key text`,
  `UPDATE partners SET home_key = lower(substring(site_url FROM '^https?://(?:www[.])?([^/?#]+)'))
    WHERE named_by_operator AND site_url IS NOT NULL`,
  `CREATE INDEX partners_home_key ON partners (home_key) WHERE home_key IS NOT NULL`,
  `ALTER TABLE fetches ADD COLUMN items_blocked integer NOT NULL DEFAULT 0`,
  `ALTER TABLE fetches ADD COLUMN blocked jsonb NOT NULL DEFAULT '[]'`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
