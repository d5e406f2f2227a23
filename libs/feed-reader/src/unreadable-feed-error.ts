/** What the reader says when it can make nothing of a document. */

/** Why a document could not be read. `busy` and `stopped` are ours, not the partner's. */
export type UnreadableCode =
  | 'empty'
  | 'too-large'
  | 'html-page'
  | 'not-a-feed'
  | 'bad-json'
  | 'too-slow'
  | 'too-much-memory'
  | 'reader-failed'
  | 'aborted'
  | 'busy'
  | 'stopped';

/** A document that cannot be read; `message` is a whole sentence that an operator can send to the partner. */
export class UnreadableFeedError extends Error {
  override readonly name = 'UnreadableFeedError';

  constructor(
    readonly code: UnreadableCode,
    message: string,
  ) {
    super(message);
  }
}
