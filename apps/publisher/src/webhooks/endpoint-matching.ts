/** Decides which endpoints get which events, from the facts frozen in each event's body. */
import type { StoryEventData } from '#contracts/events.js';
import { matchesFilter, type StoryFacts } from '#domain/story-filter.js';
import { webhookId } from '#domain/webhook-id.js';
import type { FanOutChannel, FanOutEndpoint, FanOutEvent, FanOutFacts } from '#storage/fan-out-facts.js';
import type { FanOutDecision } from '#storage/fan-out.repository.js';
import { isTakedown } from '#storage/told-before.js';
import { factsFor, isRouted } from '../channels/channel-membership.js';

/**
 * An endpoint gets an event whose type it asked for, that came after the endpoint was made, and whose story fits its
 * filter. That a story is withdrawn or merged is told to those besides that were told of it, whatever their filters say by
 * now: by their deliveries, or where these are not kept any more, if the story as it was told then fits. Where the merge was
 * fanned out before what tells of the story, those who are told of it now hear of the merge with it. Events without a
 * body are quiet: nobody gets them. Of an endpoint that was disabled its partner's others hear, if they asked to; a ping has
 * its one delivery from the beginning.
 */
export function matchEndpoints({
  events,
  endpoints,
  channels,
  stories,
  receivers,
  tellings,
  overtaking,
}: FanOutFacts): FanOutDecision['deliveries'] {
  const present = new Map(stories.map((story) => [story.id, story]));
  const toldBefore = new Map(receivers.map(({ eventId, endpointIds }) => [eventId, new Set(endpointIds)]));
  // By story, as the batch goes on: what it decides is not among the deliveries yet.
  const toldNow = new Map<string, Set<string>>();
  const hasTakedown = events.some(({ type }) => isTakedown(type));
  return events.flatMap((event) => {
    const to = (endpoint: FanOutEndpoint) => delivery(event, endpoint);
    const asked = endpoints.filter((endpoint) => asksFor(endpoint, event));
    if (event.type === 'endpoint.disabled') return asked.filter((endpoint) => isNeighbour(endpoint, event)).map(to);
    const story = present.get(event.storyId ?? '');
    const facts = event.body === null ? null : storyFacts(event.body, channels, story);
    if (facts === null) return [];
    const now = toldNow.get(event.storyId ?? '');
    const wasToldLongAgo = byTellings(
      tellings.filter(({ eventId }) => eventId === event.id),
      channels,
      story,
    );
    const wasTold = (endpoint: FanOutEndpoint) =>
      toldBefore.get(event.id)?.has(endpoint.id) === true || now?.has(endpoint.id) === true || wasToldLongAgo(endpoint);
    const told = asked.filter(
      (endpoint) => matchesFilter(endpoint.filter, facts) || (isTakedown(event.type) && wasTold(endpoint)),
    );
    if (hasTakedown && event.storyId !== null)
      toldNow.set(event.storyId, new Set([...(now ?? []), ...told.map(({ id }) => id)]));
    const late = overtaking.filter(({ eventId }) => eventId === event.id);
    const merges = late.flatMap(({ takedown }) =>
      told.filter((endpoint) => asksFor(endpoint, takedown)).map((endpoint) => delivery(takedown, endpoint)),
    );
    return [...told.map(to), ...merges];
  });
}

function delivery(event: FanOutEvent, { id: endpointId }: FanOutEndpoint): FanOutDecision['deliveries'][number] {
  return { event, endpointId, webhookId: webhookId(event.id, endpointId) };
}

/** Of the event's type, and made before it. */
function asksFor({ sinceSeq, eventTypes }: FanOutEndpoint, { type, seq }: Pick<FanOutEvent, 'type' | 'seq'>): boolean {
  return sinceSeq < seq && eventTypes.includes(type);
}

/** Which endpoints heard of a story by these, going by what they said then. */
function byTellings(
  tellings: FanOutFacts['tellings'],
  channels: FanOutFacts['channels'],
  story: FanOutFacts['stories'][number] | undefined,
): (endpoint: FanOutEndpoint) => boolean {
  const then = tellings.map((telling) => ({ telling, facts: storyFacts(telling.body, channels, story, true) }));
  return (endpoint) =>
    then.some(
      ({ telling, facts }) => facts !== null && asksFor(endpoint, telling) && matchesFilter(endpoint.filter, facts),
    );
}

/** Another endpoint of the same partner. What belongs to no partner has no neighbours: two of them may be two organisations'. */
function isNeighbour(endpoint: FanOutEndpoint, event: FanOutEvent): boolean {
  return event.partnerId !== null && endpoint.partnerId === event.partnerId && endpoint.id !== event.endpointId;
}

/**
 * Words, media, age, partners that joined and what a rule routes are said by the story as it is now: no body tells of them. `isThen`:
 * of what was said long ago, when the story was new, and carried at least by those that the body names.
 */
function storyFacts(
  body: Record<string, unknown>,
  channels: FanOutFacts['channels'],
  story: FanOutFacts['stories'][number] | undefined,
  isThen = false,
): StoryFacts | null {
  // Written by the processor under this schema; reading it again strictly would let one odd event hold up the others.
  const { story: frozen } = body as Partial<StoryEventData>;
  if (frozen === undefined) return null;
  const facts = {
    tags: frozen.tags.map((tag) => `${tag.scheme}/${tag.slug}`),
    partners: frozen.partners.map((partner) => partner.slug),
    language: frozen.language,
  };
  const now = (channel: FanOutChannel): Partial<StoryFacts> => {
    if (story === undefined) return {};
    const { hasWords } = factsFor(channel, story);
    const age = isThen ? {} : { ageHours: story.ageHours, carriers: story.partners.length };
    return { media: story.media, hasWords, ...age };
  };
  return {
    ...facts,
    channels: channels
      .filter(
        (channel) =>
          isRouted(channel, story?.routes ?? []) || matchesFilter(channel.filter, { ...facts, ...now(channel) }),
      )
      .flatMap(({ slug, formerSlugs }) => [slug, ...formerSlugs]),
  };
}
