/** `endpoints add|list`, `channels add|list`, `deliveries list|retry`. */
import type { Command } from 'commander';
import type { EventType } from '#contracts/events.js';
import { eventTypes, several, wholeNumber } from './arguments.js';
import type { Resource } from './hub-client.js';
import { printList, printResult, type Workbench } from './output.js';
import { shown } from './table.js';

type Connect = (command: Command) => Workbench;

interface FilterOptions {
  tag?: string[];
  partner?: string[];
  language?: string[];
  channel?: string[];
}

export function addEndpointCommands(program: Command, connect: Connect): void {
  const endpoints = program.command('endpoints').description('where partner sites receive webhooks');
  withFilter(endpoints.command('add <url>').description('add an endpoint; prints its secret, once'))
    .option('--channel <slug>', 'only stories of this channel (repeatable)', several)
    .option('--event <type>', 'only events of this type (repeatable)', eventTypes)
    .option('--description <text>')
    .option('--max-in-flight <count>', 'deliveries under way to it at once', wholeNumber(1))
    .action(async (url: string, options: EndpointOptions, command: Command) => {
      const bench = connect(command);
      const { event, description, maxInFlight } = options;
      const body = { url, events: event, description, maxInFlight, filter: filterOf(options) };
      const endpoint = await bench.hub.call('POST', '/endpoints', body);
      const words = `added endpoint ${shown(endpoint['id'])}; it starts with the next event\nsecret (shown this once): ${shown(endpoint['secret'])}`;
      printResult(bench, endpoint, words);
    });
  endpoints
    .command('list')
    .description('endpoints and how they do')
    .action(async (_options: object, command: Command) => {
      const bench = connect(command);
      printList(
        bench,
        await bench.hub.list('/endpoints'),
        ENDPOINT_COLUMNS,
        'no endpoints: add one with endpoints add URL',
      );
    });
}

type ChannelOptions = FilterOptions & { title?: string; description?: string; onlyRouted?: boolean };
type EndpointOptions = FilterOptions & { event?: EventType[]; description?: string; maxInFlight?: number };

export function addChannelCommands(program: Command, connect: Connect): void {
  const channels = program.command('channels').description('named, filtered streams of stories');
  withFilter(channels.command('add <slug> [title]').description('add a channel; its feeds exist at once'))
    .option('--title <text>', 'its name (default: the slug)')
    .option('--only-routed', 'hold only what rules route here')
    .option('--description <text>')
    .action(async (slug: string, title: string | undefined, options: ChannelOptions, command: Command) => {
      const bench = connect(command);
      const { description } = options;
      const filter = { ...filterOf(options), onlyRouted: options.onlyRouted };
      const body = { slug, title: title ?? options.title ?? slug, description, filter };
      const channel = await bench.hub.call('POST', '/channels', body);
      const feeds = Object.values(channel['feeds'] as Record<string, string>).join('\n  ');
      printResult(bench, channel, `added channel ${slug}:\n  ${feeds}`);
    });
  channels
    .command('list')
    .description("channels; 'all' always exists")
    .action(async (_options: object, command: Command) => {
      const bench = connect(command);
      printList(bench, await bench.hub.list('/channels'), CHANNEL_COLUMNS, "no channels besides 'all'");
    });
}

export function addDeliveryCommands(program: Command, connect: Connect): void {
  const deliveries = program.command('deliveries').description('events on their way to endpoints');
  deliveries
    .command('list')
    .description('the newest deliveries')
    .option('--status <status>', 'pending, delivering, delivered, failed or cancelled')
    .option('--endpoint <id>', 'only to this endpoint')
    .option('--limit <count>', 'how many', wholeNumber(1), 50)
    .action(async (options: { status?: string; endpoint?: string; limit: number }, command: Command) => {
      const bench = connect(command);
      const query = new URLSearchParams();
      if (options.status !== undefined) query.set('status', options.status);
      if (options.endpoint !== undefined) query.set('endpointId', options.endpoint);
      const rows = await bench.hub.list(`/deliveries?${query.toString()}`, options.limit);
      printList(bench, rows, DELIVERY_COLUMNS, 'no deliveries');
    });
  deliveries
    .command('retry <id>')
    .description('send a delivery again, now')
    .action(async (id: string, _options: object, command: Command) => {
      const bench = connect(command);
      const delivery = await bench.hub.call('POST', `/deliveries/${encodeURIComponent(id)}/retry`);
      printResult(bench, delivery, `delivery ${id} is due now`);
    });
}

function withFilter(command: Command): Command {
  return command
    .option('--tag <scheme/slug>', 'only stories with this tag (repeatable)', several)
    .option('--partner <slug>', 'only stories of this partner (repeatable)', several)
    .option('--language <code>', 'only stories in this language (repeatable)', several);
}

/** As the API takes it: lists that were not given are left out. */
function filterOf({ tag, partner, language, channel }: FilterOptions): object {
  return { tags: tag, partners: partner, languages: language, channels: channel };
}

const ENDPOINT_COLUMNS = [
  ['STATUS', (endpoint: Resource) => shown(endpoint['status'])],
  ['URL', (endpoint: Resource) => shown(endpoint['url'])],
  ['LAST SUCCESS', (endpoint: Resource) => shown(endpoint['lastSuccessAt']) || 'never'],
  ['ID', (endpoint: Resource) => shown(endpoint['id'])],
  ['REASON', (endpoint: Resource) => shown(endpoint['statusReason'])],
] as const;

const CHANNEL_COLUMNS = [
  ['SLUG', (channel: Resource) => shown(channel['slug'])],
  ['TITLE', (channel: Resource) => shown(channel['title'])],
  ['FILTER', (channel: Resource) => shown(channel['filter'])],
  ['FEED', (channel: Resource) => shown((channel['feeds'] as Resource)['rss'])],
] as const;

const DELIVERY_COLUMNS = [
  ['STATUS', (delivery: Resource) => shown(delivery['status'])],
  ['EVENT', (delivery: Resource) => shown(delivery['eventType'])],
  ['ATTEMPTS', (delivery: Resource) => shown(delivery['attempts'])],
  ['CREATED', (delivery: Resource) => shown(delivery['createdAt'])],
  ['ID', (delivery: Resource) => shown(delivery['id'])],
  ['REASON', (delivery: Resource) => shown(delivery['statusReason'])],
] as const;
