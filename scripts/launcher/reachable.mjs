// Waits for stores that are not ours to begin answering, and says when they do not.
import { createConnection } from 'node:net';
import { Refusal, say } from '../setup/say.mjs';

const PATIENCE_MS = 15_000;
const PAUSE_MS = 500;

/**
 * Tries to connect until it works. Throws a Refusal after fifteen seconds.
 * @param {{ name: string, variable: string, url: string, defaultPort: number }} store
 */
export async function waitUntilReachable({ name, variable, url, defaultPort }) {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '') || '127.0.0.1';
  const where = `${hostname}:${port || defaultPort}`;
  const giveUpAt = Date.now() + PATIENCE_MS;
  let said = false;
  for (;;) {
    const problem = await connectProblem(host, Number(port || defaultPort));
    if (problem === undefined) return;
    if (Date.now() > giveUpAt)
      throw new Refusal(`${name} at ${where} cannot be reached (${problem}): start it, or correct ${variable}`);
    if (!said) say(`${name} at ${where} does not answer yet (${problem}); trying for ${PATIENCE_MS / 1000} s …`);
    said = true;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Why no connection came about, or undefined. @returns {Promise<string | undefined>} */
function connectProblem(host, port) {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port });
    const finish = (problem) => {
      socket.destroy();
      resolve(problem);
    };
    socket.setTimeout(3_000, () => finish('no answer'));
    socket.on('connect', () => finish(undefined));
    socket.on('error', (error) => finish(error.code ?? error.message));
  });
}
