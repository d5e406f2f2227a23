/** `fetches list|show`: the log of polls and pushes, and why each came to what it did. */
import type { Command } from 'commander';
import { feedId } from './feed-commands.js';
import type { Resource } from './hub-client.js';
import { printList, printResult, type Workbench } from './output.js';
import { harmless, shown } from './table.js';

type Connect = (command: Command) => Workbench;

interface ListOptions {
  feed?: string;
  partner?: string;
  outcome?: string;
  kind?: string;
  error?: string;
  since?: string;
  until?: string;
}

const SHOWN_ROWS = 100;

export function addFetchCommands(program: Command, connect: Connect): void {
  const fetches = program.command('fetches').description('the log of polls and pushes');
  fetches
    .command('list')
    .description(`the last fetches, at most ${SHOWN_ROWS}`)
    .option('--feed <feed>', 'only of this feed, named by its id or URL')
    .option('--partner <slug or id>', "only of this partner's feeds")
    .option('--outcome <outcome>', 'changed, unchanged or failed')
    .option('--kind <kind>', 'poll, refresh, push or reparse')
    .option('--error <class>', 'only failures of this class, such as timeout')
    .option('--since <moment>', 'from this date or moment on')
    .option('--until <moment>', 'before this date or moment')
    .action(async (options: ListOptions, command: Command) => {
      const bench = connect(command);
      const { feed, partner, outcome, kind, error, since, until } = options;
      const query = queryOf({
        feedId: feed === undefined ? undefined : await feedId(bench, feed),
        partnerId: partner === undefined ? undefined : await partnerId(bench, partner),
        errorClass: error,
        outcome,
        kind,
        since,
        until,
      });
      printList(bench, await bench.hub.list(`/fetches?${query}`, SHOWN_ROWS), FETCH_COLUMNS, 'no fetches');
    });
  fetches
    .command('show <id>')
    .description('one fetch with every problem of its document')
    .action(async (id: string, _options: object, command: Command) => {
      const bench = connect(command);
      const fetched = await bench.hub.call('GET', `/fetches/${encodeURIComponent(id)}`);
      printResult(bench, fetched, inWords(fetched));
    });
}

/** The id of a partner that is named by its slug or its id. */
export async function partnerId({ hub }: Workbench, slugOrId: string): Promise<string> {
  const known = (await hub.list('/partners')).find((partner) => partner['slug'] === slugOrId);
  return known === undefined ? slugOrId : shown(known['id']);
}

const FETCH_COLUMNS = [
  ['STARTED', (fetch: Resource) => shown(fetch['startedAt'])],
  ['KIND', (fetch: Resource) => shown(fetch['kind'])],
  ['HTTP', (fetch: Resource) => shown(fetch['httpStatus'])],
  ['BYTES', (fetch: Resource) => shown(fetch['bytes'])],
  ['MS', (fetch: Resource) => shown(fetch['durationMs'])],
  ['WHY', (fetch: Resource) => shown(fetch['why'])],
  ['ID', (fetch: Resource) => shown(fetch['id'])],
] as const;

function inWords(fetch: Resource): string {
  const problems = fetch['problems'] as Resource[];
  const next =
    fetch['nextFetchAt'] === null ? '' : `${shown(fetch['nextFetchAt'])}: ${shown(fetch['nextFetchReason'])}`;
  const lines: [string, string][] = [
    ['feed', shown(fetch['feedId'])],
    ['kind', shown(fetch['kind'])],
    ['started', `${shown(fetch['startedAt'])}, ${shown(fetch['durationMs'])} ms`],
    ['HTTP', `${shown(fetch['httpStatus']) || 'no answer'}, ${shown(fetch['bytes'])} bytes`],
    ['why', shown(fetch['why'])],
    ['document', shown(fetch['documentId']) || 'none'],
    ['next', next || 'as before'],
    ['log', shown(fetch['correlationId'])],
  ];
  return [
    ...lines.map(([name, text]) => `${name.padEnd(9)} ${plain(text)}`),
    ...problems.map((problem) => `problem   ${where(problem)}${plain(shown(problem['message']))}`),
  ].join('\n');
}

function where(problem: Resource): string {
  return typeof problem['itemIndex'] === 'number' ? `item ${problem['itemIndex'] + 1}: ` : '';
}

/** Without control characters, cut only where it would fill the screen. */
function plain(text: string): string {
  const lines = text.match(/.{1,60}/gsu) ?? [];
  return lines.slice(0, 10).map(harmless).join(' ');
}

/** A query string of the parameters that are given. */
function queryOf(parameters: Record<string, string | undefined>): string {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(given).toString();
}
