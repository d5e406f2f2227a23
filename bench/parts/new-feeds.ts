/** New feeds to stored items, then the same feeds unchanged: the hub beside the feed readers that are installed. */
import { feedReaders } from '../ground/feed-readers.js';
import { type Ceiling, type Figure } from '../ground/figures.js';
import { seedFeeds } from '../ground/seed-feeds.js';
import { type Stage } from '../ground/stage.js';
import { untilCount } from '../ground/until-count.js';
import { prepareNews } from './items.js';

/** Rounds of unchanged polls: one is over too soon to be measured alone. */
const ROUNDS = 10;
const LOOK_EVERY_MS = 5;
const STORED = 'SELECT count(*) FROM items';
const WAITING =
  'SELECT count(*) = 0 AND (SELECT count(*) FROM events WHERE fanned_out_at IS NULL) = 0 FROM item_batches';
const SETTLED = `SELECT count(*) FROM feeds WHERE last_success_at IS NOT NULL AND last_error IS NULL AND enqueued_at IS NULL AND next_fetch_at > now()`;

interface Served {
  full: number;
  notModified: number;
  first: bigint;
}

export async function newFeeds(stage: Stage): Promise<Figure[]> {
  const { newFeeds: feeds, itemsPerNewFeed } = stage.options;
  const total = feeds * itemsPerNewFeed;
  const urls = await prepareNews(stage, feeds, itemsPerNewFeed);
  const served = () => stage.partner.call<Served>('takeNewsServed');
  const others = await passes(urls, served);

  const meter = await stage.meter();
  const started = performance.now();
  await seedFeeds(stage.database, urls);
  const seconds = await fast(stage, started, STORED, total);
  const cost = await meter(total);
  await untilCount(stage, performance.now(), `SELECT (${WAITING})::integer`, 1);
  await served();

  const unchanged = await unchangedRounds(stage, feeds, served);
  const missing = others.missing.length === 0 ? '' : `; not installed, so not beside it: ${others.missing.join(', ')}`;
  return [
    {
      part: 'new-feeds',
      name: 'items of new feeds, to stored',
      value: total / seconds,
      unit: '/s',
      ceilings: fastestFirst(
        others.passes.map(({ name, first }) => ({ name: `${name} items/s`, value: total / first })),
      ),
      ...(others.passes.length > 0 ? { target: { leastRatio: 1 } } : {}),
      note: `${feeds} feeds of ${itemsPerNewFeed} items in ${seconds.toFixed(2)} s${others.passes.map(({ name, first }) => `, ${name} ${first.toFixed(2)} s`).join('')}; ${cost}${missing}`,
    },
    {
      part: 'new-feeds',
      name: 'the same feeds, unchanged',
      value: feeds / unchanged.working,
      unit: 'feeds/s',
      ceilings: fastestFirst(
        others.passes.map(({ name, second }) => ({ name: `${name} feeds/s`, value: feeds / second })),
      ),
      ...(others.passes.length > 0 ? { target: { leastRatio: 25 } } : {}),
      note: `${ROUNDS} rounds, each from its first request to its last outcome in ${(unchanged.working * 1000).toFixed(0)} ms (${(unchanged.whole * 1000).toFixed(0)} ms with the wait for the scheduler's tick)${others.passes.map(({ name, second, notModified }) => `; ${name} ${second.toFixed(2)} s, ${notModified} of its requests answered 304`).join('')}`,
    },
  ];
}

/** The first and the second pass of every reader over the feeds, one reader after the other. */
async function passes(urls: string[], served: () => Promise<Served>) {
  const { readers, missing } = await feedReaders(urls);
  const done: { name: string; first: number; second: number; notModified: number }[] = [];
  try {
    for (const { name, pass } of readers) {
      await served();
      const first = await pass();
      const { full } = await served();
      if (full < urls.length) throw new Error(`${name} asked for ${full} of ${urls.length} feeds only`);
      const second = await pass();
      const { full: again, notModified } = await served();
      if (again + notModified < urls.length)
        throw new Error(`${name} asked for ${again + notModified} feeds again only`);
      done.push({ name, first, second, notModified });
    }
  } finally {
    await Promise.all(readers.map(({ remove }) => remove()));
  }
  return { passes: done, missing };
}

/** Seconds of a round, on average: from the partner's first request on, and from when the feeds became due. */
async function unchangedRounds(
  stage: Stage,
  feeds: number,
  served: () => Promise<Served>,
): Promise<{ working: number; whole: number }> {
  let [working, whole] = [0, 0];
  // The first round opens connections and warms the code up.
  for (let round = 0; round <= ROUNDS; round++) {
    const started = performance.now();
    await stage.database.query('UPDATE feeds SET next_fetch_at = now()');
    const seconds = await fast(stage, started, SETTLED, feeds);
    const ended = process.hrtime.bigint();
    const { full, notModified, first } = await served();
    if (full > 0 || notModified < feeds) throw new Error(`${full} polls were not conditional, ${notModified} were`);
    if (round === 0) continue;
    working += Number(ended - first) / 1e9 / ROUNDS;
    whole += seconds / ROUNDS;
  }
  return { working, whole };
}

/** As untilCount, but to the millisecond: what is measured here takes only some hundred of them. */
async function fast(stage: Stage, started: number, sql: string, goal: number): Promise<number> {
  const giveUpAt = performance.now() + 120_000;
  while ((await stage.database.count(sql)) < goal) {
    if (performance.now() > giveUpAt) throw new Error(`${sql} did not reach ${goal}\n${await stage.hub.log()}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return (performance.now() - started) / 1000;
}

function fastestFirst(ceilings: Ceiling[]): Ceiling[] {
  return ceilings.sort((a, b) => b.value - a.value);
}
