/** Subscriptions at our own WebSub hub: what is asked, whose turn it is, and outcomes that only the holder of a claim may write. */
import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import { Database } from './database.js';
import { prepared } from './prepared-statements.js';
import type { HubSubscriptionsTable } from './schema.js';
import { uuidV7 } from './uuid.js';

export type HubSubscription = Selectable<HubSubscriptionsTable>;
export interface ClaimedSubscription {
  id: string;
  generation: number;
}
/** `isShort`: others are due too and wait for a place. */
export interface SubscriptionClaims {
  claimed: ClaimedSubscription[];
  isShort: boolean;
}
/** `careful`: places for those that may keep a worker waiting: who is asked, has failed, or was slow last. */
export interface ClaimLimits {
  batch: number;
  perHost: number;
  careful: number;
  patienceSeconds: number;
}
export interface SubscriptionAsk {
  topic: string;
  callback: string;
  host: string;
  mode: 'subscribe' | 'unsubscribe';
  leaseSeconds: number;
  /** Seals the secret for the row that it will be in; null without one. */
  seal: ((id: string) => Buffer) | null;
}
/** What changes with an outcome; what is not named stays. */
export type SubscriptionChange = Partial<
  Pick<
    HubSubscription,
    | 'active'
    | 'secret_sealed'
    | 'lease_until'
    | 'content_hash'
    | 'checked_seq'
    | 'failures'
    | 'next_at'
    | 'last_distribution_at'
    | 'last_status'
    | 'last_error'
    | 'slow'
  >
>;

/** The newest event that has reached the channels: what a subscriber is checked against. A ping changes no feed. */
const NEWEST = sql<number>`coalesce((SELECT seq FROM events WHERE seq IS NOT NULL AND fanned_out_at IS NOT NULL AND endpoint_id IS NULL
  ORDER BY seq DESC LIMIT 1), 0)`;

/** Of a subscription `s`: it may keep a worker waiting. Whoever has many host names could take every place otherwise. */
const IS_CAREFUL = sql<boolean>`(s.asked_mode IS NOT NULL OR s.failures > 0 OR s.slow)`;

@Injectable()
export class HubSubscriptionRepository {
  constructor(private readonly database: Database) {}

  /** Notes what is asked; nothing of a present subscription changes. False: the host has as many as it may, or asks too often. */
  async ask(ask: SubscriptionAsk, limits: { perHost: number; waiting: number }): Promise<boolean> {
    return this.database.transaction(async (trx) => {
      await sql`SELECT pg_advisory_xact_lock(hashtext('websub'), hashtext(${ask.host}))`.execute(trx);
      const { rows } = await sql<{ all: number; waiting: number; id: string | null }>`
        SELECT count(*)::int AS all, (count(*) FILTER (WHERE asked_at > now() - interval '1 minute'))::int AS waiting,
          (SELECT id FROM hub_subscriptions WHERE topic = ${ask.topic} AND callback = ${ask.callback}) AS id
        FROM hub_subscriptions WHERE callback_host = ${ask.host}`.execute(trx);
      const [found] = rows;
      const known = found?.id ?? undefined;
      if (known === undefined && (found?.all ?? 0) >= limits.perHost) return false;
      if ((found?.waiting ?? 0) >= limits.waiting) return false;
      // Nothing to end, and nobody to be asked for it.
      if (known === undefined && ask.mode === 'unsubscribe') return true;
      const id = known ?? uuidV7();
      const asked = {
        asked_id: uuidV7(),
        asked_mode: ask.mode,
        asked_secret_sealed: ask.seal?.(id) ?? null,
        asked_lease_seconds: ask.leaseSeconds,
        asked_at: new Date(),
        failures: 0,
        next_at: new Date(),
      };
      await trx
        .insertInto('hub_subscriptions')
        .values({ id, topic: ask.topic, callback: ask.callback, callback_host: ask.host, ...asked })
        .onConflict((conflict) => conflict.columns(['topic', 'callback']).doUpdateSet(asked))
        .execute();
      return true;
    });
  }

  /** Claims whose turn it is, few for each host and few of the slow. Those held by a dead worker or a lost job are claimed anew. */
  async claimDue(limits: ClaimLimits): Promise<SubscriptionClaims> {
    return this.database.transaction(async (trx) => {
      const lane = await sql<{ free: boolean }>`
        SELECT pg_try_advisory_xact_lock(hashtext('dateline'), hashtext('websub')) AS free`.execute(trx);
      // Whoever has the lane leaves some, for all that we know.
      if (lane.rows[0]?.free !== true) return { claimed: [], isShort: true };
      const { rows } = await prepared(sql<SubscriptionClaims>`
        WITH newest AS MATERIALIZED (SELECT ${NEWEST} AS seq), flying AS MATERIALIZED (
          SELECT callback_host, count(*) AS number, count(*) FILTER (WHERE ${IS_CAREFUL}) AS careful
            FROM hub_subscriptions s WHERE taken_until > now() GROUP BY callback_host
        ), due AS (
          SELECT s.id, s.next_at, coalesce(f.number, 0) AS number, ${IS_CAREFUL} AS careful,
            row_number() OVER (PARTITION BY s.callback_host ORDER BY s.next_at) AS turn
          FROM hub_subscriptions s LEFT JOIN flying f USING (callback_host)
          WHERE s.next_at <= now() AND (s.taken_until IS NULL OR s.taken_until <= now())
            AND (s.asked_mode IS NOT NULL
              OR s.active AND s.lease_until > now() AND s.checked_seq < (SELECT seq FROM newest))
        ), ranked AS (
          SELECT id, turn, next_at, careful, row_number() OVER (PARTITION BY careful ORDER BY turn, next_at)
              + coalesce((SELECT sum(careful) FROM flying), 0) AS rank
            FROM due WHERE turn + number <= ${sql.lit(limits.perHost)}
        ), chosen AS (
          SELECT id FROM ranked WHERE NOT careful OR rank <= ${sql.lit(limits.careful)} ORDER BY turn, next_at LIMIT ${sql.lit(limits.batch)}
        ), claimed AS (
          UPDATE hub_subscriptions s SET generation = generation + 1, begun = false,
            taken_until = now() + make_interval(secs => ${sql.lit(limits.patienceSeconds)})
          FROM chosen WHERE s.id = chosen.id RETURNING s.id, s.generation
        )
        SELECT coalesce(json_agg(json_build_object('id', id, 'generation', generation)), '[]') AS claimed,
          count(*) < (SELECT count(*) FROM due) AS "isShort" FROM claimed`).execute(trx);
      return rows[0] ?? { claimed: [], isShort: false };
    });
  }

