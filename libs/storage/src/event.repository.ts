/** The outbox: events are written with their stories, get their sequence number when they are relayed, in commit order. */
import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { EventType, StoryEventData } from '#contracts/events.js';
import { Database } from './database.js';
import type { Schema } from './schema.js';
import { prepared } from './prepared-statements.js';

export interface NewEvent {
  id: string;
  type: EventType;
  storyId: string;
  storyVersion: number;
  body: StoryEventData;
  quietReason: string | null;
  correlationId: string;
  createdAt: Date;
}

/** An event that the publisher is to be told of. */
export interface RelayedEvent {
  id: string;
  seq: number;
  generation: number;
  correlationId: string;
  createdAt: Date;
}

/** Whoever gives events their numbers holds it until it commits, in the whole installation: numbers must become visible in their order. */
export const RELAY_LOCK = 7_302;

@Injectable()
export class EventRepository {
  constructor(private readonly database: Database) {}

  async add(trx: Transaction<Schema>, events: readonly NewEvent[]): Promise<void> {
    if (events.length === 0) return;
    await sql`
      INSERT INTO events (id, type, story_id, story_version, body, quiet_reason, correlation_id, created_at)
        SELECT id, type, "storyId", "storyVersion", body, "quietReason", "correlationId", "createdAt"
          FROM json_to_recordset(${JSON.stringify(events)}::json) AS r(id uuid, type text, "storyId" uuid,
            "storyVersion" int, body jsonb, "quietReason" text, "correlationId" text, "createdAt" timestamptz)
      ON CONFLICT (story_id, story_version, type) DO NOTHING`.execute(trx);
  }

  /**
   * Gives up to `limit` events their sequence numbers and answers them in that order. A story's events keep the order of
   * their versions, even where the clocks of two processors differ.
   */
  async relay(limit: number): Promise<RelayedEvent[]> {
    return this.database.transaction(async (trx) => {
      await sql`SELECT pg_advisory_xact_lock(${RELAY_LOCK})`.execute(trx);
      const { rows } = await prepared(relayStatement(limit)).execute(trx);
      return rows.sort((a, b) => a.seq - b.seq);
    });
  }

  /**
   * Relayed events that nobody has fanned out for `patienceMs`: claimed anew, in order. Sorted by time first, since that
   * index holds only what is not fanned out; by sequence alone PostgreSQL reads through every event there ever was.
   */
  async claimStale(patienceMs: number, limit: number): Promise<RelayedEvent[]> {
    const { rows } = await sql<RelayedEvent>`
      UPDATE events e SET fan_out_generation = e.fan_out_generation + 1, enqueued_at = now()
        FROM (SELECT id FROM events
               WHERE seq IS NOT NULL AND fanned_out_at IS NULL
                 AND (enqueued_at IS NULL OR enqueued_at <= now() - ${patienceMs} * interval '1 millisecond')
               ORDER BY enqueued_at, seq LIMIT ${limit} FOR UPDATE SKIP LOCKED) AS stale
       WHERE e.id = stale.id
      RETURNING e.id, e.seq, e.fan_out_generation AS generation, e.correlation_id AS "correlationId",
        e.created_at AS "createdAt"`.execute(this.database.db);
    return rows.sort((a, b) => a.seq - b.seq);
  }
}

/**
 * In a full batch, an event whose story has earlier versions beyond the batch gives its place to the first of these, and
 * comes with a later one; so each batch brings something. In one that is not full nothing lies beyond, and nothing is looked up.
 * `coalesce`: only the index by story is wanted, not the one that holds all that waits.
 */
export function relayStatement(limit: number): RawBuilder<RelayedEvent> {
  return sql<RelayedEvent>`
    WITH due AS MATERIALIZED (
      SELECT id, story_id, story_version FROM events WHERE seq IS NULL ORDER BY id LIMIT ${sql.lit(limit)}),
    batch AS (
      SELECT DISTINCT coalesce(earlier.id, due.id) AS id, due.story_id,
             coalesce(earlier.story_version, due.story_version) AS story_version
        FROM due LEFT JOIN LATERAL (
          SELECT x.id, x.story_version FROM events x
           WHERE (SELECT count(*) = ${sql.lit(limit)} FROM due) AND x.story_id = due.story_id
             AND x.story_version < due.story_version AND coalesce(x.seq, 0) = 0
             AND x.id > (SELECT id FROM due ORDER BY id DESC LIMIT 1)
           ORDER BY x.story_version LIMIT 1) earlier ON true),
    placed AS (
      SELECT id, max(id::text) OVER (PARTITION BY coalesce(story_id, id) ORDER BY story_version) AS place, story_version
        FROM batch),
    numbered AS (
      SELECT id, nextval('event_seq') AS seq
        FROM (SELECT id FROM placed ORDER BY place, story_version OFFSET 0) AS in_order)
    UPDATE events e SET seq = n.seq, relayed_at = now(), enqueued_at = now(), fan_out_generation = 1
      FROM numbered n WHERE e.id = n.id
    RETURNING e.id, e.seq, e.fan_out_generation AS generation, e.correlation_id AS "correlationId",
      e.created_at AS "createdAt"`;
}
