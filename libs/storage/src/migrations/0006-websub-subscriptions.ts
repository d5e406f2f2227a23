/** WebSub subscriptions: what the hub asked partners' hubs for, and how far each of them came. */
import { type Kysely, sql } from 'kysely';

const statements = [
  `ALTER TABLE feeds
     ADD COLUMN IF NOT EXISTS push_until timestamptz,
     ADD COLUMN push_hub text,
     ADD COLUMN push_topic text,
     ADD COLUMN push_wanted boolean NOT NULL DEFAULT true`,
  `CREATE TABLE feed_subscriptions (
     id uuid PRIMARY KEY,
     feed_id uuid NOT NULL REFERENCES feeds(id) ON DELETE CASCADE,
     hub text NOT NULL,
     topic text NOT NULL,
     callback text,
     state text NOT NULL DEFAULT 'waiting'
       CHECK (state IN ('waiting', 'requested', 'active', 'broken', 'denied', 'unreachable', 'leaving', 'ended')),
     reason text,
     asked_mode text CHECK (asked_mode IN ('subscribe', 'unsubscribe')),
     asked_until timestamptz,
     lease_until timestamptz,
     active_since timestamptz,
     proven boolean NOT NULL DEFAULT false,
     failures integer NOT NULL DEFAULT 0,
     misses integer NOT NULL DEFAULT 0,
     breaks integer NOT NULL DEFAULT 0,
     last_push_at timestamptz,
     last_error text,
     last_error_at timestamptz,
     next_action_at timestamptz DEFAULT now(),
     generation bigint NOT NULL DEFAULT 0,
     created_at timestamptz NOT NULL DEFAULT now(),
     updated_at timestamptz NOT NULL DEFAULT now(),
     UNIQUE (feed_id, hub, topic)
   )`,
  `CREATE INDEX feed_subscriptions_due ON feed_subscriptions (next_action_at)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
