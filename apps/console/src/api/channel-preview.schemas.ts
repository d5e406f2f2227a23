/** A channel's preview on the wire: what a draft of a filter would hold. */
import { z } from 'zod';
import { storyFilterSchema } from '#contracts/channel-filter.js';
import type { ChannelPreview } from '#storage/channel-preview.repository.js';
import { dateTime } from './api-route.js';
import { fields } from './validation.js';

const count = z.int().min(0);
const MOST_STORIES = 20_000;

export const channelDraftSchema = fields({
  filter: storyFilterSchema,
  stories: z
    .int()
    .min(1)
    .max(MOST_STORIES, { error: `at most ${MOST_STORIES} of the newest stories can be looked at` })
    .default(5_000)
    .meta({ description: 'How many of the newest stories to look at.', example: 5_000 }),
  limit: z.int().min(1).max(200).default(20).meta({ description: 'How many of those that fit to show.', example: 20 }),
}).meta({ id: 'ChannelDraft' });

export const channelPreviewSchema = z
  .object({
    looked: count.meta({ description: 'Stories that were looked at: the newest.' }),
    fits: count.meta({ description: 'Those of them that the channel would hold.' }),
    joins: count.meta({ description: 'Those that it does not hold yet.' }),
    leaves: count.meta({ description: 'Those that it holds and would not.' }),
    lets: z
      .record(z.string(), count)
      .meta({ description: 'For each condition of the filter: how many it lets through by itself.' }),
    stories: z.array(
      z.object({
        id: z.uuid(),
        url: z.string(),
        title: z.string(),
        source: z.string(),
        language: z.string().nullable(),
        publishedAt: dateTime,
        partners: z.array(z.string()),
        tags: z.array(z.string()),
        held: z.boolean().meta({ description: 'The channel holds it already.' }),
      }),
    ),
  })
  .meta({ id: 'ChannelPreview' });

export function previewView(
  { stories, ...counts }: ChannelPreview,
  publicUrl: string,
): z.infer<typeof channelPreviewSchema> {
  return {
    ...counts,
    stories: stories.map(({ slug, sortAt, sourceName, ...story }) => ({
      ...story,
      url: `${publicUrl}/stories/${story.id}/${encodeURIComponent(slug)}`,
      source: sourceName,
      publishedAt: sortAt.toISOString(),
    })),
  };
}
