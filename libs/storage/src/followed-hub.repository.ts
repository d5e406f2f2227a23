/** Which WebSub hub and topic a feed's document names, and whether an operator wants pushes from there. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';
import { uuidV7 } from './uuid.js';

/** Where a document says that its changes are pushed from. Absolute http(s) URLs. */
export interface NamedHub {
  hub: string;
  topic: string;
}

/** A feed's document may name another hub or topic so often; one with a new topic each time would flood its hub. */
const CHANGES_AT_MOST = sql`interval '1 hour'`;

/** Undoes the transaction: another fetch of the feed has the word. */
class Outdated extends Error {}

@Injectable()
export class FollowedHubRepository {
  constructor(private readonly database: Database) {}

  /**
   * Notes what the document of the fetch with this claim names (null: no hub). The subscription that was followed
   * until now is ended by its keeper, the new one asked for. Does nothing when a newer fetch has the feed, or when the
   * feed named another hub or topic for the first time less than an hour ago.
   */
  async follow(feedId: string, generation: number, named: NamedHub | null): Promise<void> {
    try {
      await this.database.transaction(async (trx) => {
        const young = await sql`
          SELECT FROM feed_subscriptions WHERE feed_id = ${feedId} AND created_at > now() - ${CHANGES_AT_MOST}
             AND (hub, topic) IS DISTINCT FROM (${named?.hub ?? null}::text, ${named?.topic ?? null}::text)`.execute(
          trx,
        );
        if (young.rows.length > 0) return;
        if (named !== null)
          await sql`
            INSERT INTO feed_subscriptions (id, feed_id, hub, topic)
              VALUES (${uuidV7()}, ${feedId}, ${named.hub}, ${named.topic})
            ON CONFLICT (feed_id, hub, topic) DO UPDATE SET next_action_at = now()`.execute(trx);
        await sql`
          UPDATE feed_subscriptions SET next_action_at = now()
           WHERE feed_id = ${feedId} AND state NOT IN ('leaving', 'ended')
             AND (hub, topic) IS DISTINCT FROM (${named?.hub ?? null}::text, ${named?.topic ?? null}::text)`.execute(
          trx,
        );
        const noted = await sql`
          UPDATE feeds SET push_hub = ${named?.hub ?? null}, push_topic = ${named?.topic ?? null}, push_until = NULL
           WHERE id = ${feedId} AND fetch_generation = ${generation}`.execute(trx);
        if (noted.numAffectedRows !== 1n) throw new Outdated();
      });
    } catch (error) {
      if (!(error instanceof Outdated)) throw error;
    }
  }

  /** An operator's word on pushes for a feed; wanting them tries at once what was put off. False: there is no such feed. */
  async want(feedId: string, wanted: boolean): Promise<boolean> {
    return this.database.transaction(async (trx) => {
      await sql`
        UPDATE feed_subscriptions SET next_action_at = now(), failures = 0, breaks = 0
         WHERE feed_id = ${feedId} AND (${wanted} OR state <> 'ended')`.execute(trx);
      const noted = await sql`
        UPDATE feeds SET push_wanted = ${wanted}, updated_at = now() WHERE id = ${feedId}`.execute(trx);
      return noted.numAffectedRows === 1n;
    });
  }
}
