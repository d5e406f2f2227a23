// Turns the ways to ask for an end (Ctrl-C, SIGTERM, the loss of npm, a fatal failure) into one promise.
import { commandOf, parentOf } from '../setup/processes.mjs';
import { say } from '../setup/say.mjs';

const WATCH_NPM_MS = 300;

/**
 * SIGHUP is left to the system: under nohup it is ignored, else it ends us at once and the guard tidies up.
 * @returns {{ requested: Promise<number>, request: (code: number, why?: string) => void }} requested: the exit code
 */
export function stopRequest() {
  let resolveRequested;
  const requested = new Promise((resolve) => (resolveRequested = resolve));
  let isRequested = false;
  const request = (code, why) => {
    if (isRequested) return;
    isRequested = true;
    if (why !== undefined) say(why);
    resolveRequested(code);
  };
  let asked = 0;
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      asked += 1;
      // npm passes a Ctrl-C on that the terminal sent us too: only a third one is impatience. The guard ends the rest.
      if (asked > 2) process.exit(130);
      request(0);
    });
  }
  watchNpm(request);
  return { requested, request };
}

/** npm waits for us as long as it lives: when it was killed, nobody holds us any more. It may run us through a shell. */
function watchNpm(request) {
  if (process.env.npm_lifecycle_event !== 'start') return;
  const shell = /^(\S*\/)?(ba|da)?sh -c /.test(commandOf(process.ppid)) ? process.ppid : undefined;
  const holders = () => [process.ppid, shell === undefined ? undefined : parentOf(shell)].join();
  const before = holders();
  setInterval(() => {
    if (holders() !== before) request(1, 'npm has gone');
  }, WATCH_NPM_MS).unref();
}
