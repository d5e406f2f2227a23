/** A database for one piece of work, made at its start and dropped at its end, beside whatever else the server holds. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface ThrowAwayDatabase {
  url: string;
  /** Whoever is still connected is cut off. */
  drop: () => Promise<void>;
}

/** Throws with a sentence when the server cannot be reached or its role may not create databases. */
export async function createThrowAwayDatabase(serverUrl: string, purpose: string): Promise<ThrowAwayDatabase> {
  const name = `dateline_${purpose}_${randomBytes(6).toString('hex')}`;
  try {
    await onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  } catch (error) {
    throw new Error(`no throw-away database could be made on the server of DATABASE_URL: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function onServer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
