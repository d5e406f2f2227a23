/** Decides which channels stories join and leave, from the stories as they are now. */
import type { FanOutChannel, FanOutFacts, FanOutStory } from '#storage/fan-out-facts.js';
import type { ChannelMoves } from '#storage/fan-out.repository.js';
import { matchesFilter, type StoryFacts } from '#domain/story-filter.js';

/**
 * A story is where a rule routes it, whatever the channel's filter. A withdrawn or merged story leaves every channel. `changed` also names the channels that hold an unmoved story: its
 * text there may be new.
 */
export function channelMembership({ stories, channels }: Pick<FanOutFacts, 'stories' | 'channels'>): ChannelMoves {
  const joins: ChannelMoves['joins'] = [];
  const leaves: ChannelMoves['leaves'] = [];
  const changed = new Set<string>();
  for (const story of stories) {
    for (const channel of channels) {
      const isIn = story.channels.includes(channel.id);
      const isWanted = isRouted(channel, story.routes) || matchesFilter(channel.filter, factsFor(channel, story));
      const belongs = story.published && isWanted;
      if (belongs && !isIn) joins.push({ channelId: channel.id, storyId: story.id, sortAt: story.sortAt });
      if (!belongs && isIn) leaves.push({ channelId: channel.id, storyId: story.id });
      if (belongs || isIn) changed.add(channel.id);
    }
  }
  return { joins, leaves, changed: [...changed].sort() };
}

/** Rules name a channel by any slug that it has or had. */
export function isRouted({ slug, formerSlugs }: FanOutChannel, routes: readonly string[]): boolean {
  return routes.includes(slug) || formerSlugs.some((former) => routes.includes(former));
}

/** The story as this channel's filter asks of it. */
export function factsFor(channel: FanOutChannel, story: FanOutStory): StoryFacts & { hasWords: boolean } {
  return { ...story, hasWords: story.worded.includes(channel.id) };
}
