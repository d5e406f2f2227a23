/** `opml import|export`: feeds in and out as the lists that feed readers exchange. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { CommandError, EXIT } from './command-error.js';
import type { Resource } from './hub-client.js';
import { printResult, type Workbench } from './output.js';
import { fileStream, printDownload } from './streams.js';
import { harmless, shown } from './table.js';

type Connect = (command: Command) => Workbench;

const LOOK_EVERY_MS = 1_000;
/** As many of the lines that failed are printed; the API has them all. */
const SHOWN_FAILURES = 20;

export function addOpmlCommands(program: Command, connect: Connect): void {
  const opml = program.command('opml').description('all feeds in and out, as the lists that feed readers exchange');
  opml
    .command('import <file>')
    .description(
      'import a list, - for standard input; feeds that are here already are left alone, so it may be repeated',
    )
    .action(async (file: string, _options: object, command: Command) => {
      const bench = connect(command);
      let state = await bench.hub.upload('/opml', 'text/x-opml', await fileStream(file));
      while (state['status'] === 'running') {
        if (!bench.json) bench.print(progress(state));
        await sleep(LOOK_EVERY_MS);
        state = await bench.hub.call('GET', `/imports/${shown(state['id'])}`);
      }
      const failures =
        state['failed'] === 0
          ? []
          : await bench.hub.list(`/imports/${shown(state['id'])}/lines?outcome=failed`, SHOWN_FAILURES);
      printResult(bench, state, inWords(state, failures));
      if (state['status'] !== 'done')
        throw new CommandError(
          EXIT.refused,
          `the import ${shown(state['id'])} ${shown(state['status'])}: ${shown(state['error'])}`,
        );
    });
  opml
    .command('export')
    .description('print all feeds as OPML 2.0')
    .action(async (_options: object, command: Command) => {
      await printDownload(connect(command), '/opml');
    });
}

function progress(state: Resource): string {
  const { read, total } = state['bytes'] as { read: number; total: number };
  return `${total === 0 ? 100 : Math.floor((read / total) * 100)} %: ${counts(state)}`;
}

function counts(state: Resource): string {
  return `${shown(state['added'])} added, ${shown(state['alreadyHere'])} already here, ${shown(state['failed'])} failed`;
}

function inWords(state: Resource, failures: Resource[]): string {
  const more = Number(state['failed']) - failures.length;
  return [
    counts(state),
    ...failures.map(
      (line) =>
        `  line ${shown(line['line'])}: ${harmless(shown(line['url'] ?? line['title']))}: ${shown(line['reason'])}`,
    ),
    ...(more > 0 ? [`  and ${more} more: GET /api/v1/imports/${shown(state['id'])}/lines?outcome=failed`] : []),
  ].join('\n');
}
