// What `npm test` runs: the whole set-up with throw-away data, then Jest. With --postgres: against a real PostgreSQL 15.
import './setup/node-version.mjs';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuild } from './setup/build.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { inRoot } from './setup/places.mjs';
import { embeddedPrograms, postgres15Programs } from './setup/postgres-binaries.mjs';
import { runScript } from './setup/run-script.mjs';
import { runWithStores } from './setup/with-stores.mjs';

/** What touches SQL: the repositories and the hub as a whole. The launcher and the compose file bring stores of their own; what a browser shows of pages does not depend on the store. */
const POSTGRES_TESTS = ['libs/storage/', 'test/(?!launcher|compose|pages)[\\w-]+\\.e2e-spec'];

await runScript(async (args) => {
  const realPostgres = args.includes('--postgres');
  const given = args.filter((arg) => arg !== '--postgres');
  await ensureDependencies();
  await ensureBuild();
  const options = realPostgres
    ? { programs: postgres15Programs, databaseUrl: process.env.DATABASE_URL || undefined }
    : { programs: embeddedPrograms };
  return withSummary((resultFile) =>
    runWithStores(jestArguments(given.length === 0 && realPostgres ? POSTGRES_TESTS : given, resultFile), options),
  );
});

function jestArguments(given, resultFile) {
  const choosesWorkers = given.some((arg) => /^(-i|--runInBand|-w|--maxWorkers)/.test(arg));
  return [
    // Its workers get it too. Each test file loads a thousand modules anew: with V8's 16 MB a sixth of all was collecting them.
    '--max-semi-space-size=64',
    inRoot('node_modules/jest/bin/jest.js'),
    // One more than a small machine has processors: some wait while others compute, and none starves.
    ...(choosesWorkers ? [] : ['--maxWorkers=3']),
    ...['--json', `--outputFile=${resultFile}`],
    ...given,
  ];
}

/** Ends with one line that a machine can read: "N passed, N failed". */
async function withSummary(run) {
  const folder = mkdtempSync(join(tmpdir(), 'dateline-results-'));
  try {
    const resultFile = join(folder, 'results.json');
    const code = await run(resultFile);
    process.stdout.write(`${summary(resultFile)}\n`);
    return code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A test file that could not even be run counts as one failure. */
function summary(resultFile) {
  try {
    const results = JSON.parse(readFileSync(resultFile, 'utf8'));
    return `${results.numPassedTests} passed, ${results.numFailedTests + results.numRuntimeErrorTestSuites} failed`;
  } catch {
    return '0 passed, 1 failed';
  }
}
