/** `endpoints replay|replays|stop-replay`: an endpoint's deliveries of a span of time are sent again. */
import type { Command } from 'commander';
import type { EventType } from '#contracts/events.js';
import { eventTypes, wholeNumber } from './arguments.js';
import type { Resource } from './hub-client.js';
import { printList, printResult, type Workbench } from './output.js';
import { printBegunRun, type RunKind } from './run-commands.js';
import { shown } from './table.js';

interface ReplayOptions {
  from: string;
  to?: string;
  all?: boolean;
  event?: EventType[];
  url?: string;
  rate?: number;
  dryRun?: boolean;
  wait: boolean;
}

export function addReplayCommands(endpoints: Command, connect: (command: Command) => Workbench): void {
  endpoints
    .command('replay <id>')
    .description('send again what failed, and say how far it is')
    .requiredOption('--from <moment>', 'events that happened from this date or moment on')
    .option('--to <moment>', 'events that happened before this date or moment; now without it')
    .option('--all', 'what was delivered as well')
    .option('--event <type>', 'only events of this type (repeatable)', eventTypes)
    .option('--url <url>', 'to this address instead, signed with the same keys (operators only)')
    .option('--rate <count>', 'deliveries a minute', wholeNumber(1))
    .option('--dry-run', 'only count')
    .option('--no-wait', 'do not wait for its end')
    .action(async (endpointId: string, options: ReplayOptions, command: Command) => {
      const bench = connect(command);
      const { from, to, url, event: types, rate: ratePerMinute, wait } = options;
      const only = options.all === true ? 'all' : 'failed';
      const dryRun = options.dryRun === true;
      const path = pathOf(endpointId);
      const replay = await bench.hub.call('POST', path, { from, to, only, types, url, ratePerMinute, dryRun });
      if (dryRun) printResult(bench, replay, countInWords(replay));
      else
        await printBegunRun(bench, replay, wait, {
          ...REPLAYS,
          lookUp: () => `endpoints replays ${endpointId}`,
          path,
        });
    });
  endpoints
    .command('replays <id>')
    .description("an endpoint's replays, newest first")
    .action(async (endpointId: string, _options: object, command: Command) => {
      const bench = connect(command);
      printList(bench, await bench.hub.list(pathOf(endpointId), 100), REPLAYS.columns, 'no replays');
    });
  endpoints
    .command('stop-replay <id> <replay>')
    .description('stop a replay; what it has sent stays sent')
    .action(async (endpointId: string, id: string, _options: object, command: Command) => {
      const bench = connect(command);
      const replay = await bench.hub.call('POST', `${pathOf(endpointId)}/${encodeURIComponent(id)}/stop`);
      printResult(bench, replay, inWords(replay));
    });
}

function pathOf(endpointId: string): string {
  return `/endpoints/${encodeURIComponent(endpointId)}/replays`;
}

const REPLAYS: RunKind = {
  lookUp: () => 'endpoints replays',
  path: '',
  columns: [
    ['STATE', (replay: Resource) => shown(replay['status'])],
    ['FROM', (replay: Resource) => shown(replay['from'])],
    ['TO', (replay: Resource) => shown(replay['to'])],
    ['ONLY', (replay: Resource) => shown(replay['only'])],
    ['PROGRESS', progress],
    ['ID', (replay: Resource) => shown(replay['id'])],
    ['URL', (replay: Resource) => shown(replay['url'])],
  ],
  progress,
  inWords,
};

function progress(replay: Resource): string {
  const more = replay['totalIsFloor'] === true ? ' or more' : '';
  return `${shown(replay['sent'])} of ${shown(replay['total'])}${more} sent, ${shown(replay['delivered'])} delivered`;
}

function inWords(replay: Resource): string {
  const rest = (['retrying', 'failed', 'cancelled', 'waiting'] as const)
    .filter((name) => replay[name] !== 0)
    .map((name) => `, ${shown(replay[name])} ${name}`);
  const reason = replay['statusReason'] === null ? '' : ` (${shown(replay['statusReason'])})`;
  return `${shown(replay['status'])}${reason}: ${progress(replay)}${rest.join('')}${leftOut(replay)}`;
}

function countInWords(count: Resource): string {
  const more = count['totalIsFloor'] === true ? ' or more' : '';
  return `dry run: ${shown(count['total'])}${more} would be sent${leftOut(count)}`;
}

function leftOut(replay: Resource): string {
  const notes = [
    [replay['leftOut'] !== 0, `${shown(replay['leftOut'])} left out: their text may not be passed on any more`],
    [replay['underWay'] !== 0, `${shown(replay['underWay'])} on their way anyway`],
    [replay['nothingBefore'] !== null, `what happened before ${shown(replay['nothingBefore'])} is not kept any more`],
  ] as const;
  return notes.map(([applies, note]) => (applies ? `\n${note}` : '')).join('');
}
