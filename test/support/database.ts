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

/** Makes an empty, migrated database. */
export async function testDatabase({ migrate = true } = {}): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name}`);
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  const database = new Database({ connectionString: url.href, applicationName: 'test', maxConnections: 10 });
  if (migrate) await migrateToLatest(database);
  return {
    database,
    url: url.href,
    drop: async () => {
      await database.close();
      await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
