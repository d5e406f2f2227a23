/** `reprocess [start]|list|show|stop`: stored items are processed again after a change of rules, dictionaries or thresholds. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Resource } from './hub-client.js';
import { printList, printResult, type Workbench } from './output.js';
import { harmless, shown } from './table.js';

type Connect = (command: Command) => Workbench;

interface StartOptions {
  from?: string;
  to?: string;
  dryRun?: boolean;
  wait: boolean;
}

const LOOK_EVERY_MS = 500;

export function addReprocessCommands(program: Command, connect: Connect): void {
  const reprocess = program.command('reprocess').description('process stored items again, after a change of rules');
  reprocess
    .command('start', { isDefault: true })
    .description('process the items of a span of time again, and say how far it is')
    .option('--from <moment>', 'only items received from this date or moment on')
    .option('--to <moment>', 'only items received before this date or moment')
    .option('--dry-run', 'change nothing; show what would change')
    .option('--no-wait', 'do not wait for its end')
    .action(async ({ from, to, dryRun, wait }: StartOptions, command: Command) => {
      const bench = connect(command);
      const run = await bench.hub.call('POST', '/reprocessings', { from, to, dryRun: dryRun === true });
      const id = shown(run['id']);
      if (!wait) return printResult(bench, run, `run ${id} is under way; reprocess show ${id} says how far it is`);
      const over = await watch(bench, id);
      printResult(bench, over, inWords(over));
    });
  reprocess
    .command('list')
    .description('runs, newest first')
    .action(async (_options: object, command: Command) => {
      const bench = connect(command);
      printList(bench, await bench.hub.list('/reprocessings', 100), RUN_COLUMNS, 'no runs');
    });
  reprocess
    .command('show <id>')
    .description('one run with examples of what it changed')
    .action(async (id: string, _options: object, command: Command) => {
      const bench = connect(command);
      const run = await bench.hub.call('GET', `/reprocessings/${encodeURIComponent(id)}`);
      printResult(bench, run, inWords(run));
    });
  reprocess
    .command('stop <id>')
    .description('stop a run; what it has changed stays')
    .action(async (id: string, _options: object, command: Command) => {
      const bench = connect(command);
      await bench.hub.call('DELETE', `/reprocessings/${encodeURIComponent(id)}`);
      printResult(bench, { id, status: 'stopped' }, `stopped run ${id}`);
    });
}

const RUN_COLUMNS = [
  ['STATE', (run: Resource) => shown(run['status'])],
  ['FROM', (run: Resource) => shown(run['from']) || 'the first'],
  ['TO', (run: Resource) => shown(run['to'])],
  ['DRY', (run: Resource) => (run['dryRun'] === true ? 'dry' : '')],
  ['PROGRESS', progress],
  ['ID', (run: Resource) => shown(run['id'])],
] as const;

/** Until it is over; the run goes on in the hub whether somebody watches or not. */
async function watch({ hub, progress: show }: Workbench, id: string): Promise<Resource> {
  for (;;) {
    const run = await hub.call('GET', `/reprocessings/${id}`);
    if (run['finishedAt'] !== null) {
      show('');
      return run;
    }
    show(`${shown(run['status'])}: ${progress(run)}`);
    await sleep(LOOK_EVERY_MS);
  }
}

function progress(run: Resource): string {
  const of = run['itemsTotal'] === null ? '' : ` of ${shown(run['itemsTotal'])}`;
  return `${shown(run['items'])}${of} items, ${shown(run['itemsChanged'])} changed`;
}

function inWords(run: Resource): string {
  const dry = run['dryRun'] === true ? 'dry run: nothing was written. ' : '';
  const changes = Object.entries(run['changes'] as Record<string, number>).map(([field, items]) => `${field} ${items}`);
  const errors =
    run['errors'] === 0 ? '' : `\n${shown(run['errors'])} could not be processed; the last: ${shown(run['lastError'])}`;
  const examples = (run['examples'] as Resource[]).map((example) => `  ${exampleInWords(example)}`);
  const list = changes.length === 0 ? '' : ` (${changes.join(', ')})`;
  return [`${shown(run['status'])}: ${dry}${progress(run)}${list}${errors}`, ...examples].join('\n');
}

function exampleInWords(example: Resource): string {
  const fields = (example['fields'] as Resource[]).map(
    ({ field, before, after }) => `\n    ${shown(field)}: ${quoted(before)} -> ${quoted(after)}`,
  );
  return `${harmless(shown(example['title']) || 'untitled')}${fields.join('')}`;
}

function quoted(value: unknown): string {
  return value === null ? 'nothing' : `"${harmless(shown(value))}"`;
}
