// Brings node_modules to what package-lock.json says, without the noise of npm.
import { existsSync, readFileSync } from 'node:fs';
import { inRoot, ROOT } from './places.mjs';
import { runCommand } from './run-command.mjs';
import { during, Refusal } from './say.mjs';

/** Installs the dependencies when they are missing or not those of package-lock.json. */
export async function ensureDependencies(tell) {
  if (dependenciesAreCurrent()) return;
  await during('installing the dependencies (npm ci)', install, tell);
}

/** Whether the tree that npm last installed, by its own note of it, has every package that the lock file demands. */
function dependenciesAreCurrent() {
  const note = inRoot('node_modules/.package-lock.json');
  if (!existsSync(note)) return false;
  const installed = JSON.parse(readFileSync(note, 'utf8')).packages;
  return (
    missingPackages(JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')).packages, installed).length === 0
  );
}

/** Paths of packages that are wanted but not installed in that version. Optional ones may be for other platforms. */
function missingPackages(wanted, installed) {
  return Object.entries(wanted)
    .filter(([path, entry]) => path !== '' && entry.link !== true)
    .filter(([path, entry]) =>
      installed[path] === undefined ? entry.optional !== true : installed[path].version !== entry.version,
    )
    .map(([path]) => path);
}

async function install() {
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  // Under `npm start` the npm that runs us is the one to use.
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js')
    ? [process.execPath, [process.env.npm_execpath, ...args]]
    : ['npm', args];
  const { code, output } = await runCommand(npm[0], npm[1], { cwd: ROOT });
  if (code !== 0) throw new Refusal([...output.trim().split('\n'), 'npm ci failed: see above']);
}
