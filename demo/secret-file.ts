/** Keeps the demo receiver's endpoint and its secret, which the API tells only once. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const keptSchema = z.object({ id: z.string(), url: z.string(), secret: z.string() });
export type KeptEndpoint = z.infer<typeof keptSchema>;

/** What the file holds; undefined when it is missing or unreadable. */
export function readKeptEndpoint(file: string): KeptEndpoint | undefined {
  try {
    return keptSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Writes the file readable by its owner only. */
export function keepEndpoint(file: string, endpoint: KeptEndpoint): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(endpoint, null, 2)}\n`, { mode: 0o600 });
}
