/** The bench: runs its parts one after the other, each on a fresh hub, prints a table and writes bench/results.json. */
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { projectFile } from '#config/project-file.js';
import { type Figure, reached, show, table } from './ground/figures.js';
import { Stage, type Stores } from './ground/stage.js';
import { type BenchOptions, type PartName, readOptions, USAGE } from './options.js';
import { deliveries } from './parts/deliveries.js';
import { feeds } from './parts/feeds.js';
import { identity } from './parts/identity.js';
import { isolation } from './parts/isolation.js';
import { items } from './parts/items.js';
import { latency } from './parts/latency.js';
import { newFeeds } from './parts/new-feeds.js';
import { pages } from './parts/pages.js';
import { polls } from './parts/polls.js';
import { processing } from './parts/process.js';
import { rules } from './parts/rules.js';
import { schedule } from './parts/schedule.js';
import { soak } from './parts/soak.js';

const PARTS: Record<PartName, (stage: Stage) => Promise<Figure[]>> = {
  polls,
  items,
  deliveries,
  feeds,
  latency,
  schedule,
  'new-feeds': newFeeds,
  process: processing,
  identity,
  rules,
  isolation,
  pages,
  soak,
};
/** Parts that look at one service's memory, so that it has to be a process of its own. */
const ALWAYS_SEPARATE: readonly PartName[] = ['schedule'];

/** Memory of one process of one part, in MB. */
interface MemoryRow {
  part: string;
  process: string;
  idle: number | null;
  after: number;
  peak: number;
}

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  const options = readOptions(args);
  const { TEST_DATABASE_URL: databaseUrl, TEST_REDIS_URL: redisUrl } = process.env;
  if (!databaseUrl || !redisUrl) throw new Error('TEST_DATABASE_URL and TEST_REDIS_URL are not set: use npm run bench');
  const figures: Figure[] = [];
  const memory: MemoryRow[] = [];
  const failures: string[] = [];
  const loadBefore = loadavg()[0] ?? 0;
  if (loadBefore > cpus().length / 2) {
    console.error(`load ${loadBefore.toFixed(1)}: something else runs on this machine, so every speed will be too low`);
  }
  for (const part of options.parts) {
    const started = performance.now();
    try {
      figures.push(...(await play(part, options, { databaseUrl, redisUrl }, memory)));
      console.error(`${part}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
    } catch (error) {
      failures.push(part);
      console.error(`${part} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  console.log(`\n${table(figures)}\n\n${memoryTable(memory)}`);
  const file = projectFile('bench/results.json');
  writeFileSync(file, `${JSON.stringify(report(options, figures, memory, failures, loadBefore), null, 2)}\n`);
  console.log(`\nwritten to ${file}`);
  return failures.length === 0 ? 0 : 1;
}

/** One part on its own stage; notes the memory of its processes. */
async function play(part: PartName, options: BenchOptions, stores: Stores, memory: MemoryRow[]): Promise<Figure[]> {
  const separate = options.separate || ALWAYS_SEPARATE.includes(part);
  // Only the stories are kept: another part wants a database of its own.
  const archive = part === 'pages' ? options.archive : undefined;
  const stage = await Stage.set({ ...options, separate, archive }, stores);
  try {
    const figures = await PARTS[part](stage);
    for (const [process, { nowMb, peakMb }] of await stage.use()) {
      memory.push({ part, process, idle: stage.idleMemory(process) ?? null, after: nowMb, peak: peakMb });
    }
    return figures;
  } finally {
    await stage.strike();
  }
}

function memoryTable(rows: MemoryRow[]): string {
  const line = (cells: string[]): string =>
    cells.map((cell, column) => (column < 2 ? cell.padEnd(12) : cell.padStart(8))).join('');
  return [
    line(['memory, MB', '', 'idle', 'after', 'peak']),
    ...rows.map((row) =>
      line([row.part, row.process, row.idle === null ? '' : show(row.idle), show(row.after), show(row.peak)]),
    ),
  ].join('\n');
}

function report(
  options: BenchOptions,
  figures: Figure[],
  memory: MemoryRow[],
  failures: string[],
  loadBefore: number,
): object {
  return {
    at: new Date().toISOString(),
    machine: {
      node: process.version,
      cpus: cpus().length,
      cpu: cpus()[0]?.model,
      loadBefore,
      memoryMb: Math.round(totalmem() / 2 ** 20),
    },
    options,
    figures: figures.map((figure) => ({
      ...figure,
      ceilings: figure.ceilings.map((ceiling) => ({ ...ceiling, ratio: figure.value / ceiling.value })),
      reached: reached(figure) ?? null,
    })),
    memory,
    failures,
  };
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
