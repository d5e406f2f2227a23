/** A console in the test's own process, on a database of its own and a free port. */
import type { Config } from '#config/config.js';
import type { Database } from '#storage/database.js';
import { startConsole } from '../../apps/console/src/bootstrap.js';
import { testConfig } from './config.js';
import { testDatabase } from './database.js';

export interface ConsoleAnswer {
  status: number;
  headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever the API answers; the test says what it expects
  body: any;
}

export interface TestConsole {
  url: string;
  token: string;
  config: Config;
  database: Database;
  /** A request with the token; `path` begins behind /api/v1. */
  api: (method: string, path: string, body?: unknown) => Promise<ConsoleAnswer>;
  close: () => Promise<void>;
}

/** `reroute` changes the address that the console is given for its database. */
export async function testConsole(
  overrides: Partial<Config> = {},
  reroute: (databaseUrl: string) => string = (databaseUrl) => databaseUrl,
): Promise<TestConsole> {
  const { database, url: databaseUrl, drop } = await testDatabase();
  const config = testConfig(reroute(databaseUrl), { consolePort: 0, demo: 'auto', ...overrides });
  const { url, close } = await startConsole(config, 'console').catch(async (error: unknown) => {
    await drop();
    throw error;
  });
  return {
    url,
    token: config.adminToken,
    config,
    database,
    api: async (method, path, body) => {
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${config.adminToken}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = (response.headers.get('content-type') ?? '').includes('json');
      return {
        status: response.status,
        headers: response.headers,
        body: (isJson ? JSON.parse(text) : text) as unknown,
      };
    },
    close: async () => {
      await close();
      await drop();
    },
  };
}
