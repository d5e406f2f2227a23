/** An endpoint's keys over time: a new one now, the old ones signing along for a while, and the list of changes. */
import { Inject, Injectable } from '@nestjs/common';
import { type Selectable, sql, type Transaction } from 'kysely';
import { CONFIG, type Config } from '#config/config.js';
import { EndpointBoxes } from '#domain/endpoint-boxes.js';
import type { Signing } from '#domain/webhook-signature.js';
import { Database } from './database.js';
import { newKey } from './endpoint.repository.js';
import type { KeyRotationsTable, Schema } from './schema.js';
import { uuidV7 } from './uuid.js';

export type KeyRotationRow = Selectable<KeyRotationsTable>;

/** `secret` is null with ed25519, `publicKey` with hmac. */
export interface NewKey {
  rotation: KeyRotationRow;
  secret: string | null;
  publicKey: string | null;
}

/** How often a partner changes an endpoint's key: each change is a row that stays. */
export const ROTATE_EVERY_SECONDS = 5;
/** Each more costs every webhook a signature and some room in a header. */
const MAX_FORMER_KEYS = 4;

@Injectable()
export class EndpointKeyRepository {
  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Gives the endpoint a new key, its secret answered here and never again. The one before signs along for
   * `overlapSeconds`; 0 ends it and all before it at once. The copies that its replays send to elsewhere sign with the same
   * keys, from the same moment. `signing` absent: of the same kind. 'too-many': four former keys
   * still sign. 'too-soon': `isPaced`, and the last change was less than `ROTATE_EVERY_SECONDS` ago. Undefined when there is
   * no such endpoint. Throws LostEndpointSecret when keys that would sign along do not open: with 0 none of them need be.
   */
  async rotate(
    id: string,
    wish: { overlapSeconds: number; signing?: Signing | undefined; by: string; isPaced?: boolean },
  ): Promise<NewKey | 'too-many' | 'too-soon' | undefined> {
    const { overlapSeconds, signing, by, isPaced = false } = wish;
    const boxes = this.boxesOf(id);
    return this.database.transaction(async (trx) => {
      const before = await trx
        .selectFrom('endpoints')
        .select(['signing', 'secret_sealed', 'former_keys_sealed'])
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      if (before === undefined) return undefined;
      if (isPaced && (await isJustRotated(trx, id))) return 'too-soon';
      const now = Date.now();
      const until = now + overlapSeconds * 1_000;
      const former =
        overlapSeconds === 0
          ? []
          : [
              { key: boxes.openKey(before.secret_sealed), until },
              ...boxes.openFormerKeys(before.former_keys_sealed).filter((one) => one.until > now),
            ];
      if (former.length > MAX_FORMER_KEYS) return 'too-many';
      const kind = signing ?? before.signing;
      const { key, secret, publicKey } = newKey(kind);
      const { rows: copies } = await sql<{ id: string }>`
        SELECT id FROM endpoints WHERE replay_of = ${id} ORDER BY id FOR NO KEY UPDATE`.execute(trx);
      for (const place of [id, ...copies.map((copy) => copy.id)])
        await trx
          .updateTable('endpoints')
          .set({
            signing: kind,
            secret_sealed: this.boxesOf(place).sealKey(key),
            public_key: publicKey,
            former_keys_sealed: this.boxesOf(place).sealFormerKeys(former),
            former_keys_until: former.length === 0 ? null : new Date(Math.max(...former.map((one) => one.until))),
            updated_at: sql`now()`,
          })
          .where('id', '=', place)
          .execute();
      const rotation = await trx
        .insertInto('key_rotations')
        .values({ id: uuidV7(), endpoint_id: id, signing: kind, former_until: new Date(until), rotated_by: by })
        .returningAll()
        .executeTakeFirstOrThrow();
      return { rotation, secret, publicKey };
    });
  }

  /** Newest first; one row more than `limit` when there are more. */
  async rotations(id: string, { limit, after }: { limit: number; after?: string }): Promise<KeyRotationRow[]> {
    let query = this.database.db.selectFrom('key_rotations').selectAll().where('endpoint_id', '=', id);
    if (after !== undefined) query = query.where('id', '<', after);
    return query
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
  }

  /** Wipes former keys that sign no more. They are passed over from their last second on; this keeps them from lying about. */
  async forgetFormer(): Promise<void> {
    await this.database.db
      .updateTable('endpoints')
      .set({ former_keys_sealed: null, former_keys_until: null })
      .where('former_keys_until', '<', sql<Date>`now()`)
      .execute();
  }

  private boxesOf(id: string): EndpointBoxes {
    return new EndpointBoxes(this.config.secretKey, id);
  }
}

async function isJustRotated(trx: Transaction<Schema>, endpointId: string): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM (SELECT rotated_at FROM key_rotations WHERE endpoint_id = ${endpointId} ORDER BY id DESC LIMIT 1) last
     WHERE rotated_at > now() - make_interval(secs => ${ROTATE_EVERY_SECONDS})`.execute(trx);
  return rows.length > 0;
}
