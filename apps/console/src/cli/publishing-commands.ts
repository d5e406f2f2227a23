/** `endpoints add|list` and more, `deliveries list|retry`. */
import type { Command } from 'commander';
import type { EventType } from '#contracts/events.js';
import { eventTypes, several, wholeNumber } from './arguments.js';
import { addEndpointKeyCommands, keyInWords, ownHeader, signingOption } from './endpoint-key-commands.js';
import { type FilterOptions, filterOf, withFilter } from './filter-options.js';
import type { Resource } from './hub-client.js';
import { printList, printResult, type Workbench } from './output.js';
import { addReplayCommands } from './replay-commands.js';
import { shown } from './table.js';

type Connect = (command: Command) => Workbench;

export function addEndpointCommands(program: Command, connect: Connect): void {
  const endpoints = program.command('endpoints').description('where partner sites receive webhooks');
  withFilter(endpoints.command('add <url>').description('add an endpoint; prints its secret, once'))
    .option('--channel <slug>', 'only stories of this channel (repeatable)', several)
    .option('--event <type>', 'only events of this type (repeatable)', eventTypes)
    .option('--description <text>')
    .option('--max-in-flight <count>', 'deliveries under way to it at once', wholeNumber(1))
    .option('--partner-id <id>', 'whose it is')
    .option('--header <name: value>', 'sent with every webhook (repeatable)', ownHeader)
    .option('--thin', 'ids and addresses only')
    .option('--ordered', 'one event at a time, in order')
    .option('--rate <count>', 'attempts a minute at most', wholeNumber(1))
    .addOption(signingOption())
    .action(async (url: string, options: EndpointOptions, command: Command) => {
      const bench = connect(command);
      const { event, description, maxInFlight, partnerId, header, ordered, rate, signing } = options;
      const served = { maxInFlight, ordered, rateLimitPerMinute: rate, bodyForm: options.thin ? 'thin' : undefined };
      const body = { url, events: event, description, filter: filterOf(options), partnerId, headers: header, signing };
      const endpoint = await bench.hub.call('POST', '/endpoints', { ...body, ...served });
      const words = `added endpoint ${shown(endpoint['id'])}; it starts with the next event\n${keyInWords(endpoint)}`;
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
  addReplayCommands(endpoints, connect);
  addEndpointKeyCommands(endpoints, connect);
}

type EndpointOptions = FilterOptions & {
  event?: EventType[];
  description?: string;
  maxInFlight?: number;
  partnerId?: string;
  header?: Record<string, string>;
  thin?: boolean;
  ordered?: boolean;
  rate?: number;
  signing?: string;
};

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

const ENDPOINT_COLUMNS = [
  ['STATUS', (endpoint: Resource) => shown(endpoint['status'])],
  ['URL', (endpoint: Resource) => shown(endpoint['url'])],
  ['LAST SUCCESS', (endpoint: Resource) => shown(endpoint['lastSuccessAt']) || 'never'],
  ['ID', (endpoint: Resource) => shown(endpoint['id'])],
  ['REASON', (endpoint: Resource) => shown(endpoint['statusReason'])],
] as const;

const DELIVERY_COLUMNS = [
  ['STATUS', (delivery: Resource) => shown(delivery['status'])],
  ['EVENT', (delivery: Resource) => shown(delivery['eventType'])],
  ['ATTEMPTS', (delivery: Resource) => shown(delivery['attempts'])],
  ['CREATED', (delivery: Resource) => shown(delivery['createdAt'])],
  ['ID', (delivery: Resource) => shown(delivery['id'])],
  ['REASON', (delivery: Resource) => shown(delivery['statusReason'])],
] as const;
