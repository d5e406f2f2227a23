/** Gives feeds that were added alone the partner of their home page, so that two feeds of one site share one. */
import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import { Database } from './database.js';
import type { Schema } from './schema.js';

/** A feed that has shown its home page for the first time. `homeKey` as the domain's function of that name gives it. */
export interface FeedHome {
  feedId: string;
  homeKey: string;
}

/** `partnerId`: whom the feed belongs to now. `joined`: with other feeds, after which the partner is named already. */
export interface SettledPartner {
  partnerId: string;
  joined: boolean;
}

interface AskingFeed {
  id: string;
  partnerId: string;
  isDemo: boolean;
  /** It still has the partner that was made for it, which has no home yet. */
  isOpen: boolean;
  hasCompany: boolean;
}
interface Known {
  id: string;
  homeKey: string;
  isDemo: boolean;
}

@Injectable()
export class PartnerHomeRepository {
  constructor(private readonly database: Database) {}

  /**
   * Settles many feeds in one transaction, one at a time in the hub: two feeds of a site that come at once must find each
   * other. A feed whose partner an operator chose or named keeps it. Idempotent. Null when there is no such feed.
   */
  async settleBatch(homes: readonly FeedHome[]): Promise<(SettledPartner | null)[]> {
    return this.database.transaction(async (trx) => {
      await sql`SELECT pg_advisory_xact_lock(hashtextextended('dateline:partner-homes', 0))`.execute(trx);
      const asking = new Map((await askingFeeds(trx, homes)).map((feed) => [feed.id, feed]));
      const known = await partnersAt(trx, homes);
      const moves: { feedId: string; partnerId: string; left: string; reason: string }[] = [];
      const claims: Known[] = [];
      const settled = homes.map(({ feedId, homeKey }) => {
        const feed = asking.get(feedId);
        if (!feed) return null;
        if (!feed.isOpen) return { partnerId: feed.partnerId, joined: feed.hasCompany };
        const home = known.find((one) => one.homeKey === homeKey && one.isDemo === feed.isDemo);
        if (!home) {
          const claim = { id: feed.partnerId, homeKey, isDemo: feed.isDemo };
          known.push(claim);
          claims.push(claim);
        }
        const partnerId = home?.id ?? feed.partnerId;
        const joined = partnerId !== feed.partnerId;
        const reason = joined
          ? `shares the home page ${homeKey} with this partner`
          : `made from its home page, ${homeKey}`;
        moves.push({ feedId, partnerId, left: feed.partnerId, reason });
        return { partnerId, joined };
      });
      await write(trx, moves, claims);
      return settled;
    });
  }
}

async function askingFeeds(trx: Transaction<Schema>, homes: readonly FeedHome[]): Promise<AskingFeed[]> {
  const { rows } = await sql<AskingFeed>`
    SELECT f.id, f.partner_id AS "partnerId", p.is_demo AS "isDemo",
           f.partner_reason IS NOT NULL AND NOT p.named_by_operator AND p.home_key IS NULL AS "isOpen",
           EXISTS (SELECT FROM feeds o WHERE o.partner_id = f.partner_id AND o.id <> f.id) AS "hasCompany"
      FROM feeds f JOIN partners p ON p.id = f.partner_id
     WHERE f.id = ANY(${homes.map(({ feedId }) => feedId)}::uuid[])
     ORDER BY f.id FOR UPDATE OF f`.execute(trx);
  return rows;
}

/** The oldest first: operators may have made several for one site. */
async function partnersAt(trx: Transaction<Schema>, homes: readonly FeedHome[]): Promise<Known[]> {
  const { rows } = await sql<Known>`
    SELECT id, home_key AS "homeKey", is_demo AS "isDemo" FROM partners
     WHERE home_key = ANY(${homes.map(({ homeKey }) => homeKey)}::text[]) ORDER BY id`.execute(trx);
  return rows;
}

async function write(
  trx: Transaction<Schema>,
  moves: readonly { feedId: string; partnerId: string; left: string; reason: string }[],
  claims: readonly Known[],
): Promise<void> {
  if (claims.length > 0)
    await sql`UPDATE partners p SET home_key = c."homeKey", updated_at = now()
      FROM jsonb_to_recordset(${JSON.stringify(claims)}::jsonb) AS c(id uuid, "homeKey" text)
     WHERE p.id = c.id`.execute(trx);
  if (moves.length > 0)
    await sql`UPDATE feeds f SET partner_id = m."partnerId", partner_reason = m.reason
      FROM jsonb_to_recordset(${JSON.stringify(moves)}::jsonb) AS m("feedId" uuid, "partnerId" uuid, reason text)
     WHERE f.id = m."feedId"`.execute(trx);
  const left = moves.filter((move) => move.left !== move.partnerId).map((move) => move.left);
  if (left.length > 0)
    await sql`DELETE FROM partners p WHERE p.id = ANY(${left}::uuid[]) AND NOT p.named_by_operator
       AND NOT EXISTS (SELECT FROM feeds WHERE partner_id = p.id)
       AND NOT EXISTS (SELECT FROM items WHERE partner_id = p.id)`.execute(trx);
}
