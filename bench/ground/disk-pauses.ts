/** How long the disk alone lets one wait: every commit of a hub waits for it, and no program can be steadier than it is. */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentiles } from './percentiles.js';

const PAGE = Buffer.alloc(8_192);
const SECONDS = 10;
/** A page at each commit, not a disk that does nothing else. */
const BETWEEN_MS = 5;

/** One page after the other, as PostgreSQL's log is written, where the throw-away stores have their data. */
export async function diskPauses(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'dateline-disk-'));
  const file = openSync(join(folder, 'log'), 'w');
  try {
    const times: number[] = [];
    for (const end = performance.now() + SECONDS * 1_000; performance.now() < end; await sleep(BETWEEN_MS)) {
      const started = performance.now();
      writeSync(file, PAGE);
      fdatasyncSync(file);
      times.push(performance.now() - started);
    }
    const { p50, p99, max } = percentiles(times);
    return `the disk alone, ${times.length} pages: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, slowest ${max.toFixed(0)} ms`;
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
}
