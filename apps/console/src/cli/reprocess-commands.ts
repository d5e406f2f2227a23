/** `reprocess [start]|list|show|stop`: stored items are processed again after a change of rules, dictionaries or thresholds. */
import type { Command } from 'commander';
import type { Resource } from './hub-client.js';
import type { Workbench } from './output.js';
import { addRunCommands, exampleInWords, printBegunRun, type RunKind } from './run-commands.js';
import { shown } from './table.js';

type Connect = (command: Command) => Workbench;

interface StartOptions {
  from?: string;
  to?: string;
  dryRun?: boolean;
  wait: boolean;
}

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
      await printBegunRun(bench, run, wait, RUNS);
    });
  addRunCommands(reprocess, connect, RUNS);
}

const RUN_COLUMNS = [
  ['STATE', (run: Resource) => shown(run['status'])],
  ['FROM', (run: Resource) => shown(run['from']) || 'the first'],
  ['TO', (run: Resource) => shown(run['to'])],
  ['DRY', (run: Resource) => (run['dryRun'] === true ? 'dry' : '')],
  ['PROGRESS', progress],
  ['ID', (run: Resource) => shown(run['id'])],
] as const;

const RUNS: RunKind = {
  lookUp: (id) => `reprocess show ${id}`,
  path: '/reprocessings',
  columns: RUN_COLUMNS,
  progress,
  inWords,
};

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
