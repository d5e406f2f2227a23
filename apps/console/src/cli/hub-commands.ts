/** `status` and `preview`: how the hub does, and what it would make of a URL. */
import type { Command } from 'commander';
import type { Resource } from './hub-client.js';
import { printResult, type Workbench } from './output.js';
import { harmless, shown } from './table.js';

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
  program
    .command('preview <url>')
    .description('what the hub would read at a URL, storing nothing')
    .action(async (url: string, _options: object, command: Command) => {
      const bench = connect(command);
      const preview = await bench.hub.call('POST', '/feeds/preview', { url });
      printResult(bench, preview, previewInWords(preview));
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

function previewInWords(preview: Resource): string {
  if (preview['ok'] !== true) return `cannot be read: ${harmless(shown(preview['error']))}`;
  const feed = preview['feed'] as Resource;
  const items = preview['items'] as Resource[];
  const problems = preview['problems'] as Resource[];
  return [
    `${harmless(shown(feed['title']) || 'untitled')} (${shown(feed['format'])}), ${shown(preview['itemCount'])} items, would be polled: ${shown(preview['pollReason'])}`,
    ...items.map(
      (item) =>
        `  ${(shown(item['published']) || 'undated').padEnd(24)}  ${harmless(shown(item['title']) || 'untitled')}`,
    ),
    ...problems.map((problem) => `  problem: ${harmless(shown(problem['message']))}`),
  ].join('\n');
}
