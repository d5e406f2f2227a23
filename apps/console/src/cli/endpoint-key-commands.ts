/** `endpoints ping|rotate`, `tokens add|list|revoke`: what keeps an endpoint's receiver in the know and others out. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { wholeNumber } from './arguments.js';
import { CommandError, EXIT } from './command-error.js';
import type { Resource } from './hub-client.js';
import { printList, printResult, type Workbench } from './output.js';
import { shown } from './table.js';

type Connect = (command: Command) => Workbench;

/** `NAME: VALUE`, gathered into one object. */
export function ownHeader(text: string, before: Record<string, string> | undefined): Record<string, string> {
  const colon = text.indexOf(':');
  if (colon < 1) throw new InvalidArgumentError('It must be "NAME: VALUE".');
  return { ...before, [text.slice(0, colon).trim()]: text.slice(colon + 1).trim() };
}

export const signingOption = () =>
  new Option('--signing <kind>', 'a shared secret, or a key pair').choices(['hmac', 'ed25519']);

/** Adds to the `endpoints` command. */
export function addEndpointKeyCommands(endpoints: Command, connect: Connect): void {
  endpoints
    .command('ping <id>')
    .description('send it a ping, to see one arrive')
    .action(async (id: string, _options: object, command: Command) => {
      const bench = connect(command);
      const ping = await bench.hub.call('POST', `/endpoints/${encodeURIComponent(id)}/ping`);
      printResult(
        bench,
        ping,
        `ping ${shown(ping['webhookId'])} is on its way as delivery ${shown(ping['deliveryId'])}`,
      );
    });
  endpoints
    .command('rotate <id>')
    .description('change its key; prints the new secret, once')
    .option('--overlap <seconds>', 'how long the old key signs along (default: a day; 0: not at all)', wholeNumber(0))
    .addOption(signingOption())
    .action(async (id: string, options: { overlap?: number; signing?: string }, command: Command) => {
      const bench = connect(command);
      const wish = { overlapSeconds: options.overlap, signing: options.signing };
      const key = await bench.hub.call('POST', `/endpoints/${encodeURIComponent(id)}/rotate`, wish);
      printResult(bench, key, `${keyInWords(key)}\nthe old key signs along until ${shown(key['formerUntil'])}`);
    });
}

/** What a receiver is to be told, once. */
export function keyInWords(holder: Resource): string {
  return holder['secret'] === null
    ? `public key: ${shown(holder['publicKey'])}`
    : `secret (shown this once): ${shown(holder['secret'])}`;
}

interface Owner {
  partnerId?: string;
  endpointId?: string;
}

export function addTokenCommands(program: Command, connect: Connect): void {
  const tokens = program.command('tokens').description('what lets those who receive see to their own endpoints');
  const ofOwner = (command: Command) =>
    command
      .option('--partner-id <id>', "for all of this partner's endpoints")
      .option('--endpoint-id <id>', 'for this endpoint alone');
  ofOwner(tokens.command('add').description('make a token; prints it, once'))
    .option('--name <text>', 'who or what uses it')
    .action(async (options: Owner & { name?: string }, command: Command) => {
      const bench = connect(command);
      const token = await bench.hub.call('POST', pathOf(options), { name: options.name });
      printResult(bench, token, `token ${shown(token['id'])} (shown this once): ${shown(token['token'])}`);
    });
  ofOwner(tokens.command('list').description('tokens, newest first')).action(
    async (options: Owner, command: Command) => {
      const bench = connect(command);
      printList(bench, await bench.hub.list(pathOf(options)), TOKEN_COLUMNS, 'no tokens: make one with tokens add');
    },
  );
  ofOwner(tokens.command('revoke <id>').description('end a token, at once and for good')).action(
    async (id: string, options: Owner, command: Command) => {
      const bench = connect(command);
      await bench.hub.call('DELETE', `${pathOf(options)}/${encodeURIComponent(id)}`);
      printResult(bench, { id }, `token ${id} opens nothing any more`);
    },
  );
}

function pathOf({ partnerId, endpointId }: Owner): string {
  if (partnerId !== undefined && endpointId === undefined) return `/partners/${encodeURIComponent(partnerId)}/tokens`;
  if (endpointId !== undefined && partnerId === undefined) return `/endpoints/${encodeURIComponent(endpointId)}/tokens`;
  throw new CommandError(EXIT.usage, 'Say whose: either --partner-id or --endpoint-id.');
}

const TOKEN_COLUMNS = [
  ['NAME', (token: Resource) => shown(token['name'])],
  ['CREATED', (token: Resource) => shown(token['createdAt'])],
  ['LAST USED', (token: Resource) => shown(token['lastUsedAt']) || 'never'],
  ['REVOKED', (token: Resource) => shown(token['revokedAt'])],
  ['ID', (token: Resource) => shown(token['id'])],
] as const;
