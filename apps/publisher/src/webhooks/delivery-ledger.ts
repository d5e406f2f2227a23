/** Shares statements between the many deliveries under way in this process: leases, renewals and outcomes in batches. */
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type DataLoader from 'dataloader';
import { DeliveryAttemptRepository } from '#storage/delivery-attempt.repository.js';
import type { HeldDelivery, LeasedDelivery, LeaseRequest, SettledDelivery } from '#storage/held-deliveries.js';
import { BATCH_SIZE, sharedStatement } from './shared-statements.js';

/** After a worker's death its deliveries go to others this much later; a live one on a starved machine must not lose them. */
const LEASE_SECONDS = 6;
const RENEW_EVERY_MS = 1_500;
/** Writing an outcome outlasts a short outage of Postgres: after the last pause the delivery is sent again. */
const SETTLE_PAUSES_MS = [100, 200, 400, 800, 1_600, 3_200];

@Injectable()
export class DeliveryLedger implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly leases: DataLoader<LeaseRequest, LeasedDelivery | undefined>;
  private readonly outcomes: DataLoader<SettledDelivery, boolean>;
  /** By token; those of the last round are renewed, so that quick deliveries never cost a renewal. */
  private readonly held = new Map<string, { delivery: HeldDelivery; old: boolean }>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly attempts: DeliveryAttemptRepository) {
    this.leases = sharedStatement(async (requests) => {
      const leased = await attempts.lease([...requests], LEASE_SECONDS);
      const byToken = new Map(leased.map((delivery) => [delivery.token, delivery]));
      return requests.map(({ token }) => byToken.get(token));
    });
    this.outcomes = sharedStatement(async (settled) => {
      const written = await attempts.settle([...settled]);
      return settled.map(({ token }) => written.has(token));
    });
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.renew(), RENEW_EVERY_MS);
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** The delivery, ours until settled or let go; undefined when it is another's or has ended. */
  async lease(request: LeaseRequest): Promise<LeasedDelivery | undefined> {
    const delivery = await this.leases.load(request);
    if (delivery !== undefined) this.held.set(delivery.token, { delivery, old: false });
    return delivery;
  }

  /** Writes the outcome; false when the delivery was taken over meanwhile. Throws when Postgres stays away. */
  async settle(settled: SettledDelivery): Promise<boolean> {
    for (const pauseMs of SETTLE_PAUSES_MS) {
      try {
        return await this.outcomes.load(settled);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
    return this.outcomes.load(settled);
  }

  /** Its lease is not renewed any more, settled or not. */
  letGo({ token }: HeldDelivery): void {
    this.held.delete(token);
  }

  private async renew(): Promise<void> {
    const old = [...this.held.values()].filter((holding) => holding.old).map((holding) => holding.delivery);
    for (const holding of this.held.values()) holding.old = true;
    // A renewal that fails is harmless unless the next ones do too; then the delivery is sent twice, under one id.
    for (let start = 0; start < old.length; start += BATCH_SIZE)
      await this.attempts.renew(old.slice(start, start + BATCH_SIZE), LEASE_SECONDS).catch(() => undefined);
  }
}
