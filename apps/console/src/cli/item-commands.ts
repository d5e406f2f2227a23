/** `items held|release|drop`: what rules hold for review. */
import type { Command } from 'commander';
import { wholeNumber } from './arguments.js';
import type { Resource } from './hub-client.js';
import { printList, printResult, type Workbench } from './output.js';
import { harmless, shown } from './table.js';

export function addItemCommands(program: Command, connect: (command: Command) => Workbench): void {
  const items = program.command('items').description("partners' copies of stories");
  items
    .command('held')
    .description('what rules hold for review, newest first')
    .option('--limit <count>', 'how many', wholeNumber(1), 100)
    .action(async ({ limit }: { limit: number }, command: Command) => {
      const bench = connect(command);
      printList(bench, await bench.hub.list('/items?state=held', limit), COLUMNS, 'nothing is held');
    });
  items
    .command('release <id>')
    .description('let a held or dropped item in')
    .action(async (id: string, _options: object, command: Command) => {
      const bench = connect(command);
      const item = await bench.hub.call('POST', `/items/${encodeURIComponent(id)}/release`);
      printResult(bench, item, `released: ${harmless(shown(item['title']))}`);
    });
  items
    .command('drop <id>')
    .description('drop a held item')
    .option('--reason <text>', 'kept with it')
    .action(async (id: string, { reason }: { reason?: string }, command: Command) => {
      const bench = connect(command);
      const item = await bench.hub.call('POST', `/items/${encodeURIComponent(id)}/drop`, { reason });
      printResult(bench, item, `dropped: ${harmless(shown(item['title']))}`);
    });
}

const COLUMNS = [
  ['RECEIVED', (item: Resource) => shown(item['receivedAt'])],
  ['PARTNER', (item: Resource) => shown((item['partner'] as Resource)['slug'])],
  ['TITLE', (item: Resource) => shown(item['title'])],
  ['WHY', (item: Resource) => shown(item['stateReason'])],
  ['ID', (item: Resource) => shown(item['id'])],
] as const;
