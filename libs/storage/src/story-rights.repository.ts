/** Which stories' rights are to be looked at, and what a look leaves: the next moment, silenced events, a new place in the lists. */
import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import type { CopyDates, PartnerRights } from '#domain/story-rights.js';
import { Database } from './database.js';
import type { Schema } from './schema.js';
import { type SilencedVersions, silenceEvents } from './silenced-events.js';

/** A step of going through a partner's stories: `storyIds` the next ones; none of them: it is done. */
export interface ReviewStep {
  partnerId: string;
  /** As text: a JavaScript date would lose the microseconds by which a newer wish is told from this one. */
  askedAt: string;
  pass: number;
  storyIds: string[];
  placeAt: string | null;
  placeId: string | null;
}

/** What a look at a story's rights found. `versionSilenced`: events up to it carry what may not be passed on any more. */
export interface RightsOutcome extends SilencedVersions {
  dueAt: Date | null;
  sortAt: Date | null;
}

/** A copy of a story with what its partner allows. */
export interface CopyRights extends CopyDates {
  itemId: string;
  partnerSlug: string;
  partnerName: string;
  rights: PartnerRights;
  isLeading: boolean;
}

const MOST_COPIES = 200;
/** Longer than a chunk of items takes from reading its partners' rights to its commit. */
const SECOND_PASS_AFTER_SECONDS = 10;

@Injectable()
export class StoryRightsRepository {
  constructor(private readonly database: Database) {}

  /** Stories whose rights have changed what may be shown, those that wait longest first; `late` since when, in seconds. */
  async due(limit: number): Promise<{ id: string; late: number }[]> {
    const { rows } = await sql<{ id: string; late: number }>`
      SELECT id, extract(epoch FROM now() - rights_due_at)::float8 AS late FROM stories WHERE rights_due_at <= now()
       ORDER BY rights_due_at, id LIMIT ${limit}`.execute(this.database.db);
    return rows;
  }

  /** The next `limit` stories of the partner whose rights changed first; undefined when no partner's did. */
  async review(limit: number): Promise<ReviewStep | undefined> {
    const { rows } = await sql<ReviewStep>`
      SELECT r.partner_id AS "partnerId", r.asked_at::text AS "askedAt", r.pass, s.ids AS "storyIds", s.at AS "placeAt", s.id AS "placeId"
        FROM (SELECT * FROM rights_reviews WHERE not_before <= now() ORDER BY asked_at, partner_id LIMIT 1) r
        CROSS JOIN LATERAL (
          SELECT coalesce(array_agg(story_id::text), '{}') AS ids, min(sort_at)::text AS at,
                 (array_agg(story_id::text ORDER BY sort_at, story_id))[1] AS id
            FROM (SELECT m.story_id, m.sort_at FROM story_partners m
                   WHERE m.partner_id = r.partner_id AND (m.sort_at, m.story_id) < (r.place_at, r.place_id)
                     AND (r.pass = 1 OR EXISTS (SELECT FROM stories w WHERE w.id = m.story_id
                       AND greatest(w.created_at, w.updated_at) > r.asked_at - interval '1 minute'))
                   ORDER BY m.sort_at DESC, m.story_id DESC LIMIT ${limit}) next) s`.execute(this.database.db);
    return rows[0];
  }

  /** Goes on after this step, or ends. Nothing when the rights were changed again meanwhile: then it began anew. */
  async endStep({ partnerId, askedAt, pass, placeAt, placeId }: ReviewStep): Promise<void> {
    const mine = sql`partner_id = ${partnerId} AND asked_at = ${askedAt}::timestamptz`;
    const again = sql`
      UPDATE rights_reviews SET pass = 2, not_before = now() + ${SECOND_PASS_AFTER_SECONDS} * interval '1 second',
             place_at = DEFAULT, place_id = DEFAULT WHERE ${mine}`;
    const statement =
      placeAt === null
        ? pass === 1
          ? again
          : sql`DELETE FROM rights_reviews WHERE ${mine}`
        : sql`UPDATE rights_reviews SET place_at = ${placeAt}::timestamptz, place_id = ${placeId}::uuid WHERE ${mine}`;
    await statement.execute(this.database.db);
  }

  /** The caller holds the stories' locks, has written what changed, and does nothing after this. */
  async settle(trx: Transaction<Schema>, outcomes: readonly RightsOutcome[]): Promise<void> {
    const rows = sql`json_to_recordset(${JSON.stringify(outcomes)}::json) AS r("storyId" uuid, "dueAt" timestamptz,
      "sortAt" timestamptz, "versionSilenced" int, reason text)`;
    await sql`
      UPDATE stories s SET rights_due_at = r."dueAt", sort_at = coalesce(r."sortAt", s.sort_at)
        FROM ${rows} WHERE s.id = r."storyId"
         AND (s.rights_due_at IS DISTINCT FROM r."dueAt" OR r."sortAt" IS NOT NULL)`.execute(trx);
    // The lists of partners and tags repeat a story's place.
    if (outcomes.some(({ sortAt }) => sortAt !== null))
      for (const table of ['story_partners', 'story_tags'])
        await sql`UPDATE ${sql.table(table)} m SET sort_at = r."sortAt" FROM ${rows}
          WHERE m.story_id = r."storyId" AND r."sortAt" IS NOT NULL`.execute(trx);
    await silenceEvents(trx, outcomes);
  }

  /** A look that failed is tried again later; the others are not held up by it. */
  async postpone(storyId: string, seconds: number): Promise<void> {
    await sql`UPDATE stories SET rights_due_at = now() + ${seconds} * interval '1 second' WHERE id = ${storyId}`.execute(
      this.database.db,
    );
  }

  /** The copies of a story that count, the leading one first. */
  async copies(storyId: string): Promise<CopyRights[]> {
    const { rows } = await sql<CopyRights>`
      SELECT i.id AS "itemId", p.slug AS "partnerSlug", p.name AS "partnerName", p.rights, i.published_at AS "publishedAt",
             i.received_at AS "receivedAt", i.id = s.leading_item_id AS "isLeading"
        FROM story_items si JOIN stories s ON s.id = si.story_id JOIN items i ON i.id = si.item_id
        JOIN partners p ON p.id = si.partner_id
       WHERE si.story_id = ${storyId} AND i.withdrawn_at IS NULL
       ORDER BY i.id <> s.leading_item_id, si.joined_at, si.item_id LIMIT ${MOST_COPIES}`.execute(this.database.db);
    return rows;
  }
}

/** Whether a partner's stories are looked at again: its rights are others than before. In the caller's transaction. */
export async function askForReview(trx: Transaction<Schema>, partnerId: string): Promise<void> {
  await sql`
    INSERT INTO rights_reviews (partner_id) VALUES (${partnerId})
    ON CONFLICT (partner_id) DO UPDATE SET asked_at = clock_timestamp(), pass = DEFAULT,
      not_before = DEFAULT, place_at = DEFAULT, place_id = DEFAULT`.execute(trx);
}
