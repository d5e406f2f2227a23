/** Decides which endpoints get which events, from the facts frozen in each event's body. */
import type { StoryEventData } from '#contracts/events.js';
import { matchesFilter, type StoryFacts } from '#domain/story-filter.js';
import { webhookId } from '#domain/webhook-id.js';
import type { FanOutDecision, FanOutFacts } from '#storage/fan-out.repository.js';

/**
 * An endpoint gets an event whose type it asked for, that came after the endpoint was made, and whose story fits its
 * filter. Events without a body are quiet: nobody gets them. Events that are not about a story are not for everybody.
 */
export function matchEndpoints({
  events,
  endpoints,
  channels,
  stories,
}: Pick<FanOutFacts, 'events' | 'endpoints' | 'channels' | 'stories'>): FanOutDecision['deliveries'] {
  const routes = new Map(stories.map((story) => [story.id, story.routes]));
  return events.flatMap((event) => {
    const facts = event.body === null ? null : storyFacts(event.body, channels, routes.get(event.storyId ?? '') ?? []);
    if (facts === null) return [];
    return endpoints
      .filter(
        (endpoint) =>
          endpoint.sinceSeq < event.seq &&
          endpoint.eventTypes.includes(event.type) &&
          matchesFilter(endpoint.filter, facts),
      )
      .map((endpoint) => ({ event, endpointId: endpoint.id, webhookId: webhookId(event.id, endpoint.id) }));
  });
}

/** What a rule routes is said by the story as it is now: no body tells of it. */
function storyFacts(
  body: Record<string, unknown>,
  channels: FanOutFacts['channels'],
  routes: readonly string[],
): StoryFacts | null {
  // Written by the processor under this schema; reading it again strictly would let one odd event hold up the others.
  const { story } = body as Partial<StoryEventData>;
  if (story === undefined) return null;
  const facts = {
    tags: story.tags.map((tag) => `${tag.scheme}/${tag.slug}`),
    partners: story.partners.map((partner) => partner.slug),
    language: story.language,
  };
  return {
    ...facts,
    channels: channels
      .filter((channel) => routes.includes(channel.slug) || matchesFilter(channel.filter, facts))
      .map((channel) => channel.slug),
  };
}
