/** Subscriptions at partners' WebSub hubs: how far each came, whose turn it is, and every change under a lock. */
import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import { Database } from './database.js';
import type { FeedSubscriptionsTable, Schema } from './schema.js';

/**
 * `waiting` to be asked for · `requested`, and the hub has not asked back yet · `active` until the lease ends · `broken`:
 * active at the hub, but polls find what it should have pushed · `denied` by the hub · `unreachable`: the hub could not
 * call us · `leaving`: being ended · `ended`.
 */
export type SubscriptionState = FeedSubscriptionsTable['state']['__select__'];

/** What the state machine decides on and changes. */
export interface Subscription {
  state: SubscriptionState;
  /** A sentence for operators: why it is not active. */
  reason: string | null;
  /** What the hub may ask us to confirm until `askedUntil`, once. */
  askedMode: 'subscribe' | 'unsubscribe' | null;
  askedUntil: Date | null;
  leaseUntil: Date | null;
  activeSince: Date | null;
  /** The last thing heard of a new item was a push: polls may be rare. */
  proven: boolean;
  /** Requests in a row that failed. */
  failures: number;
  /** Polls in a row that found news which nobody pushed. */
  misses: number;
  /** Times in a row that it was found broken, without one push in between. */
  breaks: number;
  lastPushAt: Date | null;
  /** CALLBACK_URL as the hub was given it. */
  callback: string | null;
  /** When to look at it again; null: only when something happens. */
  nextActionAt: Date | null;
}

/** A subscription with what its feed wants of it. */
export interface SubscriptionOfFeed extends Subscription {
  id: string;
  feedId: string;
  hub: string;
  topic: string;
  generation: number;
  /** The feed is polled, wants pushes, and its last document named this hub and topic. */
  wanted: boolean;
  /** The feed's document names this hub and topic, whether it wants pushes now or not. */
  followed: boolean;
}

/** Answers what the subscription becomes, `'forget'` when its row may go, or null when nothing changes. Pure. */
export type Change = (now: SubscriptionOfFeed, at: Date) => Subscription | 'forget' | null;

const FOLLOWED = sql<boolean>`(s.hub = f.push_hub AND s.topic = f.push_topic)`;
const WANTED = sql<boolean>`(f.status = 'active' AND f.push_wanted AND coalesce(${FOLLOWED}, false))`;
const COLUMNS = sql`
  s.id, s.feed_id AS "feedId", s.hub, s.topic, s.generation, s.state, s.reason, s.asked_mode AS "askedMode",
  s.asked_until AS "askedUntil", s.lease_until AS "leaseUntil", s.active_since AS "activeSince", s.proven, s.failures,
  s.misses, s.breaks, s.last_push_at AS "lastPushAt", s.callback, s.next_action_at AS "nextActionAt",
  ${WANTED} AS wanted, coalesce(${FOLLOWED}, false) AS followed`;

/** One hub is asked for so many subscriptions a second; the rest is spread over the seconds that follow. */
const PER_HUB = 4;
/** A claim whose process died is taken again after this; longer than a request to a hub may take, redirects included. */
const PATIENCE = sql`interval '2 minutes'`;

@Injectable()
export class FeedSubscriptionRepository {
  constructor(private readonly database: Database) {}

  /** Claims up to `limit` subscriptions whose turn it is, the longest due first, fairly among hubs. */
  async claimDue(limit: number): Promise<{ id: string; generation: number }[]> {
    const claimed = await sql<{ id: string; generation: number; mine: boolean }>`
      WITH head AS (
        SELECT id, hub, next_action_at FROM feed_subscriptions WHERE next_action_at <= now()
         ORDER BY next_action_at LIMIT 500),
      placed AS (
        SELECT id, row_number() OVER (PARTITION BY hub ORDER BY next_action_at, id) AS place, next_action_at FROM head),
      mine AS (SELECT id FROM placed WHERE place <= ${PER_HUB} ORDER BY next_action_at LIMIT ${limit}),
      locked AS (
        SELECT s.id, p.place, mine.id IS NOT NULL AS mine
          FROM feed_subscriptions s JOIN placed p USING (id) LEFT JOIN mine USING (id)
         WHERE s.next_action_at <= now() AND (mine.id IS NOT NULL OR p.place > ${PER_HUB})
         ORDER BY s.id FOR UPDATE OF s SKIP LOCKED)
      UPDATE feed_subscriptions s SET
          generation = s.generation + CASE WHEN mine THEN 1 ELSE 0 END,
          next_action_at = now() + CASE WHEN mine THEN ${PATIENCE} ELSE place * interval '1 second' / ${PER_HUB} END
        FROM locked WHERE s.id = locked.id
      RETURNING s.id, s.generation, mine`.execute(this.database.db);
    return claimed.rows.filter((row) => row.mine);
  }

