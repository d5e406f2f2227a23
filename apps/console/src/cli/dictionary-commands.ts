/** `dictionaries list|import|export|remove`: long lists of phrases that each stand for a tag. */
import type { Command } from 'commander';
import { CommandError, EXIT } from './command-error.js';
import type { Resource } from './hub-client.js';
import { printList, printResult, type Workbench } from './output.js';
import { fileStream, printDownload } from './streams.js';
import { harmless, shown } from './table.js';

type Connect = (command: Command) => Workbench;

const SHOWN_FAILURES = 20;

export function addDictionaryCommands(program: Command, connect: Connect): void {
  const dictionaries = program.command('dictionaries').description('lists of phrases that each stand for a tag');
  dictionaries
    .command('list')
    .description('dictionaries with their sizes')
    .action(async (_options: object, command: Command) => {
      const bench = connect(command);
      printList(bench, await bench.hub.list('/dictionaries'), COLUMNS, 'no dictionaries: import one');
    });
  dictionaries
    .command('import <name> <file>')
    .description('import lines of phrase,scheme,tag into a dictionary, made where it is missing; - for standard input')
    .option('--replace', 'in the place of all its entries')
    .option('--match-case', 'a new one: only phrases in their own letter case count')
    .action(
      async (name: string, file: string, options: { replace?: boolean; matchCase?: boolean }, command: Command) => {
        const bench = connect(command);
        const lines = await fileStream(file);
        const known = await find(bench, name);
        const { id } =
          known ?? (await bench.hub.call('POST', '/dictionaries', { name, matchCase: options.matchCase === true }));
        const path = `/dictionaries/${shown(id)}/entries${options.replace === true ? '?replace=true' : ''}`;
        const report = await bench.hub.upload(path, 'text/csv', lines);
        printResult(bench, report, inWords(report));
      },
    );
  dictionaries
    .command('export <name>')
    .description('print its lines')
    .action(async (name: string, _options: object, command: Command) => {
      const bench = connect(command);
      await printDownload(bench, `/dictionaries/${shown((await known(bench, name))['id'])}/entries`);
    });
  dictionaries
    .command('remove <name>')
    .description('remove a dictionary; the tags it gave stay')
    .action(async (name: string, _options: object, command: Command) => {
      const bench = connect(command);
      const dictionary = await known(bench, name);
      await bench.hub.call('DELETE', `/dictionaries/${shown(dictionary['id'])}`);
      printResult(bench, dictionary, `removed dictionary ${harmless(shown(dictionary['name']))}`);
    });
}

const COLUMNS = [
  ['NAME', (one: Resource) => shown(one['name'])],
  ['ENTRIES', (one: Resource) => shown(one['entries'])],
  ['CASE', (one: Resource) => (one['matchCase'] === true ? 'matters' : '')],
  ['CHANGED', (one: Resource) => shown(one['updatedAt'])],
  ['ID', (one: Resource) => shown(one['id'])],
] as const;

async function find({ hub }: Workbench, nameOrId: string): Promise<Resource | undefined> {
  return (await hub.list('/dictionaries')).find(({ id, name }) => id === nameOrId || name === nameOrId);
}

async function known(bench: Workbench, nameOrId: string): Promise<Resource> {
  const found = await find(bench, nameOrId);
  if (found !== undefined) return found;
  throw new CommandError(EXIT.refused, `there is no dictionary ${nameOrId}: dictionaries list shows them`);
}

function inWords(report: Resource): string {
  const failures = (report['failures'] as Resource[]).slice(0, SHOWN_FAILURES);
  const more = Number(report['failed']) - failures.length;
  return [
    `${shown(report['added'])} added, ${shown(report['alreadyHere'])} already here, ${shown(report['failed'])} failed; ${shown(report['entries'])} entries now`,
    ...failures.map(({ line, reason }) => `  line ${shown(line)}: ${harmless(shown(reason))}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ].join('\n');
}
