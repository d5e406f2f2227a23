/** `feeds set`: how one feed is asked and read. */
import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { onOff } from './arguments.js';
import { CommandError, EXIT } from './command-error.js';
import type { Resource } from './hub-client.js';
import { printResult, type Workbench } from './output.js';
import { shown } from './table.js';

interface Rule {
  action: 'keep' | 'block';
  field: string;
  operator: string;
  value: string;
}
interface SetOptions {
  basic?: string;
  bearer?: boolean;
  header?: string;
  cookie?: boolean;
  credentials: boolean;
  userAgent?: string;
  proxy?: string;
  proxyUser?: string;
  allowInvalidCertificate?: boolean;
  ca?: string;
  stripTrackers?: boolean;
  fullText?: boolean;
  block?: Rule[];
  keep?: Rule[];
  rules: boolean;
}

const NONE = 'none';

/** `feedId` finds a feed by its id or URL. */
export function addFeedSetCommand(
  feeds: Command,
  connect: (command: Command) => Workbench,
  feedId: (bench: Workbench, idOrUrl: string) => Promise<string>,
): void {
  feeds
    .command('set <feed>')
    .description('change how a feed, named by its id or URL, is asked and read; what is not named stays')
    .option('--basic <user>', 'credentials: a user, its password on standard input')
    .option('--bearer', 'credentials: a token, on standard input')
    .option('--header <name>', 'credentials: a header, its value on standard input')
    .option('--cookie', 'credentials: a Cookie header, on standard input')
    .option('--no-credentials', 'forget them')
    .option('--user-agent <text>', `instead of the hub's own; "${NONE}": the hub's own again`)
    .option('--proxy <url>', `an http or https proxy; "${NONE}": straight again`)
    .option('--proxy-user <user>', 'with --proxy: its user, the password on standard input')
    .option('--allow-invalid-certificate <on|off>', "accept any certificate of the feed's host", onOff)
    .option('--ca <file>', `certificates (PEM) of authorities to trust besides the usual ones; "${NONE}": these alone`)
    .option('--strip-trackers <on|off>', 'take click-counting parameters out of links', onOff)
    .option('--full-text <on|off>', 'read the pages of new items', onOff)
    .option('--block <rule>', '"FIELD contains|regex VALUE", repeatable; replaces all rules', rule('block'))
    .option('--keep <rule>', 'as --block, for what alone is wanted', rule('keep'))
    .option('--no-rules', 'take everything')
    .addHelpText('after', '\nFIELD is title, content, url, author, category or any. Block rules go first.')
    .action(async (idOrUrl: string, options: SetOptions, command: Command) => {
      const bench = connect(command);
      const settings = await settingsOf(options, bench);
      if (Object.keys(settings).length === 0)
        throw new CommandError(EXIT.usage, 'nothing to change: name what, see feeds set --help');
      const id = await feedId(bench, idOrUrl);
      const feed = await bench.hub.call('PATCH', `/feeds/${id}`, { settings });
      const notes = (feed['settings'] as { notes: string[] }).notes;
      printResult(bench, feed, [`changed feed ${shown(feed['id'])}`, ...notes].join('\n'));
    });
}

async function settingsOf(options: SetOptions, bench: Workbench): Promise<Resource> {
  const { userAgent, allowInvalidCertificate, ca, stripTrackers, fullText } = options;
  const credentials = await credentialsOf(options, bench);
  const rules = options.rules ? [...(options.block ?? []), ...(options.keep ?? [])] : [];
  const tls = {
    ...(allowInvalidCertificate === undefined ? {} : { allowInvalidCertificate }),
    ...(ca === undefined ? {} : { ca: ca === NONE ? null : fileText(ca) }),
  };
  return {
    ...(credentials === undefined ? {} : { credentials }),
    ...(userAgent === undefined ? {} : { userAgent: userAgent === NONE ? null : userAgent }),
    ...(options.proxy === undefined ? {} : { proxy: await proxyOf(options, bench) }),
    ...(Object.keys(tls).length === 0 ? {} : { tls }),
    ...(stripTrackers === undefined ? {} : { stripTrackers }),
    ...(fullText === undefined ? {} : { fullText }),
    ...(rules.length === 0 && options.rules ? {} : { rules }),
  };
}

async function credentialsOf(options: SetOptions, bench: Workbench): Promise<Resource | null | undefined> {
  if (!options.credentials) return null;
  if (options.basic !== undefined)
    return { kind: 'basic', username: options.basic, password: await secret(bench, 'the password') };
  if (options.bearer === true) return { kind: 'bearer', token: await secret(bench, 'the token') };
  if (options.header !== undefined)
    return { kind: 'header', name: options.header, value: await secret(bench, 'the value') };
  if (options.cookie === true) return { kind: 'cookie', value: await secret(bench, 'the cookie') };
  return undefined;
}

async function proxyOf({ proxy, proxyUser, ...rest }: SetOptions, bench: Workbench): Promise<Resource | null> {
  if (proxy === NONE) return null;
  if (proxyUser === undefined) return { url: proxy };
  if (rest.basic !== undefined || rest.header !== undefined || rest.bearer === true || rest.cookie === true)
    throw new CommandError(
      EXIT.usage,
      'standard input holds one secret: set proxy and credentials one after the other',
    );
  return { url: proxy, username: proxyUser, password: await secret(bench, "the proxy's password") };
}

/** Never an argument: those are in the shell's history and in every list of processes. */
async function secret({ readInput }: Workbench, what: string): Promise<string> {
  const text = (await readInput()).replace(/\r?\n$/, '');
  if (text === '') throw new CommandError(EXIT.usage, `give ${what} on standard input`);
  return text;
}

function fileText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CommandError(EXIT.usage, `${path} cannot be read (${(error as Error).message})`);
  }
}

function rule(action: Rule['action']): (text: string, before: Rule[] | undefined) => Rule[] {
  return (text, before) => {
    const [, field = '', operator = '', value = ''] = /^(\w+) (contains|regex) (.+)$/s.exec(text.trim()) ?? [];
    if (value === '') throw new InvalidArgumentError('It must be like "title contains horoscope".');
    return [...(before ?? []), { action, field, operator, value }];
  };
}
