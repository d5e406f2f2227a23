/** `channels add|set|preview|list|remove`. */
import type { Command } from 'commander';
import { onOff, wholeNumber } from './arguments.js';
import { CommandError, EXIT } from './command-error.js';
import { channelFilterOf, type ChannelFilterOptions, withChannelFilter } from './filter-options.js';
import type { Resource } from './hub-client.js';
import { printList, printResult, type Workbench } from './output.js';
import { shown } from './table.js';

type Connect = (command: Command) => Workbench;

type ChannelOptions = ChannelFilterOptions & {
  title?: string;
  description?: string;
  says?: string;
  image?: string;
  order?: string;
  size?: number;
  fullText?: boolean;
  slug?: string;
  filter?: boolean;
  stories?: number;
  limit?: number;
  for?: string;
};

export function addChannelCommands(program: Command, connect: Connect): void {
  const channels = program.command('channels').description('named, filtered streams of stories');
  withSettings(
    withChannelFilter(channels.command('add <slug> [title]').description('add a channel; its feeds exist at once')),
  ).action(async (slug: string, title: string | undefined, options: ChannelOptions, command: Command) => {
    const bench = connect(command);
    const filter = channelFilterOf(options);
    const body = { slug, filter, ...settingsOf(options), title: title ?? options.title ?? slug };
    const channel = await bench.hub.call('POST', '/channels', body);
    printResult(bench, channel, `added channel ${slug}:\n  ${feedsOf(channel)}`);
  });
  withSettings(
    withChannelFilter(
      channels.command('set <slug>').description('change a channel; filter options replace its whole filter'),
    ),
  )
    .option('--slug <slug>', 'another slug; the old addresses redirect')
    .option('--no-filter', 'take every story')
    .action(async (slug: string, options: ChannelOptions, command: Command) => {
      const bench = connect(command);
      const { id } = await find(bench, slug);
      const filter = channelFilterOf(options);
      const isAsked = options.filter === false || Object.values(filter).some((value) => value !== undefined);
      const body = { slug: options.slug, ...settingsOf(options), ...(isAsked ? { filter } : {}) };
      const channel = await bench.hub.call('PATCH', `/channels/${shown(id)}`, body);
      printResult(bench, channel, `changed channel ${shown(channel['slug'])}:\n  ${feedsOf(channel)}`);
    });
  withChannelFilter(
    channels.command('preview').description('the newest stories that a filter would hold; changes nothing'),
  )
    .option('--for <slug>', 'compare with what this channel holds')
    .option('--stories <count>', 'how many of the newest stories to look at', wholeNumber(1))
    .option('--limit <count>', 'how many to show', wholeNumber(1))
    .action(async (options: ChannelOptions, command: Command) => {
      const bench = connect(command);
      const of = options.for === undefined ? '' : `/${shown((await find(bench, options.for))['id'])}`;
      const { stories, limit } = options;
      const body = { filter: channelFilterOf(options), stories, limit };
      const preview = await bench.hub.call('POST', `/channels${of}/preview`, body);
      printResult(bench, preview, previewInWords(preview, options.for !== undefined));
    });
  channels
    .command('list')
    .description("channels; 'all' always exists")
    .action(async (_options: object, command: Command) => {
      const bench = connect(command);
      printList(bench, await bench.hub.list('/channels'), CHANNEL_COLUMNS, "no channels besides 'all'");
    });
  channels
    .command('remove <slug>')
    .description('end a channel, its feeds and its redirects; the stories stay')
    .action(async (slug: string, _options: object, command: Command) => {
      const bench = connect(command);
      const channel = await find(bench, slug);
      await bench.hub.call('DELETE', `/channels/${shown(channel['id'])}`);
      printResult(bench, channel, `removed channel ${slug}`);
    });
}

function withSettings(command: Command): Command {
  return command
    .option('--title <text>', 'its name (default: the slug)')
    .option('--description <text>')
    .option('--says <language>', "the language said in its feeds, or 'none'")
    .option('--image <url>', "its picture, or 'none'")
    .option('--order <order>', 'of its feeds: newest or updated')
    .option('--size <count>', 'entries of its feeds', wholeNumber(1))
    .option('--full-text <on|off>', 'off: excerpts only', onOff);
}

/** As the API takes them; what was not given is left out. */
function settingsOf({ title, description, says, image, order, size, fullText }: ChannelOptions): Resource {
  const orNone = (text: string | undefined): string | null | undefined => (text === 'none' ? null : text);
  return { title, description, language: orNone(says), imageUrl: orNone(image), order, size, fullText };
}

/** By its slug, the present one or an older. */
async function find({ hub }: Workbench, slug: string): Promise<Resource> {
  const all = await hub.list('/channels');
  const channel =
    all.find((one) => one['slug'] === slug) ?? all.find((one) => (one['formerSlugs'] as string[]).includes(slug));
  if (channel === undefined) throw new CommandError(EXIT.refused, `there is no channel ${slug}: see channels list`);
  return channel;
}

function feedsOf(channel: Resource): string {
  return Object.values(channel['feeds'] as Record<string, string>).join('\n  ');
}

function previewInWords(preview: Resource, compared: boolean): string {
  const lets = Object.entries(preview['lets'] as Record<string, number>);
  const moves = compared ? `: ${shown(preview['joins'])} would join, ${shown(preview['leaves'])} would leave` : '';
  return [
    `${shown(preview['fits'])} of the ${shown(preview['looked'])} newest stories fit${moves}`,
    ...(lets.length > 1 ? [`by itself lets through: ${lets.map(([name, n]) => `${name} ${n}`).join(', ')}`] : []),
    ...(preview['stories'] as Resource[]).map(
      (story) =>
        `${story['held'] === true ? '=' : '+'} ${shown(story['publishedAt'])}  ${shown(story['title'])}  (${shown(story['source'])})`,
    ),
  ].join('\n');
}

const CHANNEL_COLUMNS = [
  ['SLUG', (channel: Resource) => shown(channel['slug'])],
  ['TITLE', (channel: Resource) => shown(channel['title'])],
  ['FILTER', (channel: Resource) => shown(channel['filter'])],
  ['FEED', (channel: Resource) => shown((channel['feeds'] as Resource)['rss'])],
] as const;
