/** Why a command ended without doing what it was asked: one line for people, one number for scripts. */

export const EXIT = {
  /** The hub said no; its reason is shown. */
  refused: 1,
  /** The command line was not understood. */
  usage: 2,
  /** The hub does not answer. */
  away: 3,
  /** There is no token, or it is not the hub's. */
  token: 4,
} as const;

export class CommandError extends Error {
  constructor(
    readonly exitCode: (typeof EXIT)[keyof typeof EXIT],
    message: string,
  ) {
    super(message);
  }
}
