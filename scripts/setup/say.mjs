// How the scripts speak to a person: short lines on standard output, and one clear line when they must refuse.

/** A reason to stop that the person can mend. Each line is printed as it is; there is no stack trace. */
export class Refusal extends Error {
  /** @param {string | string[]} lines @param {number} exitCode */
  constructor(lines, exitCode = 1) {
    super([lines].flat().join('\n'));
    this.lines = [lines].flat();
    this.exitCode = exitCode;
  }
}

/** Prints one line of progress. @param {string} line */
export function say(line) {
  process.stdout.write(`dateline: ${line}\n`);
}

/** Prints why the script stops, and returns the exit code. Anything but a Refusal is our own mistake: with its stack. */
export function explain(error) {
  const lines = error instanceof Refusal ? error.lines : [error?.stack ?? String(error)];
  for (const line of lines) process.stderr.write(`dateline: ${line}\n`);
  return error instanceof Refusal ? error.exitCode : 1;
}

/**
 * Says what is being done, again every few seconds while it lasts, and how long it took.
 * @template T
 * @param {string} what for example "installing dependencies"
 * @param {() => Promise<T>} work
 * @param {(line: string) => void} tell
 * @returns {Promise<T>}
 */
export async function during(what, work, tell = say) {
  const startedAt = Date.now();
  const seconds = () => `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
  tell(`${what} …`);
  const timer = setInterval(() => tell(`${what} … ${seconds()}`), 5_000);
  try {
    const result = await work();
    tell(`${what}: done in ${seconds()}`);
    return result;
  } finally {
    clearInterval(timer);
  }
}
