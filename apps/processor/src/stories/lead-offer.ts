/** What could lead a story: an item that has just come in, or the leading item of a story as it stands. Pure. */
import { changeMarks } from '#domain/headline-markers.js';
import { type CopyStanding, copyStanding } from '#domain/story-rights.js';
import type { StatePartner, StoryState } from '#storage/story-state.repository.js';
import type { StoryContent } from '#storage/story.repository.js';
import type { LeadCandidate } from './choose-lead.js';
import type { ReadyItem } from './ready-item.js';
import { storyContent } from './story-content.js';

/** `ready` null: the story shows that already, or another story that is absorbed does. */
export interface LeadOffer extends LeadCandidate {
  ready: ReadyItem | null;
  partner: StatePartner;
  content: StoryContent;
  /** Its newest version is not accepted, and no older one is kept: it can neither lead nor tag. */
  isBarred?: true;
  /** What its partner's rights say of it at the moment of the plan. */
  standing: CopyStanding;
}

export function offerOfItem(ready: ReadyItem, now: Date): LeadOffer {
  const { item, clean } = ready;
  const { id, slug, name, priority, rights } = item.partner;
  const standing = copyStanding(rights, item, now);
  const isHidden = standing.shows === 'nothing';
  const content = storyContent(ready);
  return {
    ...{ partnerId: id, isCorrection: isCorrection(content.title) },
    ...{ ready, itemId: item.id, priority, rights, textLength: ready.letGo?.textLength ?? clean.bodyText.length },
    ...{ standing, isHidden },
    partner: { id, slug, name, rights, isNamed: !isHidden },
    content,
  };
}

export function offerOfStory(state: StoryState, now: Date): LeadOffer {
  const { leadingItemId, title, summary, content, bodyText, language, authors, image, media } = state;
  const { sourceName, sourceUrl, sourceFeedUrl, itemUrl, rights } = state;
  const { priority, rights: partnerRights, id, slug, name } = state.leadPartner;
  const standing = copyStanding(partnerRights, state.leadDates, now);
  const isHidden = standing.shows === 'nothing';
  return {
    ...{ partnerId: id, isCorrection: isCorrection(title) },
    ...{ ready: null, itemId: leadingItemId, priority, rights: partnerRights, textLength: bodyText.length },
    ...{ standing, isHidden },
    partner: { id, slug, name, rights: partnerRights, isNamed: !isHidden },
    content: {
      ...{ leadingItemId, title, summary, content, bodyText, language, authors, image, media },
      ...{ sourceName, sourceUrl, sourceFeedUrl, itemUrl, rights },
    },
  };
}

function isCorrection(title: string): boolean {
  return changeMarks(title).has('correction');
}
