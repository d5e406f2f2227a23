// Compiles the tree into dist when a source changed since the last build, and removes what vanished sources left there.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withSetupLock } from './lock.mjs';
import { inRoot, ROOT } from './places.mjs';
import { runCommand } from './run-command.mjs';
import { during, Refusal } from './say.mjs';

const SOURCE_FOLDERS = ['apps', 'libs', 'demo', 'bench', 'test'];
const SETTINGS = ['tsconfig.json', 'package.json', 'package-lock.json'];
const NOTE = 'dist/.build.json';

/** Builds when the build is stale. Throws a Refusal with the compiler's words when it does not compile. */
export async function ensureBuild(tell) {
  if (buildIsCurrent()) return;
  await withSetupLock(async () => {
    if (!buildIsCurrent()) await during('building', build, tell);
  }, tell);
}

/** Every TypeScript source, from the root. */
function sources() {
  return SOURCE_FOLDERS.filter((folder) => existsSync(inRoot(folder))).flatMap((folder) =>
    readdirSync(inRoot(folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
      .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1)),
  );
}

/** One hash over names and contents: times of change mean nothing after a clone or a copy. */
function fingerprint(files) {
  const hash = createHash('sha256');
  for (const file of [...SETTINGS, ...files.toSorted()]) hash.update(`${file}\0`).update(readFileSync(inRoot(file)));
  return hash.digest('hex');
}

const outputOf = (source) => join('dist', source.replace(/\.ts$/, '.js'));

function lastBuild() {
  try {
    return JSON.parse(readFileSync(inRoot(NOTE), 'utf8'));
  } catch {
    return { fingerprint: '', sources: [] };
  }
}

function buildIsCurrent() {
  const files = sources();
  return lastBuild().fingerprint === fingerprint(files) && files.every((file) => existsSync(inRoot(outputOf(file))));
}

async function build() {
  const files = sources();
  const before = fingerprint(files);
  for (const vanished of lastBuild().sources.filter((source) => !files.includes(source))) {
    for (const suffix of ['', '.map']) rmSync(inRoot(outputOf(vanished) + suffix), { force: true });
  }
  // Types are `npm run check`'s business: leaving them out makes the build three times faster, with the same output.
  const tsc = [inRoot('node_modules/typescript/bin/tsc'), '-p', '.', '--noCheck', '--incremental', 'false'];
  const { code, output } = await runCommand(process.execPath, tsc, { cwd: ROOT });
  if (code !== 0) throw new Refusal([...output.trim().split('\n'), 'the build failed: see above']);
  writeFileSync(inRoot(NOTE), JSON.stringify({ fingerprint: before, sources: files }));
}
