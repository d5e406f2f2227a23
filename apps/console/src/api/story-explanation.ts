/** The part of a story's explanation that lies beyond the story itself: where it got to, and what it is related to. */
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { copyStanding, GONE_FOR_RIGHTS } from '#domain/story-rights.js';
import { type RelatedStory, RelatedStoryRepository } from '#storage/related-story.repository.js';
import { type CopyRights, StoryRightsRepository } from '#storage/story-rights.repository.js';
import { type ReachedEndpoint, StoryReachRepository } from '#storage/story-reach.repository.js';
import { isoOrNull } from './api-route.js';

const MOST_RELATED = 50;

@Injectable()
export class StoryExplanation {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly related: RelatedStoryRepository,
    private readonly reach: StoryReachRepository,
    private readonly rights: StoryRightsRepository,
  ) {}

  async of(storyId: string) {
    const [place, stories, channels, endpoints, copies] = await Promise.all([
      this.related.place(storyId),
      this.related.related(storyId, MOST_RELATED),
      this.reach.channels(storyId),
      this.reach.endpoints(storyId),
      this.rights.copies(storyId),
    ]);
    const { nearestStoryId = null, likeness = null, words = [] } = place ?? {};
    const because =
      nearestStoryId === null || likeness === null
        ? null
        : { storyId: nearestStoryId, likeness: rounded(likeness), words };
    return {
      related: {
        clusterId: place?.clusterId ?? null,
        because,
        stories: stories.map((story) => relatedView(story, this.config.publicUrl)),
      },
      shownCopies: copies.map((copy) => copyView(copy, new Date())),
      channels,
      endpoints: endpoints.map(endpointView),
    };
  }
}

function copyView({ itemId, partnerSlug, isLeading, rights, ...dates }: CopyRights, now: Date) {
  const { shows, because, until } = copyStanding(rights, dates, now);
  const reason = because === null ? null : GONE_FOR_RIGHTS[because];
  return { itemId, partner: partnerSlug, leading: isLeading, shows, because, reason, until: isoOrNull(until) };
}

function relatedView(story: RelatedStory, publicUrl: string) {
  const { id, slug, title, sourceName, language, sortAt, likeness, words } = story;
  const url = `${publicUrl}/stories/${id}/${slug}`;
  const publishedAt = sortAt.toISOString();
  return {
    id,
    url,
    title,
    sourceName,
    language,
    publishedAt,
    likeness: likeness === null ? null : rounded(likeness),
    words,
  };
}

function endpointView(row: ReachedEndpoint) {
  return {
    endpointId: row.endpoint_id,
    url: row.url,
    deliveryId: row.delivery_id,
    eventId: row.event_id,
    eventType: row.event_type,
    storyVersion: row.story_version,
    status: row.status,
    reason: row.status_reason ?? (row.status === 'delivered' ? null : row.error),
    httpStatus: row.http_status,
    attempts: row.attempts,
    createdAt: row.created_at.toISOString(),
    finishedAt: isoOrNull(row.finished_at),
  };
}

function rounded(likeness: number): number {
  return Math.round(likeness * 1_000) / 1_000;
}
