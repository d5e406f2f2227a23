/** Items a second from feed to visible story: new feeds full of news become due at once; the clock stops when every story can be read. */
import { type Figure } from '../ground/figures.js';
import { seedFeeds } from '../ground/seed-feeds.js';
import { type Stage } from '../ground/stage.js';
import { untilCount } from '../ground/until-count.js';

/** Feeds that were read and of which nothing is left to process: cheap to ask, both tables are short. */
const PROCESSED = `SELECT (SELECT count(*) FROM feeds WHERE last_success_at IS NOT NULL) - (SELECT count(*) FROM item_batches)`;
const VISIBLE = `SELECT count(*) FROM stories WHERE status = 'published'`;
const FANNED_OUT = `SELECT count(*) FROM events WHERE fanned_out_at IS NOT NULL`;

export async function items(stage: Stage): Promise<Figure[]> {
  const { itemFeeds, itemsPerFeed } = stage.options;
  const total = itemFeeds * itemsPerFeed;
  const urls = await prepareNews(stage, itemFeeds, itemsPerFeed);
  const meter = await stage.meter();
  const started = performance.now();
  await seedFeeds(stage.database, urls);
  await untilCount(stage, started, PROCESSED, itemFeeds);
  const seconds = await untilCount(stage, started, VISIBLE, total);
  const fannedOut = await untilCount(stage, started, FANNED_OUT, total);
  return [
    {
      part: 'items',
      name: 'items from feed to visible story',
      value: total / seconds,
      unit: '/s',
      ceilings: [],
      target: { least: 500 },
      note: `${itemFeeds} feeds of ${itemsPerFeed} distinct items in ${seconds.toFixed(1)} s; every event fanned out after ${fannedOut.toFixed(1)} s; ${await meter(total)}`,
    },
  ];
}

/** Has the partner write feeds of distinct items; returns their URLs. */
export async function prepareNews(stage: Stage, feeds: number, itemsPerFeed: number): Promise<string[]> {
  const site = await stage.partner.call<string>('site');
  await stage.partner.call('prepareNews', { feeds, items: itemsPerFeed });
  return Array.from({ length: feeds }, (_, number) => `${site}/news/${number}`);
}
