// Finds free loopback ports and keeps them, so that an embedded store comes back on the port it had.
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** Below the kernels' ephemeral ranges: no outgoing connection can take the port while a store restarts. */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/**
 * Why a server could not listen there ('EADDRINUSE', 'EACCES', …), or undefined when it could.
 * @returns {Promise<string | undefined>}
 */
export async function listenError(host, port) {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return undefined;
  } catch (error) {
    return error.code ?? 'EADDRINUSE';
  }
}

/** A free port of the loopback interface that is not in `taken`. */
async function freePort(taken = []) {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST);
    if (!taken.includes(port) && (await listenError('127.0.0.1', port)) === undefined) return port;
  }
}

/**
 * The ports of this data folder by name, kept in its ports.json; one that something else took meanwhile is replaced.
 * @param {string} folder @param {string[]} names @returns {Promise<Record<string, number>>}
 */
export async function keptPorts(folder, names) {
  const file = join(folder, 'ports.json');
  const ports = readJson(file);
  for (const name of names) {
    if (ports[name] === undefined || (await listenError('127.0.0.1', ports[name])) !== undefined)
      ports[name] = await freePort(Object.values(ports));
  }
  writeFileSync(file, `${JSON.stringify(ports)}\n`);
  return ports;
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}
