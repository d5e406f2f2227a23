/** The bench's command line. */
import { parseArgs } from 'node:util';

export const PARTS = [
  'polls',
  'items',
  'deliveries',
  'feeds',
  'latency',
  'schedule',
  'new-feeds',
  'process',
  'identity',
  'rules',
  'isolation',
  'pages',
  'soak',
] as const;
/** Takes ten minutes: only when it is asked for. */
const ONLY_WHEN_ASKED: readonly string[] = ['soak'];
export type PartName = (typeof PARTS)[number];

export interface BenchOptions {
  parts: PartName[];
  separate: boolean;
  profileDir: string | undefined;
  /** Feeds of the polls part, and how often each is polled. */
  pollFeeds: number;
  pollRounds: number;
  /** The items part: feeds, and items in each. */
  itemFeeds: number;
  itemsPerFeed: number;
  /** The deliveries part: events, and endpoints that each gets a delivery of every event. */
  events: number;
  endpoints: number;
  /** How long each raw loop and each feed loop runs, and how long the latency part publishes. */
  loopSeconds: number;
  latencySeconds: number;
  itemsPerSecond: number;
  connections: number;
  /** The schedule part: feeds registered, how many of them become due each second, and for how long it is watched. */
  scheduleFeeds: number;
  scheduleRate: number;
  scheduleMinutes: number;
  /** The new-feeds part: feeds, and items in each. */
  newFeeds: number;
  itemsPerNewFeed: number;
  /** The process part: items, about. */
  processItems: number;
  /** The identity part: items whose texts can be compared. */
  sketches: number;
  /** The isolation part: how long each of its three rounds is, and deliveries that wait for a dead endpoint in the last. */
  isolationSeconds: number;
  waiting: number;
  /** The pages part: stories of its archive, and the name of the database to keep it in and to find it in. */
  stories: number;
  archive: string | undefined;
  /** The soak part: for how long memory is watched. */
  soakMinutes: number;
}

export const USAGE = `npm run bench -- [PART…] [flags]

Parts: ${PARTS.join(', ')} (all by default, but for ${ONLY_WHEN_ASKED.join(', ')})
  --quick                a smaller run of everything, about a minute
  --separate             the four services as processes of their own
  --profile DIR          write V8 CPU profiles of the hub's processes into DIR
  --poll-feeds N         --poll-rounds N
  --item-feeds N         --items-per-feed N
  --events N             --endpoints N
  --loop-seconds N       --latency-seconds N     --items-per-second N
  --connections N        of every load loop (50)
  --schedule-feeds N     --schedule-rate N       --schedule-minutes N (10 tells whether memory is flat)
  --new-feeds N          --items-per-new-feed N
  --process-items N      --sketches N            --stories N (of the pages part: 1000000 takes some minutes to make)
  --archive NAME         keep the stories of the pages part in this database of the server at DATABASE_URL, or find them there
  --isolation-seconds N  --waiting N             --soak-minutes N (10; at least 5 for a verdict)`;

/** Reads the command line; throws with a sentence when it makes no sense. */
export function readOptions(args: string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      separate: { type: 'boolean', default: false },
      profile: { type: 'string' },
      'poll-feeds': { type: 'string' },
      'poll-rounds': { type: 'string' },
      'item-feeds': { type: 'string' },
      'items-per-feed': { type: 'string' },
      events: { type: 'string' },
      endpoints: { type: 'string' },
      'loop-seconds': { type: 'string' },
      'latency-seconds': { type: 'string' },
      'items-per-second': { type: 'string' },
      connections: { type: 'string' },
      'schedule-feeds': { type: 'string' },
      'schedule-rate': { type: 'string' },
      'schedule-minutes': { type: 'string' },
      'new-feeds': { type: 'string' },
      'items-per-new-feed': { type: 'string' },
      'process-items': { type: 'string' },
      sketches: { type: 'string' },
      'isolation-seconds': { type: 'string' },
      waiting: { type: 'string' },
      stories: { type: 'string' },
      archive: { type: 'string' },
      'soak-minutes': { type: 'string' },
    },
  });
  const number = (name: keyof typeof values, normal: number, quick: number): number => {
    const text = values[name];
    if (typeof text !== 'string') return values.quick ? quick : normal;
    if (!/^[1-9]\d*$/.test(text)) throw new Error(`--${name} must be a whole number above 0`);
    return Number(text);
  };
  return {
    parts:
      positionals.length === 0 ? PARTS.filter((part) => !ONLY_WHEN_ASKED.includes(part)) : positionals.map(readPart),
    separate: values.separate,
    profileDir: values.profile,
    pollFeeds: number('poll-feeds', 60_000, 4_000),
    pollRounds: number('poll-rounds', 1, 1),
    itemFeeds: number('item-feeds', 40, 10),
    itemsPerFeed: number('items-per-feed', 250, 100),
    events: number('events', 800, 100),
    endpoints: number('endpoints', 50, 16),
    loopSeconds: number('loop-seconds', 5, 2),
    latencySeconds: number('latency-seconds', 30, 8),
    itemsPerSecond: number('items-per-second', 20, 20),
    connections: number('connections', 50, 50),
    scheduleFeeds: number('schedule-feeds', 100_000, 10_000),
    scheduleRate: number('schedule-rate', 300, 300),
    scheduleMinutes: number('schedule-minutes', 1, 0.25),
    newFeeds: number('new-feeds', 500, 100),
    itemsPerNewFeed: number('items-per-new-feed', 30, 30),
    processItems: number('process-items', 20_000, 4_000),
    sketches: number('sketches', 1_000_000, 50_000),
    isolationSeconds: number('isolation-seconds', 30, 10),
    waiting: number('waiting', 1_000_000, 50_000),
    stories: number('stories', 1_000_000, 20_000),
    archive: archiveName(values.archive),
    soakMinutes: number('soak-minutes', 10, 0.5),
  };
}

function archiveName(text: string | undefined): string | undefined {
  if (text !== undefined && !/^[a-z0-9_]{1,40}$/.test(text))
    throw new Error('--archive must be 1 to 40 lower-case letters, digits or _');
  return text;
}

function readPart(text: string): PartName {
  const part = PARTS.find((name) => name === text);
  if (!part) throw new Error(`${text} is not a part of the bench: ${PARTS.join(', ')}`);
  return part;
}
