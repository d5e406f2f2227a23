/** Settings of single feeds: written by operators, their secrets sealed, and read many at a time by the feeds' fetches. */
import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Kysely, sql } from 'kysely';
import { CONFIG, type Config } from '#config/config.js';
import {
  type FeedSettingsPatch,
  type OpenFeedSettings,
  type SecretFeedSettings,
  secretFeedSettingsSchema,
} from '#contracts/feed-settings.js';
import { changedFeedSettings, type FeedSettings } from '#domain/changed-feed-settings.js';
import { openSecret, sealSecret } from '#domain/secret-box.js';
import { Database } from './database.js';
import { unlessAskedFor } from './feed-hand.js';
import type { Schema } from './schema.js';

/** A feed's settings as its fetch needs them. */
export interface StoredFeedSettings {
  feedId: string;
  revision: number;
  open: OpenFeedSettings;
  secretsSealed: Buffer | null;
  /** The partner allows excerpts only. */
  excerptOnly: boolean;
}

const NONCE_BYTES = 12;

@Injectable()
export class FeedSettingsRepository {
  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Pick<Config, 'secretKey'>,
  ) {}

  /** One statement for many feeds; null where a feed has none. */
  async loadBatch(feedIds: readonly string[]): Promise<(StoredFeedSettings | null)[]> {
    const { rows } = await this.database.prepared(sql<StoredFeedSettings>`
      SELECT s.feed_id AS "feedId", s.revision, s.settings AS open, s.secrets_sealed AS "secretsSealed",
             coalesce((p.rights->>'excerptOnly')::boolean, false) AS "excerptOnly"
        FROM feed_settings s JOIN feeds f ON f.id = s.feed_id JOIN partners p ON p.id = f.partner_id
       WHERE s.feed_id = ANY(${[...feedIds]}::uuid[])`);
    const byFeed = new Map(rows.map((row) => [row.feedId, row]));
    return feedIds.map((id) => byFeed.get(id) ?? null);
  }

  /**
   * Changes a feed's settings, in the transaction of its other changes: a feed must not be fetched with only a part of them. Its next
   * fetch is due at once if its requests change. False when there is no such feed.
   */
  async change(trx: Kysely<Schema>, feedId: string, patch: FeedSettingsPatch): Promise<boolean> {
    const feed = await trx
      .selectFrom('feeds')
      .leftJoin('feed_settings', 'feed_settings.feed_id', 'feeds.id')
      .select(['feeds.url', 'feed_settings.settings', 'feed_settings.secrets_sealed'])
      .where('feeds.id', '=', feedId)
      .forUpdate('feeds')
      .executeTakeFirst();
    if (!feed) return false;
    const before = this.readable(feed.settings ?? {}, feed.secrets_sealed, feedId);
    const { open, secret } = changedFeedSettings(before, patch, { feedUrl: feed.url, now: new Date() });
    const isEmpty = Object.keys(open).length === 0;
    if (isEmpty) await trx.deleteFrom('feed_settings').where('feed_id', '=', feedId).execute();
    else {
      const row = { settings: JSON.stringify(open), secrets_sealed: this.sealed(secret, feedId) };
      await trx
        .insertInto('feed_settings')
        // Never a revision again that the feed had before it had none.
        .values({ feed_id: feedId, ...row, revision: Date.now() })
        .onConflict((conflict) =>
          conflict.column('feed_id').doUpdateSet({
            ...row,
            revision: sql`greatest(feed_settings.revision + 1, excluded.revision)`,
            updated_at: sql`now()`,
          }),
        )
        .execute();
    }
    await trx
      .updateTable('feeds')
      .set({
        has_settings: !isEmpty,
        updated_at: sql`now()`,
        ...(changesRequests(patch)
          ? {
              next_fetch_at: sql<Date>`least(next_fetch_at, now())`,
              next_fetch_reason: unlessAskedFor('the settings were changed by an operator'),
              // A fetch under way still has the old ones: its outcome is not wanted.
              enqueued_at: null,
            }
          : {}),
      })
      .where('id', '=', feedId)
      .execute();
    return true;
  }

  private sealed(secret: SecretFeedSettings, feedId: string): Buffer | null {
    if (Object.keys(secret).length === 0) return null;
    return sealSecret(JSON.stringify(secret), this.config.secretKey, feedId, randomBytes(NONCE_BYTES));
  }

  /** Secrets of a lost SECRET_KEY are gone, and the first change says so: the feed has none from then on. */
  private readable(open: OpenFeedSettings, box: Buffer | null, feedId: string): FeedSettings {
    if (box === null) return { open, secret: {} };
    try {
      return { open, secret: openFeedSecrets(box, this.config.secretKey, feedId) };
    } catch {
      const { credentials: _lost, proxy, ...rest } = open;
      return { open: { ...rest, ...(proxy && { proxy: { ...proxy, authenticated: false } }) }, secret: {} };
    }
  }
}

/** @throws {Error} without a trace of the secrets, when they were sealed with another key. */
export function openFeedSecrets(box: Buffer, key: Buffer, feedId: string): SecretFeedSettings {
  let text: string;
  try {
    text = openSecret(box, key, feedId);
  } catch {
    throw new Error(
      "the feed's secrets cannot be opened: SECRET_KEY is not the one they were sealed with; set them again",
    );
  }
  return secretFeedSettingsSchema.parse(JSON.parse(text));
}

function changesRequests({ credentials, userAgent, proxy, allowInvalidCertificate, ca }: FeedSettingsPatch): boolean {
  return [credentials, userAgent, proxy, allowInvalidCertificate, ca].some((setting) => setting !== undefined);
}
