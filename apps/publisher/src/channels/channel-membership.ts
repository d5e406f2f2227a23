/** Decides which channels stories join and leave, from the stories as they are now. */
import type { FanOutDecision, FanOutFacts } from '#storage/fan-out.repository.js';
import { matchesFilter } from '#domain/story-filter.js';

type Membership = Pick<FanOutDecision, 'joins' | 'leaves' | 'changed'>;

/**
 * A withdrawn or merged story leaves every channel. `changed` also names the channels that hold an unmoved story: its
 * text there may be new.
 */
export function channelMembership({ stories, channels }: Pick<FanOutFacts, 'stories' | 'channels'>): Membership {
  const joins: Membership['joins'] = [];
  const leaves: Membership['leaves'] = [];
  const changed = new Set<string>();
  for (const story of stories) {
    for (const channel of channels) {
      const isIn = story.channels.includes(channel.id);
      const belongs = story.published && matchesFilter(channel.filter, story);
      if (belongs && !isIn) joins.push({ channelId: channel.id, storyId: story.id, sortAt: story.sortAt });
      if (!belongs && isIn) leaves.push({ channelId: channel.id, storyId: story.id });
      if (belongs || isIn) changed.add(channel.id);
    }
  }
  return { joins, leaves, changed: [...changed].sort() };
}
