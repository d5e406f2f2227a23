/** The first schema: partners, feeds, fetches, documents, items, stories, tags, events, channels, endpoints, deliveries. */
import { type Kysely, sql } from 'kysely';

/**
 * Tables that grow with traffic are partitioned by week on a UUIDv7 key: the id carries its time, so the key stays the
 * id alone, look-ups prune to one partition, and retention drops whole partitions.
 */
const partitioning = [
  `CREATE FUNCTION uuid_v7_floor(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT AS $$
     SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
   $$`,
  `CREATE FUNCTION ensure_week_partitions(parent text, from_at timestamptz, until_at timestamptz) RETURNS void
   LANGUAGE plpgsql AS $$
   DECLARE week timestamptz := date_trunc('week', from_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
           child text;
   BEGIN
     WHILE week < until_at LOOP
       child := parent || '_' || to_char(week AT TIME ZONE 'UTC', 'YYYYMMDD');
       IF to_regclass(child) IS NULL THEN
         EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', child, parent,
           uuid_v7_floor(week), uuid_v7_floor(week + interval '7 days'));
       END IF;
       week := week + interval '7 days';
     END LOOP;
   END $$`,
];

const ingest = [
  `CREATE TABLE partners (
     id uuid PRIMARY KEY,
     slug text NOT NULL UNIQUE,
     name text NOT NULL,
     named_by_operator boolean NOT NULL DEFAULT false,
     site_url text,
     contact text,
     priority integer NOT NULL DEFAULT 0,
     rights jsonb NOT NULL DEFAULT '{}',
     is_demo boolean NOT NULL DEFAULT false,
     created_at timestamptz NOT NULL DEFAULT now(),
     updated_at timestamptz NOT NULL DEFAULT now()
   )`,
  `CREATE TABLE feeds (
     id uuid PRIMARY KEY,
     partner_id uuid NOT NULL REFERENCES partners(id),
     url text NOT NULL UNIQUE,
     status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused', 'retired')),
     status_reason text,
     title text,
     titled_by_operator boolean NOT NULL DEFAULT false,
     site_url text,
     format text,
     language text,
     interval_seconds integer,
     schedule_hints jsonb NOT NULL DEFAULT '{}',
     news_since timestamptz NOT NULL,
     etag text,
     last_modified text,
     body_hash bytea,
     next_fetch_at timestamptz NOT NULL DEFAULT now(),
     next_fetch_reason text NOT NULL DEFAULT 'just added',
     last_fetched_at timestamptz,
     last_success_at timestamptz,
     last_fetch_id uuid,
     consecutive_failures integer NOT NULL DEFAULT 0,
     last_error_class text,
     last_error text,
     fetch_generation bigint NOT NULL DEFAULT 0,
     enqueued_at timestamptz,
     lease_token uuid,
     lease_until timestamptz,
     created_at timestamptz NOT NULL DEFAULT now(),
     updated_at timestamptz NOT NULL DEFAULT now()
   ) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05)`,
  // Every poll updates its feed three times; without an index on what claim and lease write, two of them stay in the page.
  `CREATE INDEX feeds_due ON feeds (next_fetch_at) WHERE status = 'active'`,
  `CREATE INDEX feeds_partner ON feeds (partner_id)`,
  `CREATE TABLE fetches (
     id uuid NOT NULL PRIMARY KEY,
     feed_id uuid NOT NULL,
     kind text NOT NULL CHECK (kind IN ('poll', 'refresh', 'push')),
     correlation_id text NOT NULL,
     started_at timestamptz NOT NULL,
     duration_ms integer NOT NULL,
     outcome text NOT NULL CHECK (outcome IN ('changed', 'unchanged', 'failed')),
     http_status integer,
     error_class text,
     error text,
     bytes integer NOT NULL DEFAULT 0,
     document_id uuid,
     items_seen integer NOT NULL DEFAULT 0,
     items_new integer NOT NULL DEFAULT 0,
     items_changed integer NOT NULL DEFAULT 0,
     problems jsonb NOT NULL DEFAULT '[]',
     next_fetch_at timestamptz,
     next_fetch_reason text
   ) PARTITION BY RANGE (id)`,
  `CREATE INDEX fetches_feed ON fetches (feed_id, id DESC)`,
  `CREATE TABLE documents (
     id uuid NOT NULL PRIMARY KEY,
     feed_id uuid NOT NULL,
     content_type text,
     url text NOT NULL,
     body_hash bytea NOT NULL,
     body_gzip bytea NOT NULL,
     received_at timestamptz NOT NULL
   ) PARTITION BY RANGE (id)`,
  // The processor's unit of work: what a fetch left to process. The row goes when the work is done.
  `CREATE TABLE item_batches (
     fetch_id uuid PRIMARY KEY,
     correlation_id text NOT NULL,
     generation bigint NOT NULL DEFAULT 0,
     enqueued_at timestamptz NOT NULL DEFAULT now(),
     created_at timestamptz NOT NULL DEFAULT now(),
     last_error text
   )`,
  `CREATE INDEX item_batches_enqueued ON item_batches (enqueued_at)`,
  `CREATE TABLE items (
     id uuid PRIMARY KEY,
     feed_id uuid NOT NULL REFERENCES feeds(id),
     partner_id uuid NOT NULL REFERENCES partners(id),
     identity_key text NOT NULL,
     identity_rule text NOT NULL CHECK (identity_rule IN ('guid', 'url', 'content')),
     version integer NOT NULL DEFAULT 1,
     content_hash bytea NOT NULL,
     parsed jsonb NOT NULL,
     published_at timestamptz,
     quiet_reason text,
     received_at timestamptz NOT NULL DEFAULT now(),
     changed_at timestamptz NOT NULL DEFAULT now(),
     first_fetch_id uuid NOT NULL,
     fetch_id uuid NOT NULL,
     document_id uuid,
     correlation_id text NOT NULL,
     processed_version integer NOT NULL DEFAULT 0,
     processed_at timestamptz,
     state text NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'in-story', 'dropped', 'held', 'failed')),
     state_reason text,
     UNIQUE (feed_id, identity_key)
   )`,
  `CREATE INDEX items_unprocessed ON items (fetch_id) WHERE processed_version < version`,
  `CREATE INDEX items_feed_received ON items (feed_id, id DESC)`,
];

