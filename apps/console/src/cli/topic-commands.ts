/** `topics find|mappings|unmapped|map|unmap` and `classifier [show]|train|on|off`: what partners' categories mean, and what is learnt from it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { partnerId } from './fetch-commands.js';
import type { Resource } from './hub-client.js';
import { printList, printResult, type Workbench } from './output.js';
import { harmless, shown } from './table.js';

type Connect = (command: Command) => Workbench;

const SHOWN_ROWS = 200;
const LOOK_EVERY_MS = 500;

export function addTopicCommands(program: Command, connect: Connect): void {
  const topics = program
    .command('topics')
    .description("IPTC Media Topics, and which of them partners' categories mean");
  topics
    .command('find <words>')
    .description('topics by a part of their name')
    .action(async (words: string, _options: object, command: Command) => {
      const bench = connect(command);
      const found = await bench.hub.list(`/topics?q=${encodeURIComponent(words)}`, 50);
      printList(bench, found, TOPIC_COLUMNS, 'no topics');
    });
  topics
    .command('mappings')
    .description(`what operators say that categories mean, at most ${SHOWN_ROWS}`)
    .option('--partner <slug or id>', "only this partner's")
    .action(async ({ partner }: { partner?: string }, command: Command) => {
      const bench = connect(command);
      const query = partner === undefined ? '' : `?partnerId=${await partnerId(bench, partner)}`;
      printList(bench, await bench.hub.list(`/topic-mappings${query}`, SHOWN_ROWS), MAPPING_COLUMNS, 'no mappings');
    });
  topics
    .command('unmapped')
    .description('categories of the newest items that name no topic, the most frequent first')
    .option('--partner <slug or id>', "only this partner's")
    .action(async ({ partner }: { partner?: string }, command: Command) => {
      const bench = connect(command);
      const query = partner === undefined ? '' : `&partnerId=${await partnerId(bench, partner)}`;
      const { items } = await bench.hub.call('GET', `/topic-mappings/unmapped?limit=50${query}`);
      printList(bench, items as Resource[], UNMAPPED_COLUMNS, 'every category names a topic');
    });
  topics
    .command('map <category>')
    .argument('<topic>', 'code or name; none: it names no topic')
    .description('say what a category means, for items that come from now on')
    .option('--partner <slug or id>', 'only where this partner writes it')
    .action(async (category: string, topic: string, { partner }: { partner?: string }, command: Command) => {
      const bench = connect(command);
      const mapping = await bench.hub.call('PUT', '/topic-mappings', {
        category,
        topic: topic === 'none' ? null : topic,
        ...(partner === undefined ? {} : { partnerId: await partnerId(bench, partner) }),
      });
      printResult(bench, mapping, `${harmless(category)}: ${topicName(mapping)} (mapping ${shown(mapping['id'])})`);
    });
  topics
    .command('unmap <id>')
    .description('forget a mapping')
    .action(async (id: string, _options: object, command: Command) => {
      const bench = connect(command);
      await bench.hub.call('DELETE', `/topic-mappings/${encodeURIComponent(id)}`);
      printResult(bench, {}, `forgot mapping ${id}`);
    });
}

export function addClassifierCommands(program: Command, connect: Connect): void {
  const classifier = program.command('classifier').description('topics learnt from what partners and operators say');
  classifier
    .command('show', { isDefault: true })
    .description('whether it is on and why, and its versions')
    .action(async (_options: object, command: Command) => {
      const bench = connect(command);
      const state = await bench.hub.call('GET', '/classifier');
      printResult(bench, state, classifierInWords(state));
    });
  classifier
    .command('train')
    .description('train it anew and say what came of it')
    .option('--no-wait', 'do not wait for its end')
    .action(async ({ wait }: { wait: boolean }, command: Command) => {
      const bench = connect(command);
      let state = await bench.hub.call('POST', '/classifier/train');
      while (wait && state['wantedAt'] !== null) {
        bench.progress(state['training'] === true ? 'training' : 'waiting for a processor');
        await sleep(LOOK_EVERY_MS);
        state = await bench.hub.call('GET', '/classifier');
      }
      bench.progress('');
      printResult(bench, state, wait ? classifierInWords(state) : 'asked for; classifier show says what came of it');
    });
  for (const word of ['on', 'off'] as const)
    classifier
      .command(word)
      .description(`switch it ${word}`)
      .action(async (_options: object, command: Command) => {
        const bench = connect(command);
        const state = await bench.hub.call('PATCH', '/classifier', { enabled: word === 'on' });
        printResult(bench, state, classifierInWords(state));
      });
}

const TOPIC_COLUMNS = [
  ['CODE', (topic: Resource) => shown(topic['code'])],
  ['NAME', (topic: Resource) => shown(topic['name'])],
] as const;

const MAPPING_COLUMNS = [
  ['CATEGORY', (mapping: Resource) => shown(mapping['category'])],
  ['TOPIC', topicName],
  ['PARTNER', (mapping: Resource) => shown(mapping['partnerId']) || 'any'],
  ['ID', (mapping: Resource) => shown(mapping['id'])],
] as const;

const UNMAPPED_COLUMNS = [
  ['ITEMS', (one: Resource) => shown(one['items'])],
  ['CATEGORY', (one: Resource) => shown(one['category'])],
  ['PARTNERS', (one: Resource) => names(one['partners'])],
  ['PERHAPS', (one: Resource) => names(one['suggestions'])],
] as const;

function names(list: unknown): string {
  return (list as Resource[]).map(({ name }) => shown(name)).join(', ');
}

function topicName({ topic }: Resource): string {
  return topic === null ? 'no topic' : shown((topic as Resource)['name']);
}

function classifierInWords(state: Resource): string {
  const look = state['lastLook'] as Resource | null;
  const versions = (state['versions'] as Resource[]).map(
    (one) =>
      `  version ${shown(one['version'])} (${shown(one['createdAt'])}) ${shown(one['status'])}: ${shown(one['reason'])}`,
  );
  return [
    `${state['on'] === true ? 'on' : 'off'}: ${shown(state['why'])}`,
    ...(look === null ? [] : [`last look ${shown(look['at'])}: ${shown(look['note'])}`]),
    ...versions,
  ].join('\n');
}
