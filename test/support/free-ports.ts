/** Ports that nobody uses at the moment of asking, and that no outgoing connection can take while a killed hub restarts. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the kernels' ephemeral ranges, and above 10080, which `fetch` refuses to call (https://fetch.spec.whatwg.org/#port-blocking). */
const LOWEST = 11_000;
/** A range for each of the runner's workers, so that none takes what another has found free. */
const A_WORKER = 1_000;
const WORKERS = 9;

/** A port is given once to a test file: one that is to stay closed, or whose owner is not up yet, looks free to the next who asks. */
const given = new Set<number>();

/** `count` different free loopback ports. */
export async function freePorts(count: number): Promise<number[]> {
  const from = LOWEST + (Number(process.env['JEST_WORKER_ID'] ?? 0) % WORKERS) * A_WORKER;
  const ports: number[] = [];
  while (ports.length < count) {
    if (given.size === A_WORKER) throw new Error(`no port is left between ${from} and ${from + A_WORKER - 1}`);
    const port = randomInt(from, from + A_WORKER);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
