// Finds a Redis server to run, or gets one with the system's package manager without starting a system service.
import { accessSync, constants, existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { hasApt, libraryPath, unpackDebianPackages } from './debian-packages.mjs';
import { cacheFolder } from './places.mjs';
import { runCommand } from './run-command.mjs';
import { during, Refusal } from './say.mjs';

const NAMES = ['redis-server', 'valkey-server'];
const HOMEBREW_FOLDERS = ['/opt/homebrew/bin', '/usr/local/bin'];
const NONE_FOUND =
  'no Redis was found and none could be installed: install redis-server or valkey-server, or run ' +
  '`docker run -d -p 127.0.0.1:6379:6379 redis:7` and set REDIS_URL=redis://127.0.0.1:6379';

/** The path of a server that can be started. Throws a Refusal that says what to do. */
export async function ensureRedisBinary(tell) {
  return onPath() ?? (await cached()) ?? (await during('getting Redis with the system package manager', obtain, tell));
}

/** The first of the known names on PATH. */
function onPath(folders = (process.env.PATH ?? '').split(delimiter)) {
  return folders
    .filter((folder) => folder !== '')
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(isExecutable);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const wrapperFile = () => join(cacheFolder('redis'), 'redis-server');

/** What an earlier start unpacked, if it still runs: an upgrade of the system may have taken a library away. */
async function cached() {
  const file = wrapperFile();
  return existsSync(file) && (await runs(file)) ? file : undefined;
}

async function runs(file) {
  return (await runCommand(file, ['--version'])).code === 0;
}

async function obtain() {
  const found = (await fromDebian()) ?? (await fromOthers());
  if (found === undefined) throw new Refusal(NONE_FOUND);
  return found;
}

/** Debian's redis-tools holds the server itself; the package redis-server would start a service. */
async function fromDebian() {
  if (!(await hasApt())) return undefined;
  const tree = join(cacheFolder('redis'), 'debian');
  try {
    await unpackDebianPackages(['redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'], tree);
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal([error.message, NONE_FOUND]);
    throw error;
  }
  // The program looks at the name it is called by; the package that carries the name redis-server is the service's.
  const server = join(tree, 'usr/bin/redis-server');
  if (!existsSync(server)) symlinkSync('redis-check-rdb', server);
  const file = wrapperFile();
  writeFileSync(file, wrapper(tree, server), { mode: 0o755 });
  return (await runs(file)) ? file : undefined;
}

/** A script in the server's place that adds the unpacked libraries; `exec` keeps the pid. */
function wrapper(tree, server) {
  return `#!/bin/sh\nLD_LIBRARY_PATH='${libraryPath(tree)}' exec '${server}' "$@"\n`;
}

/** Package managers that install a server without starting it. Homebrew needs no root, the others do. */
async function fromOthers() {
  const root = process.getuid?.() === 0;
  const managers = [
    { command: 'brew', args: ['install', '--quiet', 'redis'], possible: !root },
    { command: 'dnf', args: ['install', '-y', '-q', 'valkey'], possible: root },
    { command: 'dnf', args: ['install', '-y', '-q', 'redis'], possible: root },
    { command: 'apk', args: ['add', '--quiet', 'redis'], possible: root },
  ];
  for (const { command, args, possible } of managers) {
    if (possible && (await runCommand(command, args)).code === 0) {
      const found = onPath() ?? onPath(HOMEBREW_FOLDERS);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
