/** One feed with the answers to "why next then?" and "where is it moving?". */
import { z } from 'zod';
import { explainNextFetch, type FetchResultForSchedule } from '#domain/next-fetch.js';
import type { FetchRhythm } from '#domain/poll-interval.js';
import type { FeedAdminRow } from '#storage/feed-admin.repository.js';
import { dateTime } from './api-route.js';
import { feedSchema, feedView } from './feeds.schemas.js';

export const feedDetailSchema = feedSchema
  .extend({
    nextFetchReasons: z.array(z.string()).meta({
      description:
        'Why next at nextFetchAt: what decided, then what else was considered and why it did not, strongest first.',
      example: [
        'every 60 min, as the feed asks (ttl)',
        'new items came every 20 min, the last 5 min ago: what the feed asks for comes first',
        'up to 25 % later, so that feeds do not move in step',
      ],
    }),
    host: z.string().meta({ description: 'Whose budget its polls take from; see /api/v1/hosts.' }),
    pushUntil: dateTime
      .nullable()
      .meta({ description: 'Until then pushes (WebSub) are trusted, and polls are rare. Null: not pushed.' }),
    moving: z
      .object({
        to: z.string(),
        since: dateTime,
        fetches: z.number().int().meta({ description: 'So many fetches in a row were led there.' }),
        note: z.string().nullable().meta({ description: 'What is in the way.' }),
      })
      .nullable()
      .meta({ description: 'Permanent redirects that are followed, and become the address once they prove lasting.' }),
    formerUrl: z.string().nullable().meta({ description: 'The address before the last permanent redirect.' }),
  })
  .meta({ id: 'FeedDetail' });

export function feedDetailView(row: FeedAdminRow, rhythm: FetchRhythm): z.infer<typeof feedDetailSchema> {
  return {
    ...feedView(row),
    nextFetchReasons: nextFetchReasons(row, rhythm),
    host: row.host,
    pushUntil: row.push_until?.toISOString() ?? null,
    moving:
      row.moved_to === null || row.moved_since === null
        ? null
        : {
            to: row.moved_to,
            since: row.moved_since.toISOString(),
            fetches: row.moved_fetches,
            note: row.moved_note,
          },
    formerUrl: row.former_url,
  };
}

/** The decision of the last fetch made again from the facts that it left. */
function nextFetchReasons(row: FeedAdminRow, rhythm: FetchRhythm): string[] {
  const reason = row.next_fetch_reason;
  if (row.last_fetched_at === null) return [reason];
  const { item_spacing_seconds: spacingSeconds, newest_item_at: newestAt } = row;
  const facts = {
    now: row.last_fetched_at,
    result: resultOf(row),
    rhythm,
    intervalSeconds: row.interval_seconds,
    hints: row.schedule_hints,
    maxAgeSeconds: row.answer_facts?.freshSeconds ?? null,
    retryAfterSeconds: row.answer_facts?.retryAfterSeconds ?? null,
    observed: spacingSeconds === null || newestAt === null ? null : { spacingSeconds, newestAt },
    pushWorks: row.push_until !== null && row.push_until > row.last_fetched_at,
  };
  return explainNextFetch(facts, reason);
}

function resultOf({ last_error_class, answer_facts, consecutive_failures }: FeedAdminRow): FetchResultForSchedule {
  if (last_error_class === null) return { kind: 'ok' };
  const scope = answer_facts?.scope;
  if (scope === 'ours') return { kind: 'ours' };
  if (scope === 'backpressure') return { kind: 'later' };
  return { kind: 'failed', failures: Math.max(1, consecutive_failures) };
}
