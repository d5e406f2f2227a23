// Gets programs out of Debian packages without installing them: no root, no service, nothing of the system changed.
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from './run-command.mjs';
import { Refusal } from './say.mjs';

/** Needed by a package's scripts or by parts that we do not use, and large. */
const NOT_NEEDED =
  /^(perl|libperl|libllvm|libz3|locales|ssl-cert|openssl|debconf|adduser|passwd|readline|netbase|libgdbm|logrotate|ucf|sensible|postgresql-common|postgresql-client-common|init-|lsb-|procps|cron)/;

/** Whether this is a Debian or a descendant of it. */
export async function hasApt() {
  return (await runCommand('apt-get', ['--version'])).code === 0;
}

/**
 * Unpacks packages and whatever of their dependencies the system lacks into `folder`, which appears when it is complete.
 * @param {string[]} packages @param {string} folder
 */
export async function unpackDebianPackages(packages, folder) {
  mkdirSync(dirname(folder), { recursive: true });
  const work = mkdtempSync(`${folder}.`);
  try {
    const debs = (await download(packages, work, [])) ?? (await downloadWithOwnLists(packages, work));
    const tree = join(work, 'tree');
    for (const deb of debs) {
      const { code, output } = await runCommand('dpkg', ['-x', join(work, deb), tree]);
      if (code !== 0) throw new Refusal(`dpkg -x ${deb} failed: ${lastLine(output)}`);
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(tree, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The system's package lists may be missing or old, and only root may renew them: ours lie beside the packages. */
async function downloadWithOwnLists(packages, work) {
  for (const folder of ['state/lists/partial', 'cache/archives/partial'])
    mkdirSync(join(work, folder), { recursive: true });
  const options = [`Dir::State=${work}/state`, `Dir::Cache=${work}/cache`, 'Dir::State::status=/var/lib/dpkg/status'];
  const flags = options.flatMap((option) => ['-o', option]);
  const update = await runCommand('apt-get', ['-qq', ...flags, 'update']);
  const debs = await download(packages, work, flags);
  if (debs === undefined)
    throw new Refusal(`apt-get could not download ${packages[0]}: ${lastLine(update.output) || 'no such package'}`);
  return debs;
}

/** Names of the downloaded files, or undefined when apt could not get them. */
async function download(packages, work, flags) {
  const plan = await runCommand('apt-get', ['-s', '-qq', ...flags, '--no-install-recommends', 'install', ...packages]);
  if (plan.code !== 0) return undefined;
  const missing = [...plan.stdout.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]);
  const wanted = new Set([...packages, ...missing.filter((name) => !NOT_NEEDED.test(name))]);
  const { code } = await runCommand('apt-get', ['-qq', ...flags, 'download', ...wanted], { cwd: work });
  return code === 0 ? readdirSync(work).filter((file) => file.endsWith('.deb')) : undefined;
}

const lastLine = (text) => text.trim().split('\n').at(-1) ?? '';

/** The folders of shared libraries in an unpacked tree, as LD_LIBRARY_PATH. */
export function libraryPath(tree) {
  return ['usr/lib', 'lib']
    .map((folder) => join(tree, folder))
    .flatMap((folder) =>
      readFolders(folder)
        .filter((name) => name.includes('-linux-gnu'))
        .map((name) => join(folder, name)),
    )
    .join(':');
}

function readFolders(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
