// Runs a program beside throw-away stores, with an environment that nothing of the person's own hub leaks into.
import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { inRoot, ROOT } from './places.mjs';
import { during } from './say.mjs';
import { startThrowAwayStores } from './throw-away-stores.mjs';

/**
 * @param {string[]} args of Node.js
 * @param {Parameters<typeof startThrowAwayStores>[0]} options
 * @returns {Promise<number>} the program's exit code
 */
export async function runWithStores(args, options) {
  const stores = await during('starting PostgreSQL and Redis with throw-away data', () =>
    startThrowAwayStores(options),
  );
  try {
    return await runToEnd(args, {
      ...(await withoutOurVariables(process.env)),
      TEST_DATABASE_URL: stores.databaseUrl,
      TEST_REDIS_URL: stores.redisUrl,
      TEST_REDIS_BIN: stores.redisBinary,
      // Made by the first test that needs a database, for the others to copy; never on someone else's server.
      ...(options.databaseUrl === undefined ? { TEST_TEMPLATE: 'template_of_tests' } : {}),
    });
  } finally {
    await stores.end();
  }
}

/** The environment without any variable of Dateline. */
async function withoutOurVariables(env) {
  const { VARIABLES } = await import(pathToFileURL(inRoot('dist/libs/config/src/variables.js')).href);
  const ours = VARIABLES.map((variable) => variable.name);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.includes(name)));
}

/** Runs Node.js and answers its exit code. A Ctrl-C reaches the program too: we wait for its end, to tidy up after it. */
export function runToEnd(args, env) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: 'inherit' });
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.on('error', () => resolve(127));
    child.on('exit', (code, signal) => resolve(signal === null ? code : 1));
  });
}
