/** `stories merge|split|withdraw|restore|lead|tag|take-down|put-back|actions|undo|versions|diff`: what operators do to stories. */
import type { Command } from 'commander';
import { several, wholeNumber } from './arguments.js';
import { CommandError, EXIT } from './command-error.js';
import type { Resource } from './hub-client.js';
import { printList, printResult, type Workbench } from './output.js';
import { harmless, shown } from './table.js';

type Connect = (command: Command) => Workbench;
interface Reason {
  reason?: string;
}

export function addStoryCommands(program: Command, connect: Connect): void {
  const stories = program
    .command('stories')
    .description('merge, split, withdraw, lead and tag stories; every change can be undone');
  const ask = async (command: Command, path: string, body: object): Promise<void> => {
    const bench = connect(command);
    const action = await bench.hub.call('POST', path, body);
    printResult(bench, action, inWords(action));
  };
  const change = (usage: string, description: string): Command =>
    stories.command(usage).description(description).option('--reason <text>', 'kept in the record');
  const story = (id: string, verb: string): string => `/stories/${encodeURIComponent(id)}/${verb}`;

  change('merge <story> <others...>', 'put other stories into this one').action(
    (id: string, storyIds: string[], { reason }: Reason, command: Command) =>
      ask(command, story(id, 'merge'), { storyIds, reason }),
  );
  change('split <story> <items...>', 'make a story of its own from some items').action(
    (id: string, itemIds: string[], { reason }: Reason, command: Command) =>
      ask(command, story(id, 'split'), { itemIds, reason }),
  );
  for (const [verb, description] of [
    ['withdraw', 'take a story off the site and out of every feed'],
    ['restore', 'publish a withdrawn story again'],
  ] as const)
    change(`${verb} <story>`, description).action((id: string, { reason }: Reason, command: Command) =>
      ask(command, story(id, verb), { reason }),
    );
  change('lead <story> [item]', 'choose the item that a story shows; without one the hub chooses again').action(
    (id: string, itemId: string | undefined, { reason }: Reason, command: Command) =>
      ask(command, story(id, 'lead'), { itemId: itemId ?? null, reason }),
  );
  change('tag <story>', 'give a story tags, or take some from it')
    .option('--add <scheme/name>', 'a tag to give (repeatable)', several)
    .option('--remove <scheme/slug>', 'a tag to take (repeatable)', several)
    .action((id: string, { reason, add = [], remove = [] }: Reason & TagOptions, command: Command) =>
      ask(command, story(id, 'tags'), {
        add: add.map(parts).map(([scheme, name]) => ({ scheme, name })),
        remove: remove.map(parts).map(([scheme, slug]) => ({ scheme, slug })),
        reason,
      }),
    );
  for (const [usage, verb, description] of [
    ['take-down', 'withdraw', "take a partner's item down; another one leads its story, or the story goes"],
    ['put-back', 'restore', 'let an item that was taken down count again'],
  ] as const)
    change(`${usage} <item>`, description).action((id: string, { reason }: Reason, command: Command) =>
      ask(command, `/items/${encodeURIComponent(id)}/${verb}`, { reason }),
    );
  change('undo <action>', 'undo an action').action((id: string, { reason }: Reason, command: Command) =>
    ask(command, `/story-actions/${encodeURIComponent(id)}/undo`, { reason }),
  );
  addRecordCommands(stories, connect);
}

interface Piece {
  kind: string;
  text: string;
}

interface Names {
  added: string[];
  removed: string[];
}

interface TagOptions {
  add?: string[];
  remove?: string[];
}

