/** What an endpoint may say of how it is served, whose it is, its keys over time, and the tokens of those who receive. */
import { type Kysely, sql } from 'kysely';

const statements = [
  `ALTER TABLE endpoints
     ADD COLUMN partner_id uuid REFERENCES partners(id) ON DELETE SET NULL,
     ADD COLUMN body_form text NOT NULL DEFAULT 'full' CHECK (body_form IN ('full', 'thin')),
     ADD COLUMN rate_limit_per_minute integer CHECK (rate_limit_per_minute > 0),
     ADD COLUMN ordered boolean NOT NULL DEFAULT false,
     ADD COLUMN signing text NOT NULL DEFAULT 'hmac' CHECK (signing IN ('hmac', 'ed25519')),
     ADD COLUMN public_key text,
     ADD COLUMN former_keys_sealed bytea,
     ADD COLUMN former_keys_until timestamptz,
     ADD COLUMN header_names text[] NOT NULL DEFAULT '{}',
     ADD COLUMN headers_sealed bytea,
     ADD COLUMN pinged_at timestamptz`,
  `CREATE INDEX endpoints_partner ON endpoints (partner_id) WHERE partner_id IS NOT NULL`,
  `CREATE INDEX endpoints_former_keys ON endpoints (former_keys_until) WHERE former_keys_until IS NOT NULL`,
  `CREATE TABLE key_rotations (
     id uuid PRIMARY KEY,
     endpoint_id uuid NOT NULL REFERENCES endpoints(id) ON DELETE CASCADE,
     signing text NOT NULL,
     former_until timestamptz NOT NULL,
     rotated_by text NOT NULL,
     rotated_at timestamptz NOT NULL DEFAULT now()
   )`,
  `CREATE INDEX key_rotations_endpoint ON key_rotations (endpoint_id, id DESC)`,
  // Of a token only its hash is kept: it is random, so nobody finds it by trying words.
  `CREATE TABLE access_tokens (
     id uuid PRIMARY KEY,
     partner_id uuid REFERENCES partners(id) ON DELETE CASCADE,
     endpoint_id uuid REFERENCES endpoints(id) ON DELETE CASCADE,
     name text NOT NULL DEFAULT '',
     token_hash bytea NOT NULL UNIQUE,
     created_at timestamptz NOT NULL DEFAULT now(),
     last_used_at timestamptz,
     revoked_at timestamptz,
     CHECK (num_nonnulls(partner_id, endpoint_id) = 1)
   )`,
  `CREATE INDEX access_tokens_partner ON access_tokens (partner_id, id DESC) WHERE partner_id IS NOT NULL`,
  `CREATE INDEX access_tokens_endpoint ON access_tokens (endpoint_id, id DESC) WHERE endpoint_id IS NOT NULL`,
  // Events about an endpoint: a ping, or that it was disabled.
  `ALTER TABLE events ADD COLUMN endpoint_id uuid`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
