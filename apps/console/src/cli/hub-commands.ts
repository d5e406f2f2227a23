/** `status`: how the hub does. */
import type { Command } from 'commander';
import type { Resource } from './hub-client.js';
import { printResult, type Workbench } from './output.js';
import { shown } from './table.js';

type Connect = (command: Command) => Workbench;

export function addHubCommands(program: Command, connect: Connect): void {
  program
    .command('status')
    .description('what the hub holds and what waits')
    .action(async (_options: object, command: Command) => {
      const bench = connect(command);
      const status = await bench.hub.call('GET', '/status');
      printResult(bench, status, statusInWords(status));
    });
}

function statusInWords(status: Resource): string {
  const groups = Object.entries(status)
    .filter(([name]) => name !== 'idle')
    .map(
      ([name, counts]) =>
        `${name.padEnd(11)} ${typeof counts === 'object' ? countsInWords(counts as Resource) : shown(counts)}`,
    );
  return [...groups, status['idle'] === true ? 'nothing waits' : 'there is work under way'].join('\n');
}

function countsInWords(counts: Resource): string {
  return Object.entries(counts)
    .map(([name, count]) => `${shown(count)} ${name}`)
    .join(', ');
}
