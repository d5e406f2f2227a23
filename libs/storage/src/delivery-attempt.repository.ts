/** The worker's side of deliveries: take the lease on one, keep it, write down what came of the attempt. All in batches. */
import { Injectable } from '@nestjs/common';
import type { EventType } from '#contracts/events.js';
import { Database } from './database.js';
import {
  type HeldDelivery,
  type LeasedDelivery,
  type LeaseRequest,
  leaseStatement,
  renewStatement,
  type SettledDelivery,
  settleStatement,
} from './held-deliveries.js';

export interface EventForSending {
  id: string;
  type: EventType;
  createdAt: Date;
  data: Record<string, unknown>;
}

@Injectable()
export class DeliveryAttemptRepository {
  constructor(private readonly database: Database) {}

  /** Leases those that are still to be sent by this job; the others are left out: another job has them, or they ended. */
  async lease(requests: LeaseRequest[], leaseSeconds: number): Promise<LeasedDelivery[]> {
    return (await this.database.prepared(leaseStatement(requests, leaseSeconds))).rows;
  }

  /** Extends leases of attempts that are still under way. */
  async renew(held: HeldDelivery[], leaseSeconds: number): Promise<void> {
    await this.database.prepared(renewStatement(held, leaseSeconds));
  }

  /**
   * Writes attempts and their outcomes, for those deliveries that the token still holds. What was to be tried again and may
   * not be passed on any more is cancelled. Answers the tokens that did: of
   * the others nothing is written, whoever took them over tells their story.
   */
  async settle(settled: SettledDelivery[]): Promise<Set<string>> {
    const { rows } = await this.database.prepared(settleStatement(settled));
    return new Set(rows.map(({ token }) => token));
  }

  async events(ids: readonly string[]): Promise<EventForSending[]> {
    return this.database.db
      .selectFrom('events')
      .select(['id', 'type', 'created_at as createdAt', 'body as data'])
      .where('id', 'in', ids)
      .execute();
  }
}