  /** Takes a claim in hand, once. `newestSeq` is what the subscriber will have been checked against. */
  async begin(
    { id, generation }: ClaimedSubscription,
    holdSeconds: number,
  ): Promise<(HubSubscription & { newestSeq: number }) | undefined> {
    const { rows } = await sql<HubSubscription & { newestSeq: number }>`
      UPDATE hub_subscriptions SET begun = true, taken_until = now() + make_interval(secs => ${holdSeconds})
      WHERE id = ${id} AND generation = ${generation} AND NOT begun
      RETURNING *, ${NEWEST} AS "newestSeq"`.execute(this.database.db);
    return rows[0];
  }

  /** Lets go and writes the outcome, while the claim stands. `askedId`: what was verified, gone unless asked anew meanwhile. */
  async settle(claim: HubSubscription, change: SubscriptionChange, askedId?: string | null): Promise<void> {
    let update = this.database.db
      .updateTable('hub_subscriptions')
      .set({ ...change, taken_until: null })
      .where('id', '=', claim.id)
      .where('generation', '=', claim.generation);
    if (askedId !== undefined) {
      const cleared = { asked_id: null, asked_mode: null, asked_secret_sealed: null, asked_lease_seconds: null };
      update = update.set(cleared).where('asked_id', '=', askedId);
    }
    const [{ numUpdatedRows }] = (await update.execute()) as [{ numUpdatedRows: bigint }];
    if (askedId !== undefined && numUpdatedRows === 0n) await this.settle(claim, {});
  }

  /** Ends it for good, unless something was asked that is not `askedId`. */
  async end(claim: HubSubscription, askedId: string | null): Promise<void> {
    const { rows } = await sql<object>`DELETE FROM hub_subscriptions WHERE id = ${claim.id}
      AND generation = ${claim.generation} AND asked_id IS NOT DISTINCT FROM ${askedId} RETURNING id`.execute(
      this.database.db,
    );
    if (rows.length === 0) await this.settle(claim, {});
  }

  /** Makes claims due that no worker has begun: Redis lost or refused their jobs. */
  async release(ids?: string[]): Promise<void> {
    let update = this.database.db
      .updateTable('hub_subscriptions')
      .set({ taken_until: null })
      .where('begun', '=', false);
    if (ids !== undefined) update = update.where('id', 'in', ids);
    await update.execute();
  }

  /** Takes away what has run out and waits for nothing. Answers how many. */
  async sweep(): Promise<number> {
    const { count } = await this.database.prepared(sql<object>`DELETE FROM hub_subscriptions
      WHERE asked_mode IS NULL AND (taken_until IS NULL OR taken_until < now()) AND (NOT active OR lease_until < now())`);
    return count;
  }

  /** A publisher's ping: the topic's content is looked at again. */
  async lookAgain(topics: string[]): Promise<void> {
    await sql`UPDATE hub_subscriptions SET checked_seq = -1 WHERE topic = ANY(${topics}::text[]) AND active
      AND checked_seq >= 0`.execute(this.database.db);
  }

  async list(page: { limit: number; after?: string | undefined }): Promise<HubSubscription[]> {
    let query = this.database.db
      .selectFrom('hub_subscriptions')
      .selectAll()
      .orderBy('id')
      .limit(page.limit + 1);
    if (page.after !== undefined) query = query.where('id', '>', page.after);
    return query.execute();
  }

  /** The operator ends it: the subscriber is told (`hub.mode=denied`), and the row goes. False: there is none. */
  async deny(id: string): Promise<boolean> {
    const { rows } = await sql<object>`UPDATE hub_subscriptions
      SET active = false, asked_mode = 'denied', asked_id = ${uuidV7()}, next_at = now(), failures = 0
      WHERE id = ${id} RETURNING id`.execute(this.database.db);
    return rows.length > 0;
  }

  async count(): Promise<number> {
    const { rows } = await sql<{ n: number }>`
      SELECT count(*)::int AS n FROM hub_subscriptions WHERE active`.execute(this.database.db);
    return rows[0]?.n ?? 0;
  }
}
