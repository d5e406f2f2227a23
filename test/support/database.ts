/** A throw-away database for one test file, on the server that `npm test` started. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { Database } from '#storage/database.js';
import { migrateToLatest } from '#storage/migrate.js';

export interface TestDatabase {
  database: Database;
  url: string;
  /** Closes the pool and drops the database. */
  drop: () => Promise<void>;
}

/** The server's address; `npm test` sets it. */
export function serverUrl(): string {
  const url = process.env['TEST_DATABASE_URL'];
  if (url === undefined) throw new Error('TEST_DATABASE_URL is not set: run the tests with npm test');
  return url;
}

/** Held while the template is made: test files start side by side. */
const TEMPLATE_LOCK = 7_203_114;

/** Makes an empty, migrated database, or one without tables. */
export async function testDatabase({ migrate = true } = {}): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  // A server that outlives the run keeps no template: tomorrow's migrations may be others.
  const template = migrate ? process.env['TEST_TEMPLATE'] : undefined;
  await onServer(async (client) => {
    if (template !== undefined) await ensureTemplate(client, template);
    await client.query(`CREATE DATABASE ${name}${template === undefined ? '' : ` TEMPLATE ${template}`}`);
  });
  const url = urlOf(name);
  const database = new Database({ connectionString: url, applicationName: 'test', maxConnections: 10 });
  if (migrate && template === undefined) await migrateToLatest(database);
  return {
    database,
    url,
    drop: async () => {
      await database.close();
      await onServer((client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

/** The first caller of a run migrates a database that all others copy: a tenth of the work of migrating theirs. */
async function ensureTemplate(client: pg.Client, template: string): Promise<void> {
  const exists = async () =>
    (await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template])).rowCount === 1;
  if (await exists()) return;
  await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    if (await exists()) return;
    // The name appears when the template is whole: nobody copies one that is half made.
    const unfinished = `${template}_unfinished`;
    await client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${unfinished}`);
    const database = new Database({ connectionString: urlOf(unfinished), applicationName: 'test', maxConnections: 1 });
    await migrateToLatest(database).finally(() => database.close());
    await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${template}`);
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

function urlOf(name: string): string {
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  return url.href;
}

async function onServer(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
