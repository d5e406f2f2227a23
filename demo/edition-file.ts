/** Remembers in DATA_DIR when the demo newsroom first opened, so that every later start continues the same news. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Edition, edition, editionOfCode } from './partners/timeline.js';

/** The edition kept in `dataDir`, or a new one that starts now and is kept. */
export function openEdition(dataDir: string): Edition {
  const file = join(dataDir, 'demo-edition');
  try {
    const kept = editionOfCode(readFileSync(file, 'utf8').trim());
    if (kept && kept.startedAt <= Date.now()) return kept;
  } catch {
    // No edition yet: this is the first start.
  }
  const fresh = edition(Date.now());
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, `${fresh.code}\n`);
  return fresh;
}
