/** A database of the bench's own: made at its start and dropped at its end, or kept under a name for the next time. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';

pg.types.setTypeParser(20, Number);

export class ThrowawayDatabase {
  private constructor(
    readonly url: string,
    private readonly serverUrl: string,
    private readonly name: string,
    private readonly kept: boolean,
    private readonly pool: pg.Pool,
  ) {}

  /** `serverUrl` names a server where databases may be created. One with a name is found again if it is there, and kept. */
  static async create(serverUrl: string, keepAs?: string): Promise<ThrowawayDatabase> {
    const name = `bench_${keepAs ?? randomBytes(5).toString('hex')}`;
    const known = await onServer(serverUrl, `SELECT FROM pg_database WHERE datname = '${name}'`);
    if (known === 0) await onServer(serverUrl, `CREATE DATABASE ${name}`);
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    const pool = new pg.Pool({ connectionString: url.href, max: 2, application_name: 'bench' });
    pool.on('error', () => undefined);
    return new ThrowawayDatabase(url.href, serverUrl, name, keepAs !== undefined, pool);
  }

  async query<T extends object>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.pool.query<T>(text, values)).rows;
  }

  /** The first column of the first row, as a number. */
  async count(text: string, values: unknown[] = []): Promise<number> {
    const [row] = await this.query<Record<string, unknown>>(text, values);
    return Number(Object.values(row ?? {})[0] ?? 0);
  }

  async drop(): Promise<void> {
    await this.pool.end();
    if (!this.kept) await onServer(this.serverUrl, `DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`);
  }
}

/** Answers the number of rows. */
async function onServer(serverUrl: string, statement: string): Promise<number> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    return (await client.query(statement)).rowCount ?? 0;
  } finally {
    await client.end();
  }
}