const stories = [
  `CREATE TABLE stories (
     id uuid PRIMARY KEY,
     slug text NOT NULL,
     version integer NOT NULL DEFAULT 1,
     status text NOT NULL DEFAULT 'published' CHECK (status IN ('published', 'withdrawn', 'merged')),
     merged_into uuid REFERENCES stories(id),
     leading_item_id uuid NOT NULL,
     title text NOT NULL,
     summary text NOT NULL,
     content text NOT NULL,
     body_text text NOT NULL,
     language text,
     authors jsonb NOT NULL DEFAULT '[]',
     image jsonb,
     media jsonb NOT NULL DEFAULT '[]',
     source_name text NOT NULL,
     source_url text,
     source_feed_url text,
     item_url text,
     rights text,
     published_at timestamptz NOT NULL,
     sort_at timestamptz NOT NULL,
     created_at timestamptz NOT NULL DEFAULT now(),
     updated_at timestamptz NOT NULL DEFAULT now(),
     is_demo boolean NOT NULL DEFAULT false,
     search tsvector NOT NULL
   )`,
  `CREATE INDEX stories_published ON stories (sort_at DESC, id DESC) WHERE status = 'published'`,
  `CREATE INDEX stories_search ON stories USING gin (search)`,
  `CREATE INDEX stories_title_trgm ON stories USING gin (title gin_trgm_ops)`,
  `CREATE TABLE story_items (
     item_id uuid PRIMARY KEY REFERENCES items(id),
     story_id uuid NOT NULL REFERENCES stories(id),
     partner_id uuid NOT NULL REFERENCES partners(id),
     rule text NOT NULL,
     evidence jsonb NOT NULL,
     joined_at timestamptz NOT NULL DEFAULT now()
   )`,
  `CREATE INDEX story_items_story ON story_items (story_id)`,
  // What identifies a story: every guid, canonical URL and text hash of its items. One key may lead to several stories.
  `CREATE TABLE identity_keys (
     kind text NOT NULL CHECK (kind IN ('guid', 'url', 'text')),
     key text NOT NULL,
     item_id uuid NOT NULL REFERENCES items(id),
     story_id uuid NOT NULL REFERENCES stories(id),
     created_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (kind, key, item_id)
   )`,
  `CREATE INDEX identity_keys_item ON identity_keys (item_id)`,
  `CREATE TABLE story_partners (
     story_id uuid NOT NULL REFERENCES stories(id),
     partner_id uuid NOT NULL REFERENCES partners(id),
     sort_at timestamptz NOT NULL,
     PRIMARY KEY (story_id, partner_id)
   )`,
  `CREATE INDEX story_partners_partner ON story_partners (partner_id, sort_at DESC, story_id DESC)`,
  `CREATE TABLE story_versions (
     story_id uuid NOT NULL REFERENCES stories(id),
     version integer NOT NULL,
     created_at timestamptz NOT NULL DEFAULT now(),
     item_id uuid NOT NULL,
     changed text[] NOT NULL,
     title text NOT NULL,
     content text NOT NULL,
     PRIMARY KEY (story_id, version)
   )`,
  `CREATE TABLE tags (
     id uuid PRIMARY KEY,
     scheme text NOT NULL CHECK (scheme IN ('topic', 'place', 'person', 'organisation', 'keyword')),
     slug text NOT NULL,
     name text NOT NULL,
     created_at timestamptz NOT NULL DEFAULT now(),
     UNIQUE (scheme, slug)
   )`,
  `CREATE TABLE story_tags (
     story_id uuid NOT NULL REFERENCES stories(id),
     tag_id uuid NOT NULL REFERENCES tags(id),
     source text NOT NULL,
     confidence real NOT NULL DEFAULT 1,
     sort_at timestamptz NOT NULL,
     PRIMARY KEY (story_id, tag_id)
   )`,
  `CREATE INDEX story_tags_tag ON story_tags (tag_id, sort_at DESC, story_id DESC)`,
];

