/** Whether and how a feed's news is pushed to the hub, as a column for lists of feeds. */
import { sql } from 'kysely';
import type { SubscriptionState } from './feed-subscription.repository.js';

/** A feed's WebSub subscription as operators see it. Times are ISO 8601 in UTC. `none`: its document names no hub. */
export interface FeedPush {
  state: SubscriptionState | 'none' | 'off';
  hub: string | null;
  topic: string | null;
  leaseUntil: string | null;
  lastPushAt: string | null;
  lastError: string | null;
  reason: string | null;
}

const iso = (column: string) => sql.raw(`to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);

/** For a select from `feeds`; connections are in UTC. */
export const PUSH_OF_FEED = sql<FeedPush>`(
  SELECT json_build_object(
      'state', CASE WHEN feeds.push_hub IS NULL THEN 'none'
        WHEN NOT feeds.push_wanted AND coalesce(s.state, 'ended') = 'ended' THEN 'off' ELSE coalesce(s.state, 'waiting') END,
      'hub', feeds.push_hub, 'topic', feeds.push_topic,
      'leaseUntil', ${iso('s.lease_until')}, 'lastPushAt', ${iso('s.last_push_at')}, 'lastError', s.last_error,
      'reason', CASE WHEN feeds.push_hub IS NULL THEN 'the feed names no hub'
        WHEN NOT feeds.push_wanted THEN 'an operator wants no pushes for this feed' ELSE s.reason END)
    FROM (SELECT 1) AS one LEFT JOIN feed_subscriptions s
      ON s.feed_id = feeds.id AND s.hub = feeds.push_hub AND s.topic = feeds.push_topic)`.as('push');
