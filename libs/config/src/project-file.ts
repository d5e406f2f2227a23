/** Finds files that are shipped beside the code (templates, styles, data), the same from source and from dist. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = findRoot(dirname(fileURLToPath(import.meta.url)));

/** The absolute path of a file named from the project's root, for example `apps/publisher/templates`. */
export function projectFile(path: string): string {
  return join(root, path);
}

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'nest-cli.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('the project root (the folder with nest-cli.json) was not found');
  return findRoot(parent);
}
