/**
 * Refuses documents that are small on their way and enormous once read: an author of a megabyte that five thousand items
 * inherit, or a base of a megabyte before each of their links. Behind the reader all of it would be copied, hashed and stored.
 */
import { LIMITS } from './limits.js';
import { UnreadableFeedError } from './unreadable-feed-error.js';

/** What a value costs besides its characters: its name and its place. */
const VALUE = 16;

/** What several parts of `document` share counts for each of them. @throws {UnreadableFeedError} `too-large`. */
export function refuseSwollen(document: object): void {
  let size = 0;
  const measure = (part: object): void => {
    for (const value of Object.values(part) as unknown[]) {
      size += VALUE + (typeof value === 'string' ? value.length : 0);
      if (size > LIMITS.characters) throw tooLarge();
      if (typeof value === 'object' && value !== null) measure(value);
    }
  };
  measure(document);
}

function tooLarge(): UnreadableFeedError {
  const millions = LIMITS.characters / 1_000_000;
  return new UnreadableFeedError(
    'too-large',
    `The document comes to more than ${millions} million characters once read: shorten what all its items inherit (authors) and the base of their links.`,
  );
}
