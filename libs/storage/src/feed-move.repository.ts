/** Permanent redirects on probation: counted fetch by fetch, and taken over as the feed's address once they have proved lasting. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';

/** A fetch that was answered. `movedTo`: where permanent redirects led it; null when it was answered where it asked. */
export interface MoveSighting {
  feedId: string;
  fetchId: string;
  movedTo: string | null;
}

/** How long a redirect must last. */
export interface MoveProof {
  fetches: number;
  hours: number;
}

/** What a sighting led to. `blockedBy` is the feed that has the new address already. */
export type MoveVerdict =
  | { kind: 'none' }
  | { kind: 'waiting' }
  | { kind: 'moved'; from: string; to: string }
  | { kind: 'blocked'; by: string };

@Injectable()
export class FeedMoveRepository {
  constructor(private readonly database: Database) {}

  /** Notes a sighting, once for a fetch, as long as it is the feed's last one. Moves the feed when the proof is complete. */
  async note({ feedId, fetchId, movedTo }: MoveSighting, proof: MoveProof): Promise<MoveVerdict> {
    const { rows } = await sql<{ proven: boolean }>`
      UPDATE feeds SET
          moved_since = CASE WHEN ${movedTo}::text IS NULL THEN NULL WHEN moved_to = ${movedTo} THEN moved_since ELSE now() END,
          moved_fetches = CASE WHEN ${movedTo}::text IS NULL THEN 0 WHEN moved_to = ${movedTo} THEN moved_fetches + 1 ELSE 1 END,
          moved_note = CASE WHEN moved_to = ${movedTo} THEN moved_note END,
          moved_to = ${movedTo}
        WHERE id = ${feedId} AND last_fetch_id = ${fetchId}
        RETURNING moved_to IS NOT NULL AND moved_fetches >= ${proof.fetches}
          AND moved_since <= now() - make_interval(hours => ${proof.hours}) AS proven`.execute(this.database.db);
    if (movedTo === null) return { kind: 'none' };
    return rows[0]?.proven === true ? this.move(feedId, movedTo) : { kind: 'waiting' };
  }

  /** Never onto an address that another feed has: then the feed says so, and goes on following the redirect. */
  private async move(feedId: string, to: string): Promise<MoveVerdict> {
    const moved = await sql<{ former_url: string }>`
      UPDATE feeds SET url = ${to}, former_url = url, moved_to = NULL, moved_since = NULL, moved_fetches = 0,
          moved_note = NULL, updated_at = now()
        WHERE id = ${feedId} AND moved_to = ${to} AND NOT EXISTS (SELECT FROM feeds other WHERE other.url = ${to})
        RETURNING former_url`
      .execute(this.database.db)
      .catch((error: unknown) => {
        // Somebody added the address at this very moment.
        if ((error as { code?: string }).code === UNIQUE_VIOLATION) return { rows: [] };
        throw error;
      });
    const [row] = moved.rows;
    if (row) return { kind: 'moved', from: row.former_url, to };
    const blocked = await sql<{ id: string }>`
      UPDATE feeds SET moved_note = 'feed ' || other.id || ' has that address already: retire one of the two'
        FROM (SELECT id FROM feeds WHERE url = ${to} AND id <> ${feedId}) other
        WHERE feeds.id = ${feedId} AND feeds.moved_to = ${to} RETURNING other.id`.execute(this.database.db);
    const by = blocked.rows[0]?.id;
    return by === undefined ? { kind: 'waiting' } : { kind: 'blocked', by };
  }
}

const UNIQUE_VIOLATION = '23505';
