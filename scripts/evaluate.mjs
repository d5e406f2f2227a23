// What `dateline evaluate` runs: the processor's own rooms beside a throw-away PostgreSQL, or on the server of DATABASE_URL.
import { embeddedPrograms } from './setup/postgres-binaries.mjs';
import { nodeFlags } from './setup/node-flags.mjs';
import { inRoot } from './setup/places.mjs';
import { runScript } from './setup/run-script.mjs';
import { startThrowAwayPostgres } from './setup/throw-away-stores.mjs';
import { runToEnd } from './setup/with-stores.mjs';

const ENTRY = [...nodeFlags('processor'), inRoot('dist/apps/processor/src/evaluate/main.js')];
/** Standard output is the report's. */
const onStandardError = (line) => process.stderr.write(`dateline: ${line}\n`);

await runScript(async (args) => {
  if (process.env.DATABASE_URL) return runToEnd([...ENTRY, ...args], process.env);
  const postgres = await startThrowAwayPostgres({ programs: embeddedPrograms, tell: onStandardError });
  try {
    return await runToEnd([...ENTRY, ...args], { ...process.env, DATABASE_URL: postgres.databaseUrl });
  } finally {
    await postgres.end();
  }
});
