/** The processing stage alone: invented news and its republications through `dateline evaluate`, the processor a process of its own. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFile } from '#config/project-file.js';
import { republications } from '../corpus/republications.js';
import { type Figure } from '../ground/figures.js';
import { nodeFlags } from '../ground/node-flags.js';
import { processUse } from '../ground/process-use.js';
import { type Stage } from '../ground/stage.js';

/** What `evaluate --json` prints of what is shown here. */
interface Report {
  items: number;
  seconds: number;
  itemsPerSecond: number;
  linkedPairs: { precision: number | null; f1: number | null };
  suppressed: { share: number | null };
}

const LOOK_EVERY_MS = 200;
/** Lines that a story with three copies, and five reports of which every third has three, come to. */
const COPIES = 3;

export async function processing(stage: Stage): Promise<Figure[]> {
  const { processItems } = stage.options;
  const lines = republications({ seed: 'bench', stories: processItems / 8, reports: processItems / 4, copies: COPIES });
  const folder = mkdtempSync(join(tmpdir(), 'dateline-bench-'));
  try {
    const file = join(folder, 'corpus.jsonl');
    writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const { report, peakMb } = await evaluate(stage, file);
    const { linkedPairs, suppressed } = report;
    const found = `linked pairs F1 ${shown(linkedPairs.f1)} at precision ${shown(linkedPairs.precision)}, ${shown(suppressed.share)} suppressed without need`;
    const note = `${report.items} items in ${report.seconds.toFixed(1)} s; ${found}`;
    const figure = { part: 'process', ceilings: [] };
    return [
      { ...figure, name: 'items processed', value: report.itemsPerSecond, unit: '/s', target: { least: 1_500 }, note },
      { ...figure, name: 'processor resident, most', value: peakMb, unit: 'MB', target: { most: 500 } },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function evaluate(stage: Stage, file: string): Promise<{ report: Report; peakMb: number }> {
  const flags = await nodeFlags('processor');
  const child = spawn(
    process.execPath,
    [...flags, projectFile('dist/apps/processor/src/evaluate/main.js'), '--json', file],
    {
      env: { ...process.env, DATABASE_URL: stage.stores.databaseUrl },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let peakMb = 0;
  const look = setInterval(() => {
    void processUse(child.pid as number).then((use) => (peakMb = Math.max(peakMb, use?.peakMb ?? 0)));
  }, LOOK_EVERY_MS);
  try {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
    const code = await new Promise<number | null>((resolve, reject) =>
      child.once('error', reject).once('close', resolve),
    );
    if (code !== 0) throw new Error(`evaluate ended with ${code}`);
    return { report: JSON.parse(text) as Report, peakMb };
  } finally {
    clearInterval(look);
  }
}

const shown = (share: number | null): string => (share === null ? '-' : share.toFixed(4));
