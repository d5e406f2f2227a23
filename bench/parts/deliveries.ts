/**
 * Deliveries a second: endpoints are paused while news comes in. The first one is woken alone, to warm the hub up as the raw
 * loop has its first second; then, when the hub has nothing else to do any more, the others together with their whole backlog due.
 */
import { BenchChild } from '../ground/rpc.js';
import { type Figure } from '../ground/figures.js';
import { seedFeeds } from '../ground/seed-feeds.js';
import { type Stage } from '../ground/stage.js';
import { untilCount } from '../ground/until-count.js';
import { prepareNews } from './items.js';

const ITEMS_PER_FEED = 100;
const GROUPED = 'SELECT 1 - count(*) FROM (SELECT FROM story_cluster_queue LIMIT 1) q';
const NO_OP_JOBS_A_SECOND = 5_000;

export async function deliveries(stage: Stage): Promise<Figure[]> {
  const { events, endpoints, loopSeconds } = stage.options;
  const site = await stage.receiver.call<string>('site');
  const noOps = await noOpJobs(stage.stores.redisUrl, NO_OP_JOBS_A_SECOND * loopSeconds);
  const [first, ...others] = await pausedEndpoints(stage, site, endpoints + 1);
  const feeds = Math.ceil(events / ITEMS_PER_FEED);
  const each = feeds * ITEMS_PER_FEED;
  await seedFeeds(stage.database, await prepareNews(stage, feeds, ITEMS_PER_FEED));
  await untilCount(
    stage,
    performance.now(),
    `SELECT count(*) FROM deliveries WHERE status = 'pending'`,
    each * (endpoints + 1),
  );

  await wakeAndWait(stage, [first as string], each, each);
  // To find out which stories are related takes the hub a second core for a while: no part of a delivery.
  await untilCount(stage, performance.now(), GROUPED, 1);
  const { bytes, requests } = await stage.receiver.call<{ bytes: number; requests: number }>('received');
  const bodyBytes = Math.round(bytes / requests);
  const raw = await stage.rawLoop({ origin: site, paths: ['/raw'], method: 'POST', bodyBytes });

  const total = each * endpoints;
  const meter = await stage.meter();
  const seconds = await wakeAndWait(stage, others, total, total + each);
  return [
    {
      part: 'deliveries',
      name: 'webhook deliveries',
      value: total / seconds,
      unit: '/s',
      ceilings: [
        { name: 'raw signed POSTs/s', value: raw.perSecond },
        { name: 'no-op BullMQ jobs/s', value: noOps },
      ],
      target: { least: 4_000 },
      note: `${each} events of ${bodyBytes} bytes for ${endpoints} endpoints in ${seconds.toFixed(1)} s; ${await meter(total)}; the raw loop ${raw.cpuMs.toFixed(3)}`,
    },
  ];
}

async function pausedEndpoints(stage: Stage, site: string, number: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < number; index++) {
    const { id } = await stage.hub.api<{ id: string }>('POST', '/endpoints', { url: `${site}/hook/${index}` });
    await stage.hub.api('PATCH', `/endpoints/${id}`, { status: 'paused' });
    ids.push(id);
  }
  return ids;
}

/** Wakes endpoints of which `waiting` deliveries wait. Returns the seconds until `delivered` are recorded as such in all. */
async function wakeAndWait(stage: Stage, ids: string[], waiting: number, delivered: number): Promise<number> {
  const received = async () => (await stage.receiver.call<{ requests: number }>('received')).requests;
  const before = await received();
  const started = performance.now();
  for (const id of ids) await stage.hub.api('PATCH', `/endpoints/${id}`, { status: 'active' });
  // Postgres is asked only once the receiver has seen every delivery: the question costs it a lot.
  await untilCount(stage, started, received, before + waiting);
  return untilCount(stage, started, `SELECT count(*) FROM deliveries WHERE status = 'delivered'`, delivered);
}

async function noOpJobs(redisUrl: string, jobs: number): Promise<number> {
  const child = BenchChild.start('servers/no-op-jobs.js');
  try {
    return await child.call<number>('run', { redisUrl, jobs });
  } finally {
    await child.stop();
  }
}
