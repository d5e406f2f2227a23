// Where things lie: the project, and the caches that outlive `npm ci`.
import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The project's root folder. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** A file of the project, from its root. */
export const inRoot = (...parts) => join(ROOT, ...parts);

/**
 * A folder for downloads that later starts can use without a network: the user's cache, else the temporary folder.
 * @param {string} name
 */
export function cacheFolder(name) {
  const homeCache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  for (const base of [homeCache, join(tmpdir(), `dateline-cache-${process.getuid?.() ?? 0}`)]) {
    const folder = join(base, 'dateline', name);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      accessSync(folder, constants.W_OK);
      return folder;
    } catch {
      // Not writable: the next one.
    }
  }
  throw new Error(`no folder for caches could be made (tried ${homeCache} and ${tmpdir()})`);
}
