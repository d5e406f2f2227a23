/** Ports that nobody uses at the moment of asking, and that no outgoing connection can take while a killed hub restarts. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the kernels' ephemeral ranges. */
const LOWEST = 10_000;
const HIGHEST = 20_000;

/** `count` different free loopback ports. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
