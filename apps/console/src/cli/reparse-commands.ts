/** `reparse [start]|list|show|stop`: stored documents are read again after a fix of the reader or of a feed's rules. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { feedId } from './feed-commands.js';
import { partnerId } from './fetch-commands.js';
import type { Resource } from './hub-client.js';
import { printList, printResult, type Workbench } from './output.js';
import { harmless, shown } from './table.js';

type Connect = (command: Command) => Workbench;

interface StartOptions {
  feed?: string;
  partner?: string;
  since?: string;
  until?: string;
  dryRun?: boolean;
  wait: boolean;
}

const LOOK_EVERY_MS = 500;

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
      const id = shown(run['id']);
      if (!wait) return printResult(bench, run, `run ${id} is under way; reparse show ${id} says how far it is`);
      const over = await watch(bench, id);
      printResult(bench, over, inWords(over));
    });
  reparse
    .command('list')
    .description('runs, newest first')
    .action(async (_options: object, command: Command) => {
      const bench = connect(command);
      printList(bench, await bench.hub.list('/reparse', 100), RUN_COLUMNS, 'no runs');
    });
  reparse
    .command('show <id>')
    .description('one run with examples of what it changed')
    .action(async (id: string, _options: object, command: Command) => {
      const bench = connect(command);
      const run = await bench.hub.call('GET', `/reparse/${encodeURIComponent(id)}`);
      printResult(bench, run, inWords(run));
    });
  reparse
    .command('stop <id>')
    .description('stop a run; what it has changed stays')
    .action(async (id: string, _options: object, command: Command) => {
      const bench = connect(command);
      await bench.hub.call('DELETE', `/reparse/${encodeURIComponent(id)}`);
      printResult(bench, { id, status: 'stopped' }, `stopped run ${id}`);
    });
}

const RUN_COLUMNS = [
  ['STATE', (run: Resource) => shown(run['status'])],
  ['OF', (run: Resource) => shown(run['feedId'] ?? run['partnerId']) || 'all feeds'],
  ['DRY', (run: Resource) => (run['dryRun'] === true ? 'dry' : '')],
  ['PROGRESS', progress],
  ['BEGUN', (run: Resource) => shown(run['startedAt']) || 'not yet'],
  ['ID', (run: Resource) => shown(run['id'])],
] as const;

/** Until it is over; the run goes on in the hub whether somebody watches or not. */
async function watch({ hub, progress: show }: Workbench, id: string): Promise<Resource> {
  for (;;) {
    const run = await hub.call('GET', `/reparse/${id}`);
    if (run['finishedAt'] !== null) {
      show('');
      return run;
    }
    show(`${shown(run['status'])}: ${progress(run)}`);
    await sleep(LOOK_EVERY_MS);
  }
}

function progress(run: Resource): string {
  const of = run['documentsTotal'] === null ? '' : ` of ${shown(run['documentsTotal'])}`;
  return `${shown(run['documents'])}${of} documents, ${shown(run['itemsChanged'])} items changed, ${shown(run['itemsNew'])} new`;
}

function inWords(run: Resource): string {
  const dry = run['dryRun'] === true ? 'dry run: nothing was written. ' : '';
  const errors =
    run['errors'] === 0 ? '' : `\n${shown(run['errors'])} could not be read; the last: ${shown(run['lastError'])}`;
  const examples = (run['examples'] as Resource[]).map((example) => `  ${exampleInWords(example)}`);
  return [
    `${shown(run['status'])}: ${dry}${progress(run)} of ${shown(run['itemsSeen'])} seen${errors}`,
    ...examples,
  ].join('\n');
}

function exampleInWords(example: Resource): string {
  const fields = (example['fields'] as Resource[]).map(
    ({ field, before, after }) => `\n    ${shown(field)}: ${quoted(before)} -> ${quoted(after)}`,
  );
  return `${shown(example['change'])}: ${harmless(shown(example['title']) || 'untitled')}${fields.join('')}`;
}

function quoted(value: unknown): string {
  return value === null ? 'nothing' : `"${harmless(shown(value))}"`;
}
