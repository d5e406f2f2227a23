/** Sorts everything that can go wrong in a fetch: what to tell the operator, and whether it speaks against the partner. */
import { OutboundError } from '#http-client/outbound-error.js';
import { UnreadableFeedError } from '#feed-reader/unreadable-feed-error.js';
import { SettingsError } from '../settings/settings-error.js';

/** `remote` counts against the feed; `ours` and `later` (the partner asks for fewer requests) do not. */
export interface FetchTrouble {
  errorClass: string;
  /** One sentence for people. */
  error: string;
  scope: 'remote' | 'ours' | 'later';
}

/** The process ends: the fetch says nothing about the feed and is done again elsewhere. */
export class FetchInterrupted extends Error {}

/** What a status means for a poll; null for one that is an answer (200, 203, and 304 where it was asked for). */
export function statusTrouble(
  status: number,
  { askedConditionally }: { askedConditionally: boolean },
): FetchTrouble | null {
  switch (status) {
    case 200:
    case 203:
      return null;
    case 304:
      if (askedConditionally) return null;
      return {
        errorClass: 'http',
        error: 'the partner says "not modified" to a first request (status 304)',
        scope: 'remote',
      };
    case 410:
      return { errorClass: 'gone', error: 'the partner has taken this feed away for good (410 Gone)', scope: 'remote' };
    case 429:
    case 503:
      return {
        errorClass: 'backpressure',
        error: `the partner asks for fewer requests (status ${status})`,
        scope: 'later',
      };
    default:
      return { errorClass: 'http', error: `the partner answered with status ${status}`, scope: 'remote' };
  }
}

/** What a throw means. @throws {FetchInterrupted}, and whatever is no trouble of a fetch but a mistake of ours. */
export function troubleOf(error: unknown): FetchTrouble {
  if (error instanceof OutboundError) {
    if (error.kind === 'aborted') throw new FetchInterrupted(error.message);
    return { errorClass: error.kind, error: error.message, scope: error.scope };
  }
  if (error instanceof UnreadableFeedError) {
    if (error.code === 'aborted' || error.code === 'stopped') throw new FetchInterrupted(error.message);
    return { errorClass: error.code, error: error.message, scope: error.code === 'busy' ? 'ours' : 'remote' };
  }
  // The feed cannot be read as its operator wants it to be: theirs to mend, and nothing against the partner.
  if (error instanceof SettingsError) return { errorClass: 'settings', error: error.message, scope: 'ours' };
  throw error;
}