const publishing = [
  `CREATE SEQUENCE event_seq`,
  // One event per (story, version, type), its body frozen. seq is given by the relay, in commit order.
  `CREATE TABLE events (
     id uuid PRIMARY KEY,
     type text NOT NULL,
     story_id uuid REFERENCES stories(id),
     story_version integer,
     body jsonb NOT NULL,
     quiet_reason text,
     correlation_id text NOT NULL,
     created_at timestamptz NOT NULL,
     seq bigint UNIQUE,
     relayed_at timestamptz,
     enqueued_at timestamptz,
     fan_out_generation bigint NOT NULL DEFAULT 0,
     fanned_out_at timestamptz
   )`,
  `CREATE UNIQUE INDEX events_story_version_type ON events (story_id, story_version, type)`,
  `CREATE INDEX events_unrelayed ON events (id) WHERE seq IS NULL`,
  `CREATE INDEX events_unpublished ON events (enqueued_at) WHERE seq IS NOT NULL AND fanned_out_at IS NULL`,
  `CREATE TABLE channels (
     id uuid PRIMARY KEY,
     slug text NOT NULL UNIQUE,
     title text NOT NULL,
     description text NOT NULL DEFAULT '',
     filter jsonb NOT NULL DEFAULT '{}',
     language text,
     version bigint NOT NULL DEFAULT 1,
     created_at timestamptz NOT NULL DEFAULT now(),
     updated_at timestamptz NOT NULL DEFAULT now()
   )`,
  // Which stories a channel holds. The channel 'all' is not kept here: it is every published story.
  `CREATE TABLE channel_stories (
     channel_id uuid NOT NULL REFERENCES channels(id) ON DELETE CASCADE,
     story_id uuid NOT NULL REFERENCES stories(id),
     sort_at timestamptz NOT NULL,
     PRIMARY KEY (channel_id, story_id)
   )`,
  `CREATE INDEX channel_stories_sort ON channel_stories (channel_id, sort_at DESC, story_id DESC)`,
  `CREATE INDEX channel_stories_story ON channel_stories (story_id)`,
  `CREATE TABLE endpoints (
     id uuid PRIMARY KEY,
     url text NOT NULL,
     description text NOT NULL DEFAULT '',
     secret_sealed bytea NOT NULL,
     event_types text[] NOT NULL,
     filter jsonb NOT NULL DEFAULT '{}',
     status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused', 'disabled')),
     status_reason text,
     since_seq bigint NOT NULL DEFAULT 0,
     max_in_flight integer NOT NULL DEFAULT 16,
     is_demo boolean NOT NULL DEFAULT false,
     first_failure_at timestamptz,
     last_success_at timestamptz,
     created_at timestamptz NOT NULL DEFAULT now(),
     updated_at timestamptz NOT NULL DEFAULT now()
   )`,
  // Keyed by (event, endpoint): the event's UUIDv7 carries the time that partitions the table.
  `CREATE TABLE deliveries (
     event_id uuid NOT NULL,
     endpoint_id uuid NOT NULL,
     id uuid NOT NULL,
     webhook_id text NOT NULL,
     event_seq bigint NOT NULL,
     correlation_id text NOT NULL,
     status text NOT NULL CHECK (status IN ('pending', 'delivering', 'delivered', 'failed', 'cancelled')),
     status_reason text,
     attempts integer NOT NULL DEFAULT 0,
     next_attempt_at timestamptz NOT NULL,
     generation bigint NOT NULL DEFAULT 0,
     enqueued_at timestamptz,
     lease_token uuid,
     lease_until timestamptz,
     created_at timestamptz NOT NULL,
     finished_at timestamptz,
     PRIMARY KEY (event_id, endpoint_id)
   ) PARTITION BY RANGE (event_id)`,
  `CREATE INDEX deliveries_id ON deliveries (id)`,
  `CREATE INDEX deliveries_due ON deliveries (endpoint_id, next_attempt_at) WHERE status = 'pending'`,
  `CREATE INDEX deliveries_delivering ON deliveries (endpoint_id, enqueued_at) WHERE status = 'delivering'`,
  `CREATE INDEX deliveries_endpoint ON deliveries (endpoint_id, id DESC)`,
  `CREATE TABLE attempts (
     id uuid NOT NULL PRIMARY KEY,
     event_id uuid NOT NULL,
     endpoint_id uuid NOT NULL,
     number integer NOT NULL,
     started_at timestamptz NOT NULL,
     duration_ms integer NOT NULL,
     http_status integer,
     error_class text,
     error text,
     response_excerpt bytea
   ) PARTITION BY RANGE (id)`,
  `CREATE INDEX attempts_delivery ON attempts (event_id, endpoint_id, number)`,
  `CREATE TABLE settings (
     key text PRIMARY KEY,
     value jsonb NOT NULL,
     updated_at timestamptz NOT NULL DEFAULT now()
   )`,
];

/** Tables partitioned by week; `DEFAULT` partitions take what falls outside (a clock set back), so that no write fails. */
const PARTITIONED = ['fetches', 'documents', 'deliveries', 'attempts'];

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE EXTENSION IF NOT EXISTS pg_trgm`.execute(db);
  await sql`CREATE EXTENSION IF NOT EXISTS unaccent`.execute(db);
  for (const statement of [...partitioning, ...ingest, ...stories, ...publishing]) await sql.raw(statement).execute(db);
  for (const table of PARTITIONED) {
    await sql.raw(`CREATE TABLE ${table}_rest PARTITION OF ${table} DEFAULT`).execute(db);
    await sql`SELECT ensure_week_partitions(${table}, now() - interval '5 weeks', now() + interval '4 weeks')`.execute(
      db,
    );
  }
}
