/** What readers are told of a story that is not here any more, and where they are led. Pure. */
import { GONE_FOR_RIGHTS } from '#domain/story-rights.js';
import type { Whereabouts } from '#storage/story-history.repository.js';
import { storyPath } from './links.js';
import type { Outcome } from './page-server.js';

/** `place` undefined: it never was, or was never shown. */
export function storyEnd(place: Whereabouts | undefined): Outcome {
  if (place === undefined) return undefined;
  if (place.kind === 'published') return { kind: 'redirect', path: storyPath(place) };
  const isForRights = Object.values(GONE_FOR_RIGHTS).some((reason) => reason === place.goneReason);
  return { kind: 'notice', status: 410, notice: isForRights ? 'goneForRights' : 'gone' };
}
