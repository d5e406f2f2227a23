/** What the commands of long runs share (`reparse`, `reprocess`): list, show, stop, and watching one to its end. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Resource } from './hub-client.js';
import { printList, printResult, type Workbench } from './output.js';
import { harmless, shown } from './table.js';

/** One kind of run. `path` of its resource; `lookUp`: the command that says how far a run is. */
export interface RunKind {
  lookUp: (id: string) => string;
  path: string;
  columns: readonly (readonly [string, (run: Resource) => string])[];
  /** How far it is, in a few words. */
  progress: (run: Resource) => string;
  /** What it came to, with examples. */
  inWords: (run: Resource) => string;
}

const LOOK_EVERY_MS = 500;

export function addRunCommands(parent: Command, connect: (command: Command) => Workbench, kind: RunKind): void {
  parent
    .command('list')
    .description('runs, newest first')
    .action(async (_options: object, command: Command) => {
      const bench = connect(command);
      printList(bench, await bench.hub.list(kind.path, 100), kind.columns, 'no runs');
    });
  parent
    .command('show <id>')
    .description('one run with examples of what it changed')
    .action(async (id: string, _options: object, command: Command) => {
      const bench = connect(command);
      const run = await bench.hub.call('GET', `${kind.path}/${encodeURIComponent(id)}`);
      printResult(bench, run, kind.inWords(run));
    });
  parent
    .command('stop <id>')
    .description('stop a run; what it has changed stays')
    .action(async (id: string, _options: object, command: Command) => {
      const bench = connect(command);
      await bench.hub.call('DELETE', `${kind.path}/${encodeURIComponent(id)}`);
      printResult(bench, { id, status: 'stopped' }, `stopped run ${id}`);
    });
}

/** Prints a run that has just begun: at once, or (`wait`) when it is over. It goes on in the hub whether somebody watches or not. */
export async function printBegunRun(bench: Workbench, run: Resource, wait: boolean, kind: RunKind): Promise<void> {
  const id = shown(run['id']);
  if (!wait) {
    printResult(bench, run, `run ${id} is under way; ${kind.lookUp(id)} says how far it is`);
    return;
  }
  for (;;) {
    const now = await bench.hub.call('GET', `${kind.path}/${id}`);
    if (now['finishedAt'] !== null) {
      bench.progress('');
      printResult(bench, now, kind.inWords(now));
      return;
    }
    bench.progress(`${shown(now['status'])}: ${kind.progress(now)}`);
    await sleep(LOOK_EVERY_MS);
  }
}

/** An example's title with what became of each field, a line each. */
export function exampleInWords(example: Resource): string {
  const fields = (example['fields'] as Resource[]).map(
    ({ field, before, after }) => `\n    ${shown(field)}: ${quoted(before)} -> ${quoted(after)}`,
  );
  return `${harmless(shown(example['title']) || 'untitled')}${fields.join('')}`;
}

function quoted(value: unknown): string {
  return value === null ? 'nothing' : `"${harmless(shown(value))}"`;
}
