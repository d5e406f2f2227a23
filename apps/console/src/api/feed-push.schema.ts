/** How a feed's news is pushed to the hub (WebSub), on the wire. */
import { z } from 'zod';
import { dateTime } from './api-route.js';

export const feedPushSchema = z
  .object({
    state: z
      .enum(['none', 'off', 'waiting', 'requested', 'active', 'broken', 'denied', 'unreachable', 'leaving', 'ended'])
      .meta({ description: 'docs/operations.md explains each.' }),
    hub: z.string().nullable().meta({ description: 'Who pushes, as the feed names it.' }),
    topic: z.string().nullable().meta({ description: 'What is subscribed to there.' }),
    leaseUntil: dateTime.nullable(),
    lastPushAt: dateTime.nullable(),
    lastError: z.string().nullable(),
    reason: z.string().nullable().meta({ description: 'Why nothing is pushed; null when all is well.' }),
  })
  .meta({ id: 'FeedPush', description: 'Whether and how a hub pushes what is new in the feed (WebSub).' });
