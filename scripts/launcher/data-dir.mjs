// DATA_DIR: makes it, proves that it can be written to, and holds it for this hub alone.
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { birthOf, endLeftovers, stillRuns } from '../setup/processes.mjs';
import { takeLock } from '../setup/lock.mjs';
import { Refusal, say } from '../setup/say.mjs';

/** A hub that was killed needs at most five seconds to be gone. */
const PREVIOUS_HUB_MS = 7_000;

/** Makes the folder. As root others may pass through it (not look into it): PostgreSQL's user must reach its part. */
export function prepareDataDir(folder) {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK | constants.X_OK);
    if (process.getuid?.() === 0) chmodSync(folder, 0o711);
  } catch (error) {
    throw new Refusal(`DATA_DIR ${folder} cannot be written to (${error.code}): set DATA_DIR to a folder that can`);
  }
}

/**
 * Takes the folder's lock; waits when the hub that held it is just ending.
 * @param {string} folder
 * @returns {Promise<{ guard: import('node:child_process').ChildProcess, lockFile: string }>}
 */
export async function lockDataDir(folder) {
  const lockFile = join(folder, 'lock');
  const giveUpAt = Date.now() + PREVIOUS_HUB_MS;
  for (let waiting = false; ; waiting = true) {
    const guard = await takeLock(lockFile);
    if (guard !== undefined) return { guard, lockFile };
    const { launcher } = readRun(folder);
    if (stillRuns(launcher))
      throw new Refusal(
        `DATA_DIR ${folder} is used by another hub (process ${launcher.pid}): stop it, or set DATA_DIR`,
      );
    if (Date.now() > giveUpAt) throw new Refusal(`DATA_DIR ${folder} is used by another hub: stop it, or set DATA_DIR`);
    if (!waiting) say('waiting for the previous hub to end …');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Ends what a run left behind whose launcher and guard were both killed. */
export async function clearPreviousRun(folder) {
  const ended = await endLeftovers(readRun(folder).processes ?? []);
  if (ended.length > 0) say(`ended what the previous hub left behind: ${ended.join(', ')}`);
}

const runFile = (folder) => join(folder, 'run.json');

/** What run.json says of the run that holds or held the folder; empty when there was none. */
function readRun(folder) {
  try {
    return JSON.parse(readFileSync(runFile(folder), 'utf8'));
  } catch {
    return {};
  }
}

/**
 * Writes run.json for operators and tests: who runs, and where the stores are. Mode 600: the URLs hold passwords.
 * @param {string} folder @param {object} run
 */
export function writeRun(folder, run) {
  if (!existsSync(folder)) return;
  const launcher = { pid: process.pid, born: birthOf(process.pid) };
  writeFileSync(`${runFile(folder)}.new`, `${JSON.stringify({ launcher, ...run }, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${runFile(folder)}.new`, runFile(folder));
}

/** After an orderly end. @param {string} folder */
export function removeRun(folder) {
  rmSync(runFile(folder), { force: true });
}
