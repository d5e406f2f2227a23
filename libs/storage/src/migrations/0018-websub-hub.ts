/** The hub's own subscribers: who wants which feed pushed, until when, and how far each is. */
import { type Kysely, sql } from 'kysely';

const statements = [
  `CREATE TABLE hub_subscriptions (
     id uuid PRIMARY KEY,
     topic text NOT NULL,
     callback text NOT NULL,
     callback_host text NOT NULL,
     active boolean NOT NULL DEFAULT false,
     secret_sealed bytea,
     lease_until timestamptz,
     asked_id uuid,
     asked_mode text CHECK (asked_mode IN ('subscribe', 'unsubscribe', 'denied')),
     asked_secret_sealed bytea,
     asked_lease_seconds integer,
     asked_at timestamptz,
     content_hash bytea,
     checked_seq bigint NOT NULL DEFAULT 0,
     failures integer NOT NULL DEFAULT 0,
     next_at timestamptz NOT NULL DEFAULT now(),
     generation bigint NOT NULL DEFAULT 0,
     taken_until timestamptz,
     begun boolean NOT NULL DEFAULT false,
     last_distribution_at timestamptz,
     last_status integer,
     last_error text,
     created_at timestamptz NOT NULL DEFAULT now(),
     UNIQUE (topic, callback)
   )`,
  `CREATE INDEX hub_subscriptions_host ON hub_subscriptions (callback_host)`,
  `CREATE INDEX hub_subscriptions_due ON hub_subscriptions (next_at)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
