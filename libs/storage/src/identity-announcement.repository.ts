/** Chunks tell each other what they are about, so that equal or similar items are never decided at the same time. */
import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import { Database } from './database.js';
import { hashBytes, hashesFrom } from './hash-bytes.js';
import type { Schema } from './schema.js';

/** A chunk's place, and those of earlier chunks under way that have a mark in common with it. */
export interface Announcement {
  ticket: number;
  waitFor: number[];
}

/** The protocol, and why it is safe: docs/adr/0011-chunks-take-turns.md. */
@Injectable()
export class IdentityAnnouncementRepository {
  constructor(private readonly database: Database) {}

  /** A transaction of its own, over when this returns. `marks`: hashes of everything by which items could be one story. */
  async announce(marks: ReadonlySet<number>): Promise<Announcement> {
    const { rows } = await this.database.prepared<{ ticket: number; marks: Buffer | null }>(
      sql`SELECT ticket, marks FROM announce_identities(${hashBytes(Int32Array.from(marks))})`,
    );
    const own = rows.find((row) => row.marks === null);
    if (own === undefined) throw new Error('announce_identities gave no ticket');
    const meets = rows.filter((row) => row.marks !== null && hashesFrom(row.marks).some((mark) => marks.has(mark)));
    return { ticket: own.ticket, waitFor: meets.map(({ ticket }) => ticket) };
  }

  /**
   * Waits until the chunks to wait for have committed, failed, or lost their place to this one. False when another chunk
   * took this one's place: announce again. The first thing that the transaction does.
   */
  async enter(trx: Transaction<Schema>, { ticket, waitFor }: Announcement): Promise<boolean> {
    const own = await sql`DELETE FROM identity_announcements WHERE ticket = ${ticket} RETURNING ticket`.execute(trx);
    if (own.rows.length === 0) return false;
    // Highest first, as its own was: whoever waits for a ticket holds greater ones only, so nobody waits in a circle.
    if (waitFor.length > 0)
      await sql`
        DELETE FROM identity_announcements WHERE ticket IN (
          SELECT ticket FROM identity_announcements WHERE ticket = ANY(${waitFor}::bigint[])
           ORDER BY ticket DESC FOR UPDATE)`.execute(trx);
    return true;
  }

  /** After a transaction that failed: nobody need wait for it. */
  async withdraw({ ticket }: Announcement): Promise<void> {
    await sql`DELETE FROM identity_announcements WHERE ticket = ${ticket}`.execute(this.database.db);
  }
}
