// What `npm run bench` runs: the same set-up as the tests, with a PostgreSQL that waits for its disk as a hub's does.
import './setup/node-version.mjs';
import { ensureBuild } from './setup/build.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { inRoot } from './setup/places.mjs';
import { embeddedPrograms } from './setup/postgres-binaries.mjs';
import { runScript } from './setup/run-script.mjs';
import { runWithStores } from './setup/with-stores.mjs';

await runScript(async (args) => {
  await ensureDependencies();
  await ensureBuild();
  return runWithStores(['--enable-source-maps', inRoot('dist/bench/main.js'), ...args], {
    programs: embeddedPrograms,
    durable: true,
    ...(process.env.DATABASE_URL ? { databaseUrl: process.env.DATABASE_URL } : {}),
  });
});
