/** Tokens for those who receive: each opens one partner's endpoints, or one endpoint. Only hashes are kept. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import { Database } from './database.js';
import type { AccessTokensTable } from './schema.js';
import { uuidV7 } from './uuid.js';

export type AccessTokenRow = Omit<Selectable<AccessTokensTable>, 'token_hash'>;

/** What a token opens: exactly one of the two is set. */
export interface AccessScope {
  partnerId: string | null;
  endpointId: string | null;
}

/**
 * Of `endpoints`: those that a token opens. Of neither partner nor endpoint nothing is opened. The copy that a replay sends
 * to is the operator's: what answers at its address is nothing of the partner's.
 */
export function opens({ partnerId, endpointId }: AccessScope) {
  return sql<boolean>`(endpoints.replay_of IS NULL
    AND (endpoints.partner_id = ${partnerId} OR endpoints.id = ${endpointId}))`;
}

/** Tells a token from the admin's at a glance, and finds one in a text that should not hold it. */
export const ACCESS_TOKEN_PREFIX = 'dlp_';
const TOKEN_BYTES = 32;
/** What is of another shape was never given out: no need to look. */
const SHAPE = new RegExp(`^${ACCESS_TOKEN_PREFIX}[\\w-]{${Math.ceil((TOKEN_BYTES * 8) / 6)}}$`);
/** A partner needs one, and a second while it changes them. */
const MAX_LIVE_TOKENS = 20;
const USED_EVERY_SECONDS = 60;
const COLUMNS = ['id', 'partner_id', 'endpoint_id', 'name', 'created_at', 'last_used_at', 'revoked_at'] as const;

@Injectable()
export class AccessTokenRepository {
  constructor(private readonly database: Database) {}

  /**
   * A new token for `scope`, answered here and never again. 'nobody': there is no such partner or endpoint; 'too-many': it
   * has 20 that are not revoked.
   */
  async create(
    scope: AccessScope,
    name: string,
  ): Promise<{ row: AccessTokenRow; token: string } | 'nobody' | 'too-many'> {
    const token = ACCESS_TOKEN_PREFIX + randomBytes(TOKEN_BYTES).toString('base64url');
    return this.database.transaction(async (trx) => {
      const { rows: owners } = await (
        scope.partnerId === null
          ? sql`SELECT FROM endpoints WHERE id = ${scope.endpointId} FOR UPDATE`
          : sql`SELECT FROM partners WHERE id = ${scope.partnerId} FOR UPDATE`
      ).execute(trx);
      if (owners.length === 0) return 'nobody';
      const live = await this.of(scope, trx).where('revoked_at', 'is', null).limit(MAX_LIVE_TOKENS).execute();
      if (live.length === MAX_LIVE_TOKENS) return 'too-many';
      const row = await trx
        .insertInto('access_tokens')
        .values({
          id: uuidV7(),
          partner_id: scope.partnerId,
          endpoint_id: scope.endpointId,
          name,
          token_hash: hashOf(token),
        })
        .returning(COLUMNS)
        .executeTakeFirstOrThrow();
      return { row, token };
    });
  }

  /** Newest first, revoked ones among them; `limit + 1` rows when there are more. */
  async list(scope: AccessScope, { limit, after }: { limit: number; after?: string }): Promise<AccessTokenRow[]> {
    let query = this.of(scope).orderBy('id', 'desc');
    if (after !== undefined) query = query.where('id', '<', after);
    return query.limit(limit + 1).execute();
  }

  /** Ends a token at once and for good. False: `scope` has none with this id. */
  async revoke(scope: AccessScope, tokenId: string): Promise<boolean> {
    const { rows } = await sql`
      UPDATE access_tokens SET revoked_at = coalesce(revoked_at, now())
      WHERE id = ${tokenId} AND (partner_id = ${scope.partnerId} OR endpoint_id = ${scope.endpointId})
      RETURNING id`.execute(this.database.db);
    return rows.length > 0;
  }

  /** What a presented token opens; undefined for one that is unknown or revoked. Notes its use once a minute. */
  async find(token: string): Promise<AccessTokenRow | undefined> {
    if (!SHAPE.test(token)) return undefined;
    const hash = hashOf(token);
    const found = await this.database.db
      .selectFrom('access_tokens')
      .select([...COLUMNS, 'token_hash'])
      .where('token_hash', '=', hash)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    // The index compares hashes of random texts: its time tells nothing. Whether it is the one is decided in constant time.
    if (found === undefined || !timingSafeEqual(found.token_hash, hash)) return undefined;
    const { token_hash: _hash, ...row } = found;
    if ((row.last_used_at?.getTime() ?? 0) < Date.now() - USED_EVERY_SECONDS * 1_000)
      await sql`UPDATE access_tokens SET last_used_at = now() WHERE id = ${row.id}`.execute(this.database.db);
    return row;
  }

  /** Whether a token that was found before has not been revoked since. */
  async isLive(tokenId: string): Promise<boolean> {
    const { rows } = await this.database.prepared(sql<object>`
      SELECT FROM access_tokens WHERE id = ${tokenId} AND revoked_at IS NULL`);
    return rows.length > 0;
  }

  private of({ partnerId, endpointId }: AccessScope, db = this.database.db) {
    const query = db.selectFrom('access_tokens').select(COLUMNS);
    return partnerId === null ? query.where('endpoint_id', '=', endpointId) : query.where('partner_id', '=', partnerId);
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
