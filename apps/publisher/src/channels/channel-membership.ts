/** Decides which channels stories join and leave, from the stories as they are now. */
import type { FanOutDecision, FanOutFacts } from '#storage/fan-out.repository.js';
import { matchesFilter } from '#domain/story-filter.js';

type Membership = Pick<FanOutDecision, 'joins' | 'leaves' | 'changed'>;

/**
 * A story is where a rule routes it, whatever the channel's filter. A withdrawn or merged story leaves every channel. `changed` also names the channels that hold an unmoved story: its
 * text there may be new.
 */
export function channelMembership({ stories, channels }: Pick<FanOutFacts, 'stories' | 'channels'>): Membership {
  const joins: Membership['joins'] = [];
  const leaves: Membership['leaves'] = [];
  const changed = new Set<string>();
  for (const story of stories) {
    for (const channel of channels) {
      const isIn = story.channels.includes(channel.id);
      const isWanted = story.routes.includes(channel.slug) || matchesFilter(channel.filter, story);
      const belongs = story.published && isWanted;
      if (belongs && !isIn) joins.push({ channelId: channel.id, storyId: story.id, sortAt: story.sortAt });
      if (!belongs && isIn) leaves.push({ channelId: channel.id, storyId: story.id });
      if (belongs || isIn) changed.add(channel.id);
    }
  }
  return { joins, leaves, changed: [...changed].sort() };
}
