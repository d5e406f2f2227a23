/** `feeds add|list|preview|why|set|refresh`. */
import type { Command } from 'commander';
import { wholeNumber } from './arguments.js';
import { addFeedSetCommand } from './feed-set-command.js';
import type { Resource } from './hub-client.js';
import { printList, printResult, type Workbench } from './output.js';
import { previewInWords } from './preview-in-words.js';
import { shown } from './table.js';

type Connect = (command: Command) => Workbench;

interface AddOptions {
  partner?: string;
  title?: string;
  interval?: number;
  paused?: boolean;
}

export function addFeedCommands(program: Command, connect: Connect): void {
  const feeds = program.command('feeds').description('the URLs that partners publish at');
  feeds
    .command('add <url>')
    .description(
      'add a feed (RSS, Atom or JSON Feed), or the feed that a page names; it is fetched at once, then on schedule',
    )
    .option(
      '--partner <slug or name>',
      'the partner it belongs to, added if unknown (default: the one of its home page)',
    )
    .option('--title <text>', "instead of the feed's own")
    .option('--interval <seconds>', "between polls, instead of the feed's own rhythm", wholeNumber(1))
    .option('--paused', 'do not fetch it yet')
    .action(async (url: string, options: AddOptions, command: Command) => {
      const bench = connect(command);
      const { partner, title, interval, paused } = options;
      const feed = await bench.hub.call('POST', '/feeds', { url, partner, title, intervalSeconds: interval, paused });
      const slug = shown((feed['partner'] as Resource)['slug']);
      const next = paused === true ? 'It is paused.' : 'It is being fetched now; feeds list shows how it does.';
      const page = feed['discoveredFrom'];
      const found = typeof page === 'string' ? `, which ${page} names,` : '';
      printResult(
        bench,
        feed,
        `added feed ${shown(feed['id'])} (${shown(feed['url'])})${found} of partner ${slug}. ${next}`,
      );
    });
  addPreview(feeds, 'preview <url>', connect);
  // As it was called first.
  addPreview(program, 'preview <url>', connect);
  feeds
    .command('list')
    .description('feeds with their health')
    .option('--failing', 'only those whose last fetch failed')
    .action(async (options: { failing?: boolean }, command: Command) => {
      const bench = connect(command);
      const rows = await bench.hub.list(options.failing === true ? '/feeds?failing=true' : '/feeds');
      printList(bench, rows, FEED_COLUMNS, 'no feeds: add one with feeds add URL');
    });
  feeds
    .command('why <feed>')
    .description('when a feed, named by its id or URL, is fetched next, and why then')
    .action(async (idOrUrl: string, _options: object, command: Command) => {
      const bench = connect(command);
      const feed = await bench.hub.call('GET', `/feeds/${await feedId(bench, idOrUrl)}`);
      const reasons = (feed['nextFetchReasons'] as string[]).map((reason) => `  ${reason.replaceAll(/\p{C}+/gu, ' ')}`);
      const when = feed['status'] === 'active' ? `next at ${shown(feed['nextFetchAt'])}` : shown(feed['status']);
      printResult(bench, feed, [when, ...reasons].join('\n'));
    });
  feeds
    .command('refresh <feed>')
    .description('fetch a feed, named by its id or URL, now and say how it went')
    .action(async (idOrUrl: string, _options: object, command: Command) => {
      const bench = connect(command);
      const fetched = await bench.hub.call('POST', `/feeds/${await feedId(bench, idOrUrl)}/refresh`);
      printResult(bench, fetched, fetchInWords(fetched));
    });
  addFeedSetCommand(feeds, connect, feedId);
}

function addPreview(parent: Command, name: string, connect: Connect): void {
  parent
    .command(name)
    .description(
      'what the hub would read at a URL, whether it is here already, and the feeds of a page; stores nothing',
    )
    .action(async (url: string, _options: object, command: Command) => {
      const bench = connect(command);
      const preview = await bench.hub.call('POST', '/feeds/preview', { url });
      printResult(bench, preview, previewInWords(preview));
    });
}

const FEED_COLUMNS = [
  ['STATE', state],
  ['URL', (feed: Resource) => shown(feed['url'])],
  ['LAST SUCCESS', (feed: Resource) => shown(feed['lastSuccessAt']) || 'never'],
  ['NEXT FETCH', (feed: Resource) => (feed['status'] === 'active' ? shown(feed['nextFetchAt']) : '')],
  ['ID', (feed: Resource) => shown(feed['id'])],
  ['ERROR', (feed: Resource) => shown((feed['lastError'] as Resource | null)?.['message'])],
] as const;

function state(feed: Resource): string {
  if (feed['status'] !== 'active') return shown(feed['status']);
  const error = feed['lastError'] as Resource | null;
  if (error !== null) return shown(error['class']);
  return feed['lastSuccessAt'] === null ? 'new' : 'well';
}

/** The id of a feed that is named by its id or its URL. */
export async function feedId({ hub }: Workbench, idOrUrl: string): Promise<string> {
  if (!/^https?:\/\//.test(idOrUrl) || !URL.canParse(idOrUrl)) return encodeURIComponent(idOrUrl);
  const url = new URL(idOrUrl);
  url.hash = '';
  const known = (await hub.list('/feeds')).find((feed) => feed['url'] === url.href);
  return known === undefined ? encodeURIComponent(idOrUrl) : shown(known['id']);
}

function fetchInWords(fetched: Resource): string {
  const error = fetched['error'] as Resource | null | undefined;
  if (error) return `the fetch failed: ${shown(error['class'])}: ${shown(error['message'])}`;
  if (fetched['outcome'] === undefined) return shown(fetched['detail']);
  if (fetched['outcome'] === 'unchanged') return 'fetched: nothing new';
  return `fetched: ${shown(fetched['itemsNew'])} new and ${shown(fetched['itemsChanged'])} changed of ${shown(fetched['itemsSeen'])} items`;
}