function addRecordCommands(stories: Command, connect: Connect): void {
  stories
    .command('actions [story]')
    .description('what was done to stories, or to one, newest first')
    .option('--limit <count>', 'how many', wholeNumber(1), 50)
    .action(async (story: string | undefined, { limit }: { limit: number }, command: Command) => {
      const bench = connect(command);
      const query = story === undefined ? '' : `?storyId=${encodeURIComponent(story)}`;
      printList(bench, await bench.hub.list(`/story-actions${query}`, limit), ACTION_COLUMNS, 'nothing was done');
    });
  stories
    .command('versions <story>')
    .description('the versions of a story, newest first')
    .action(async (story: string, _options: object, command: Command) => {
      const bench = connect(command);
      const rows = await bench.hub.list(`/stories/${encodeURIComponent(story)}/versions`);
      printList(bench, rows, VERSION_COLUMNS, 'no versions');
    });
  stories
    .command('diff <story> <version>')
    .description('what a version changed, word by word')
    .option('--against <version>', 'compare with this version, not with the one before', wholeNumber(1))
    .action(async (story: string, version: string, { against }: { against?: number }, command: Command) => {
      const bench = connect(command);
      const query = against === undefined ? '' : `?against=${against}`;
      const path = `/stories/${encodeURIComponent(story)}/versions/${encodeURIComponent(version)}${query}`;
      const detail = await bench.hub.call('GET', path);
      printResult(bench, detail, diffInWords(detail));
    });
}

function parts(tag: string): [string, string] {
  const [, scheme, name] = /^([a-z]+)\/(.+)$/.exec(tag) ?? [];
  if (scheme === undefined || name === undefined)
    throw new CommandError(EXIT.usage, `${tag} is no tag: write SCHEME/NAME, such as topic/Sport.`);
  return [scheme, name];
}

function inWords(action: Resource): string {
  const id = shown(action['id']);
  return action['status'] === 'done'
    ? `${harmless(shown(action['outcome']))}\nundo it with stories undo ${id}`
    : `action ${id} waits for the processor; it is kept`;
}

/** `[-old-]` and `{+new+}`, as `git diff --word-diff` writes them. */
function diffInWords({ version, diff, changed }: Resource): string {
  if (diff === null) return `version ${shown(version)} is the first`;
  const { against, title, text, tags, partners, media } = diff as {
    against: number;
    title: Piece[];
    text: Piece[];
    tags: Names;
    partners: Names;
    media: Names;
  };
  const line = (name: string, words: string): string[] => (words === '' ? [] : [`${name}: ${words}`]);
  return [
    `version ${shown(version)} against ${shown(against)}: ${(changed as string[]).join(', ') || 'nothing of note'}`,
    ...line('title', pieces(title)),
    ...line('text', pieces(text)),
    ...line('tags', names(tags)),
    ...line('partners', names(partners)),
    ...line('media', names(media)),
  ].join('\n');
}

function pieces(diff: Piece[]): string {
  return diff
    .map(({ kind, text }) => {
      const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
      return kind === 'added' ? `{+${clean}+}` : kind === 'removed' ? `[-${clean}-]` : clean;
    })
    .join('');
}

function names({ added, removed }: Names): string {
  return [...added.map((name) => `+${harmless(name)}`), ...removed.map((name) => `-${harmless(name)}`)].join(' ');
}

const ACTION_COLUMNS = [
  ['WHEN', (action: Resource) => shown(action['createdAt'])],
  ['WHAT', (action: Resource) => shown(action['kind'])],
  ['WHO', (action: Resource) => shown(action['actor'])],
  ['STATE', (action: Resource) => (action['undoneBy'] === null ? shown(action['status']) : 'undone')],
  ['STORY', (action: Resource) => shown(action['storyId'])],
  ['ID', (action: Resource) => shown(action['id'])],
  ['OUTCOME', (action: Resource) => shown(action['outcome'])],
] as const;

const VERSION_COLUMNS = [
  ['VERSION', (version: Resource) => shown(version['version'])],
  ['WHEN', (version: Resource) => shown(version['createdAt'])],
  ['CHANGED', (version: Resource) => (version['changed'] as string[]).join(', ')],
  ['TITLE', (version: Resource) => shown(version['title'])],
] as const;