  /**
   * Changes a subscription under its lock, and its feed's `push_until` with it. `generation` (of a claim) lets only the
   * claim's holder do it. Answers the subscription as it was and became, or null when there is none (any more) to change.
   */
  async change(
    id: string,
    decide: Change,
    generation?: number,
  ): Promise<{ before: SubscriptionOfFeed; after: Subscription | 'forget' | null } | null> {
    return this.database.transaction(async (trx) => {
      const found = await sql<SubscriptionOfFeed & { at: Date }>`
        SELECT ${COLUMNS}, now() AS at FROM feed_subscriptions s JOIN feeds f ON f.id = s.feed_id
         WHERE s.id = ${id} FOR UPDATE OF s`.execute(trx);
      const row = found.rows[0];
      if (!row || (generation !== undefined && row.generation !== generation)) return null;
      const { at, ...before } = row;
      const after = decide(before, at);
      if (after === 'forget') await trx.deleteFrom('feed_subscriptions').where('id', '=', id).execute();
      else if (after !== null) await save(trx, before, after);
      return { before, after };
    });
  }

  /** The feed's followed subscription, when it has one. */
  async idOfFeed(feedId: string): Promise<string | undefined> {
    const found = await sql<{ id: string }>`
      SELECT s.id FROM feed_subscriptions s JOIN feeds f ON f.id = s.feed_id
       WHERE f.id = ${feedId} AND ${FOLLOWED}`.execute(this.database.db);
    return found.rows[0]?.id;
  }

  /**
   * Has every subscription looked at whose feed wants it and which is not there, or the other way round: feeds are paused,
   * resumed and retired by other rooms. Answers how many.
   */
  async reconcile(): Promise<number> {
    const moved = await sql`
      UPDATE feed_subscriptions s SET next_action_at = now()
        FROM feeds f WHERE f.id = s.feed_id AND (s.state IN ('leaving', 'ended')) = ${WANTED}
         AND (s.next_action_at IS NULL OR s.state NOT IN ('leaving', 'ended'))`.execute(this.database.db);
    return Number(moved.numAffectedRows ?? 0n);
  }

  /** Has every subscription that was made with another callback address looked at again. Answers how many. */
  async rebase(callback: string): Promise<number> {
    const moved = await sql`
      UPDATE feed_subscriptions SET next_action_at = now()
       WHERE coalesce(callback, '') <> ${callback} AND state NOT IN ('leaving', 'ended')`.execute(this.database.db);
    return Number(moved.numAffectedRows ?? 0n);
  }

  /** Remembers what went wrong with a push, at most once a minute: whoever sends it could send many. */
  async noteError(id: string, error: string): Promise<void> {
    await sql`
      UPDATE feed_subscriptions SET last_error = ${error}, last_error_at = now()
       WHERE id = ${id} AND (last_error_at IS NULL OR last_error_at < now() - interval '1 minute')`.execute(
      this.database.db,
    );
  }

  async countByState(): Promise<{ state: SubscriptionState; count: number }[]> {
    return this.database.db
      .selectFrom('feed_subscriptions')
      .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
      .groupBy('state')
      .execute();
  }
}

async function save(trx: Transaction<Schema>, before: SubscriptionOfFeed, after: Subscription): Promise<void> {
  const failed = after.failures > before.failures || after.state === 'broken' || after.state === 'denied';
  await trx
    .updateTable('feed_subscriptions')
    .set({
      state: after.state,
      reason: after.reason,
      asked_mode: after.askedMode,
      asked_until: after.askedUntil,
      lease_until: after.leaseUntil,
      active_since: after.activeSince,
      proven: after.proven,
      failures: after.failures,
      misses: after.misses,
      breaks: after.breaks,
      last_push_at: after.lastPushAt,
      callback: after.callback,
      next_action_at: after.nextActionAt,
      ...(failed ? { last_error: after.reason, last_error_at: sql<Date>`now()` } : {}),
      updated_at: sql`now()`,
    })
    .where('id', '=', before.id)
    .execute();
  const pushUntil = after.state === 'active' && after.proven ? after.leaseUntil : null;
  if (!before.followed) return;
  await sql`
    UPDATE feeds SET push_until = ${pushUntil}
     WHERE id = ${before.feedId} AND push_until IS DISTINCT FROM ${pushUntil}::timestamptz`.execute(trx);
}
