/** `reparse [start]|list|show|stop`: stored documents are read again after a fix of the reader or of a feed's rules. */
import type { Command } from 'commander';
import { feedId } from './feed-commands.js';
import { partnerId } from './fetch-commands.js';
import type { Resource } from './hub-client.js';
import type { Workbench } from './output.js';
import { addRunCommands, exampleInWords, printBegunRun, type RunKind } from './run-commands.js';
import { shown } from './table.js';

type Connect = (command: Command) => Workbench;

interface StartOptions {
  feed?: string;
  partner?: string;
  since?: string;
  until?: string;
  dryRun?: boolean;
  wait: boolean;
}

export function addReparseCommands(program: Command, connect: Connect): void {
  const reparse = program.command('reparse').description('read stored documents again, after a fix');
  reparse
    .command('start', { isDefault: true })
    .description('read the documents of all feeds again, or of those named, and say how far it is')
    .option('--feed <feed>', 'only of this feed, named by its id or URL')
    .option('--partner <slug or id>', "only of this partner's feeds")
    .option('--since <moment>', 'only documents received from this date or moment on')
    .option('--until <moment>', 'only documents received before this date or moment')
    .option('--dry-run', 'change nothing; show what would change')
    .option('--no-wait', 'do not wait for its end')
    .action(async (options: StartOptions, command: Command) => {
      const bench = connect(command);
      const { feed, partner, since, until, dryRun, wait } = options;
      const run = await bench.hub.call('POST', '/reparse', {
        feedId: feed === undefined ? undefined : await feedId(bench, feed),
        partnerId: partner === undefined ? undefined : await partnerId(bench, partner),
        since,
        until,
        dryRun: dryRun === true,
      });
      await printBegunRun(bench, run, wait, RUNS);
    });
  addRunCommands(reparse, connect, RUNS);
}

const RUN_COLUMNS = [
  ['STATE', (run: Resource) => shown(run['status'])],
  ['OF', (run: Resource) => shown(run['feedId'] ?? run['partnerId']) || 'all feeds'],
  ['DRY', (run: Resource) => (run['dryRun'] === true ? 'dry' : '')],
  ['PROGRESS', progress],
  ['BEGUN', (run: Resource) => shown(run['startedAt']) || 'not yet'],
  ['ID', (run: Resource) => shown(run['id'])],
] as const;

const RUNS: RunKind = {
  lookUp: (id) => `reparse show ${id}`,
  path: '/reparse',
  columns: RUN_COLUMNS,
  progress,
  inWords,
};

function progress(run: Resource): string {
  const of = run['documentsTotal'] === null ? '' : ` of ${shown(run['documentsTotal'])}`;
  return `${shown(run['documents'])}${of} documents, ${shown(run['itemsChanged'])} items changed, ${shown(run['itemsNew'])} new`;
}

function inWords(run: Resource): string {
  const dry = run['dryRun'] === true ? 'dry run: nothing was written. ' : '';
  const errors =
    run['errors'] === 0 ? '' : `\n${shown(run['errors'])} could not be read; the last: ${shown(run['lastError'])}`;
  const examples = (run['examples'] as Resource[]).map(
    (example) => `  ${shown(example['change'])}: ${exampleInWords(example)}`,
  );
  return [
    `${shown(run['status'])}: ${dry}${progress(run)} of ${shown(run['itemsSeen'])} seen${errors}`,
    ...examples,
  ].join('\n');
}
