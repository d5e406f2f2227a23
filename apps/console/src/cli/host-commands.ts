/** `hosts list|limit|unlimit`: how much the hub asks of each host. */
import type { Command } from 'commander';
import { wholeNumber } from './arguments.js';
import type { Resource } from './hub-client.js';
import { printList, printResult, type Workbench } from './output.js';
import { shown } from './table.js';

export function addHostCommands(program: Command, connect: (command: Command) => Workbench): void {
  const hosts = program.command('hosts').description('how much is asked of the hosts that feeds live on');
  hosts
    .command('list')
    .description('hosts with their limits and feeds')
    .option('--limited', 'only those with limits of their own')
    .action(async (options: { limited?: boolean }, command: Command) => {
      const bench = connect(command);
      const rows = await bench.hub.list(options.limited === true ? '/hosts?limited=true' : '/hosts');
      printList(bench, rows, HOST_COLUMNS, 'no hosts');
    });
  hosts
    .command('limit <host>')
    .argument('<requests-per-minute>', '0: no limit', wholeNumber(0))
    .description('give a host limits of its own; 0 requests a minute: none')
    .option('--connections <count>', 'polls of it at once', wholeNumber(1))
    .action(async (host: string, requestsPerMinute: number, options: { connections?: number }, command: Command) => {
      const bench = connect(command);
      const { connections } = options;
      const set = await bench.hub.call('PUT', `/hosts/${encodeURIComponent(host)}`, { requestsPerMinute, connections });
      const words = requestsPerMinute === 0 ? 'no limit' : `${requestsPerMinute} requests a minute`;
      printResult(bench, set, `${shown(set['host'])}: ${words}, ${shown(set['feeds'])} feeds`);
    });
  hosts
    .command('unlimit <host>')
    .description("give a host the hub's own limits back")
    .action(async (host: string, _options: object, command: Command) => {
      const bench = connect(command);
      await bench.hub.call('DELETE', `/hosts/${encodeURIComponent(host)}`);
      printResult(bench, {}, `${host}: the hub's own limits`);
    });
}

const HOST_COLUMNS = [
  ['HOST', (host: Resource) => shown(host['host'])],
  ['A MINUTE', (host: Resource) => shown(host['requestsPerMinute']) || 'default'],
  ['AT ONCE', (host: Resource) => shown(host['connections']) || 'default'],
  ['FEEDS', (host: Resource) => shown(host['feeds'])],
  ['DEFERRED', (host: Resource) => shown(host['deferred'])],
  ['CLOSED UNTIL', (host: Resource) => shown(host['closedUntil'])],
] as const;
