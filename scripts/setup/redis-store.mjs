// The embedded Redis: its settings, and how to run it.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { openLog } from './bounded-log.mjs';

/** The password of this data folder's Redis, made at its first use: any user of the machine can reach a loopback port. */
function passwordOf(folder) {
  const file = join(folder, 'password');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

/** @param {string} folder @param {number} port */
export function redisUrl(folder, port) {
  return `redis://:${passwordOf(folder)}@127.0.0.1:${port}`;
}

/**
 * How the supervisor runs it.
 * @param {{ folder: string, binary: string, port: number, logFile: string }} store
 * @returns {import('./supervisor.mjs').Service}
 */
export function redisService({ folder, binary, port, logFile }) {
  const password = passwordOf(folder);
  const file = join(folder, 'redis.conf');
  const log = openLog(logFile);
  writeFileSync(file, settings({ folder, port, password }), { mode: 0o600 });
  return {
    name: 'redis',
    stage: 'stores',
    command: binary,
    args: [file],
    cwd: folder,
    stdio: ['ignore', log, log],
    logFile,
    stopSignal: 'SIGINT',
    killSignal: 'SIGKILL',
    isReady: () => answers(port, password),
    // Redis is disposable: a file that it cannot read must not keep the hub down.
    afterQuickDeaths: () => rmSync(join(folder, 'appendonlydir'), { recursive: true, force: true }),
  };
}

/** Append-only, and never throwing a job away to make room (BullMQ demands it). */
function settings({ folder, port, password }) {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir "${folder.replace(/["\\]/g, '\\$&')}"`,
    'appendonly yes',
    'save ""',
    'maxmemory-policy noeviction',
    'daemonize no',
    '',
  ].join('\n');
}

/** Whether it answers PING, which it does not while it reads its file. @returns {Promise<boolean>} */
function answers(port, password) {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    let received = '';
    const finish = (result) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(1_000, () => finish(false));
    socket.on('error', () => finish(false));
    socket.on('close', () => finish(false));
    socket.on('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.on('data', (chunk) => {
      received += chunk;
      if (received.includes('+PONG')) finish(true);
      else if (received.includes('-')) finish(false);
    });
  });
}
