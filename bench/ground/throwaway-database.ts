/** A database of the bench's own, made at its start and dropped at its end. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';

pg.types.setTypeParser(20, Number);

export class ThrowawayDatabase {
  private constructor(
    readonly url: string,
    private readonly serverUrl: string,
    private readonly name: string,
    private readonly pool: pg.Pool,
  ) {}

  /** `serverUrl` names a server where databases may be created. */
  static async create(serverUrl: string): Promise<ThrowawayDatabase> {
    const name = `bench_${randomBytes(5).toString('hex')}`;
    await onServer(serverUrl, `CREATE DATABASE ${name}`);
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    const pool = new pg.Pool({ connectionString: url.href, max: 2, application_name: 'bench' });
    pool.on('error', () => undefined);
    return new ThrowawayDatabase(url.href, serverUrl, name, pool);
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
    await onServer(this.serverUrl, `DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`);
  }
}

async function onServer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
