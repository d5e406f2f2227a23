// PostgreSQL refuses to run as root: finds the user to run it as, and says whether that user can use a folder.
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';

/** Accounts that systems bring along; initdb needs one with a name. */
const CANDIDATES = ['postgres', 'nobody'];

/**
 * Whom to run PostgreSQL as: undefined (ourselves) unless we are root. A store that exists stays with its owner.
 * @param {string} existing the store's folder, if there is one
 * @returns {{ uid: number, gid: number } | undefined}
 */
export function storeUser(existing) {
  if (process.getuid?.() !== 0) return undefined;
  try {
    const { uid, gid } = statSync(existing);
    if (uid !== 0) return { uid, gid };
  } catch {
    // No store yet.
  }
  return accounts(readFileSync('/etc/passwd', 'utf8'));
}

/** The first candidate in the text of /etc/passwd. */
function accounts(passwd) {
  const lines = passwd.split('\n').map((line) => line.split(':'));
  for (const name of CANDIDATES) {
    const account = lines.find((fields) => fields[0] === name);
    if (account !== undefined) return { uid: Number(account[2]), gid: Number(account[3]) };
  }
  throw new Error(`PostgreSQL cannot run as root, and none of the users ${CANDIDATES.join(', ')} exists`);
}

/** Whether that user can enter the folder. */
export function canEnter(user, folder) {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
}

/** Whether that user can run a program to a good end. */
export function canRun(user, program, args, env = process.env) {
  return spawnSync(program, args, { ...user, env, cwd: '/', stdio: 'ignore' }).status === 0;
}
