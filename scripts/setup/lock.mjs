// Exclusive locks that the kernel frees however their holder ends, and the guard process that holds them.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from './places.mjs';
import { say } from './say.mjs';

/**
 * Starts guard.sh on a lock file. Undefined when another process holds the lock.
 * The guard's standard input takes the pids to end after us; closing it without pids just frees the lock.
 * @param {string} file
 */
export async function takeLock(file) {
  const guard = spawn('/bin/sh', [join(import.meta.dirname, 'guard.sh'), file], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
    cwd: '/',
  });
  guard.stdin.on('error', () => undefined);
  const ended = once(guard, 'close');
  const answer = await Promise.race([
    once(createInterface({ input: guard.stdout }), 'line').then(([line]) => line),
    ended.then(() => 'failed'),
  ]);
  if (answer === 'held') return guard;
  await ended;
  if (answer === 'busy') return undefined;
  throw new Error(`the lock file ${file} could not be opened`);
}

/**
 * Runs `work` while no other script of this clone and user installs or builds.
 * @template T @param {() => Promise<T>} work @param {(line: string) => void} tell @returns {Promise<T>}
 */
export async function withSetupLock(work, tell = say) {
  const clone = createHash('sha256').update(ROOT).digest('hex').slice(0, 12);
  const file = join(tmpdir(), `dateline-setup-${process.getuid?.() ?? 0}-${clone}.lock`);
  let guard;
  for (let tries = 0; (guard = await takeLock(file)) === undefined; tries += 1) {
    if (tries === 5) tell('waiting for another script that builds this clone …');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  try {
    return await work();
  } finally {
    guard.stdin.end();
    await once(guard, 'close');
  }
}
