// What `npm run dateline` runs: the command line client, whose output alone appears; set-up speaks on standard error.
import './setup/node-version.mjs';
import { spawn } from 'node:child_process';
import { ensureBuild } from './setup/build.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { inRoot, ROOT } from './setup/places.mjs';
import { runScript } from './setup/run-script.mjs';

const onStandardError = (line) => process.stderr.write(`dateline: ${line}\n`);

await runScript(async (args) => {
  await ensureDependencies(onStandardError);
  await ensureBuild(onStandardError);
  const entry = inRoot('dist/apps/console/src/cli/main.js');
  const child = spawn(process.execPath, ['--enable-source-maps', entry, ...args], { cwd: ROOT, stdio: 'inherit' });
  return new Promise((resolve) => {
    // A Ctrl-C in the terminal reaches the child by itself, and it may have something to tidy up.
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.on('error', () => resolve(127));
    child.on('exit', (code, signal) => resolve(signal === null ? code : 1));
  });
});
