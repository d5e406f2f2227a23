/** The public body of a story, as its event freezes it. Pure. */
import type { StoryBody, StoryTag } from '#contracts/story-body.js';
import { attributionLine, type PartnerRights, shownContent } from '#domain/story-rights.js';
import type { StatePartner } from '#storage/story-state.repository.js';
import type { StoryContent } from '#storage/story.repository.js';

/** A story at one version. `rights` are the leading partner's; `partners` with the leading one first. */
export interface StoryAtVersion extends StoryContent {
  id: string;
  slug: string;
  version: number;
  publishedAt: Date;
  updatedAt: Date;
  partners: readonly StatePartner[];
  tags: readonly StoryTag[];
  partnerRights: PartnerRights;
}

/** `publicUrl` is the base of our own links, without a final slash. A partner that allows excerpts only gives no content; one whose rights hide all that it has of the story is not named. */
export function storyBody(story: StoryAtVersion, publicUrl: string): StoryBody {
  return {
    id: story.id,
    version: story.version,
    url: storyUrl(story, publicUrl),
    title: story.title,
    summary: story.summary,
    content: shownContent(story.partnerRights, story.content),
    language: story.language,
    publishedAt: story.publishedAt.toISOString(),
    updatedAt: story.updatedAt.toISOString(),
    attribution: attributionLine(story.partnerRights, story.rights) || null,
    source: { name: story.sourceName, url: story.sourceUrl, itemUrl: story.itemUrl },
    partners: namedOf(story.partners).map(({ slug, name }) => ({ slug, name })),
    tags: story.tags.map(({ scheme, name, slug }) => ({ scheme, name, slug })),
    image: story.image,
  };
}

/** Those whom readers are told of. */
export function namedOf(partners: readonly StatePartner[]): StatePartner[] {
  return partners.filter(({ isNamed }) => isNamed);
}

/** The permalink. */
export function storyUrl({ id, slug }: { id: string; slug: string }, publicUrl: string): string {
  return `${publicUrl}/stories/${id}/${encodeURIComponent(slug)}`;
}
