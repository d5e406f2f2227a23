/** Hot statements are planned once a connection: planning one over partitioned tables costs milliseconds, running it a fraction. */
import { createHash } from 'node:crypto';
import { CompiledQuery, type Kysely, type RawBuilder } from 'kysely';
import pg from 'pg';
import type { Schema } from './schema.js';

/** How the text of such a statement begins: on its way to the connection nothing else can travel with it. */
const MARK = '/* prepared */ ';

const names = new Map<string, string>();

/** As PostgreSQL knows the statement: at most 63 characters, the same for the same text. */
function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = createHash('sha1').update(text).digest('base64');
  names.set(text, name);
  return name;
}

/** Prepares what is marked when the connection meets it first. */
export class PreparingClient extends pg.Client {
  // The client's own signatures are a dozen; what Kysely asks is text with values, and whatever else passes through.
  override query(...args: unknown[]): never {
    const [text, values, ...others] = args;
    const isMarked = typeof text === 'string' && text.startsWith(MARK);
    const asked = isMarked ? [{ name: nameOf(text), text, values }, ...others] : args;
    return super.query(...(asked as [string])) as never;
  }
}

/**
 * A statement whose text does not vary: each text stays with each connection for as long as that is open, and so do the limits
 * that are written into it. `count`: rows that were changed, or answered.
 */
export function prepared<Row>(statement: RawBuilder<Row>): {
  execute(executor: Kysely<Schema>): Promise<{ rows: Row[]; count: number }>;
} {
  return {
    async execute(executor) {
      const { sql: text, parameters } = statement.compile(executor);
      const query = CompiledQuery.raw(MARK + text, [...parameters]) as CompiledQuery<Row>;
      const { rows, numAffectedRows } = await executor.executeQuery(query);
      return { rows, count: Number(numAffectedRows ?? rows.length) };
    },
  };
}
