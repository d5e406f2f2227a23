// The embedded PostgreSQL: makes its folder once, and describes how to run it.
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { openLog } from './bounded-log.mjs';
import { commandOf } from './processes.mjs';
import { runCommand } from './run-command.mjs';
import { Refusal } from './say.mjs';
import { canEnter } from './unprivileged.mjs';

const ROLE = 'dateline';
const DATABASE = 'dateline';
/** C.UTF-8 sorts by code point and knows every letter; macOS does not have it. */
const LOCALE = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';
/** For data that nobody will miss: the tests need no disk to be waited for. */
const THROW_AWAY = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
const [LEAST_BUFFERS_MB, MOST_BUFFERS_MB] = [128, 3072];

/**
 * A quarter of the memory, as PostgreSQL advises: the index that copies are found by has 550 bytes an item of the window, and
 * what is not in memory makes each look-up dearer. Taken only as far as it is used.
 */
function buffersMb() {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  return Math.min(MOST_BUFFERS_MB, Math.max(LEAST_BUFFERS_MB, Math.floor(memory / 4 / 2 ** 20)));
}

/**
 * The folder that holds the store: in the data folder, or, when its user cannot go there (a clone in a home of mode
 * 700), one of its own in /var/lib/dateline that the data folder remembers.
 * @param {string} dataDir
 * @param {{ uid: number, gid: number } | undefined} user
 */
export function storeFolder(dataDir, user) {
  const inside = join(dataDir, 'postgres');
  if (user === undefined || existsSync(join(inside, 'data')) || canEnter(user, dataDir)) return inside;
  const note = join(dataDir, 'postgres-folder');
  if (existsSync(note)) return readFileSync(note, 'utf8').trim();
  const outside = join('/var/lib/dateline', randomBytes(6).toString('hex'));
  mkdirSync('/var/lib/dateline', { recursive: true });
  chmodSync('/var/lib/dateline', 0o755);
  writeFileSync(note, `${outside}\n`);
  return outside;
}

/**
 * Makes the cluster and its database unless they are there. A start that was interrupted half-way begins anew.
 * @param {{ folder: string, programs: import('./postgres-binaries.mjs').PostgresPrograms, user?: { uid: number, gid: number } }} store
 */
export async function createCluster({ folder, programs, user }) {
  const data = join(folder, 'data');
  if (existsSync(data)) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const password = passwordOf(folder);
  if (user !== undefined) for (const path of [folder, join(folder, 'password')]) chownSync(path, user.uid, user.gid);
  const unfinished = join(folder, 'data.unfinished');
  rmSync(unfinished, { recursive: true, force: true });
  const options = { cwd: folder, env: { ...process.env, ...programs.env, LC_ALL: LOCALE }, ...user };
  await mustRun(
    join(programs.bin, 'initdb'),
    [
      ...['-D', unfinished, '-U', ROLE, '--encoding=UTF8', `--locale=${LOCALE}`, '--no-instructions'],
      ...['--auth=scram-sha-256', `--pwfile=${join(folder, 'password')}`],
    ],
    options,
  );
  await mustRun(join(programs.bin, 'postgres'), ['--single', '-D', unfinished, 'postgres'], {
    ...options,
    input: `CREATE DATABASE ${DATABASE};\n`,
  });
  renameSync(unfinished, data);
  return password;
}

async function mustRun(program, args, options) {
  const { code, output } = await runCommand(program, args, options);
  if (code !== 0) throw new Refusal([...output.trim().split('\n').slice(-5), `${program} failed: see above`]);
}

/** The password of the store's role, made at its first use. */
function passwordOf(folder) {
  const file = join(folder, 'password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

/** @param {string} folder @param {number} port */
export function postgresUrl(folder, port) {
  return `postgres://${ROLE}:${passwordOf(folder)}@127.0.0.1:${port}/${DATABASE}`;
}

/**
 * How the supervisor runs it.
 * @param {{ folder: string, programs: import('./postgres-binaries.mjs').PostgresPrograms, user?: { uid: number, gid: number }, port: number, logFile: string, throwAway?: boolean }} store
 * @returns {import('./supervisor.mjs').Service}
 */
export function postgresService({ folder, programs, user, port, logFile, throwAway = false }) {
  const data = join(folder, 'data');
  const settings = [
    ...['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'max_connections=200'],
    ...[
      `shared_buffers=${throwAway ? LEAST_BUFFERS_MB : buffersMb()}MB`,
      'max_wal_size=1GB',
      'jit=off',
      'log_timezone=UTC',
      'timezone=UTC',
    ],
    ...(throwAway ? THROW_AWAY : []),
  ];
  const log = openLog(logFile);
  return {
    name: 'postgres',
    stage: 'stores',
    command: join(programs.bin, 'postgres'),
    args: ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    env: { ...process.env, ...programs.env },
    cwd: folder,
    user,
    stdio: ['ignore', log, log],
    logFile,
    stopSignal: 'SIGINT',
    killSignal: 'SIGQUIT',
    prepare: () => removeStalePid(data),
    isReady: (pid) => readyPid(data) === pid,
  };
}

/** The pid in postmaster.pid may since belong to anyone: PostgreSQL would refuse to start beside it. */
function removeStalePid(data) {
  const pid = Number(pidFile(data)[0]);
  if (pid > 0 && !commandOf(pid).includes(data)) rmSync(join(data, 'postmaster.pid'), { force: true });
}

/** The pid of a server that says it takes connections (the last line of its pid file). */
function readyPid(data) {
  const lines = pidFile(data);
  return lines.some((line) => line.trim() === 'ready') ? Number(lines[0]) : undefined;
}

function pidFile(data) {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}
