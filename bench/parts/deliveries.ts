/** Deliveries a second: endpoints are paused while news comes in, then woken together with their whole backlog due. */
import { BenchChild } from '../ground/rpc.js';
import { type Figure } from '../ground/figures.js';
import { seedFeeds } from '../ground/seed-feeds.js';
import { type Stage } from '../ground/stage.js';
import { untilCount } from '../ground/until-count.js';
import { prepareNews } from './items.js';

const ITEMS_PER_FEED = 100;
const BODY_BYTES = 2_048;
const NO_OP_JOBS_A_SECOND = 5_000;

export async function deliveries(stage: Stage): Promise<Figure[]> {
  const { events, endpoints, loopSeconds } = stage.options;
  const site = await stage.receiver.call<string>('site');
  const raw = await stage.rawLoop({ origin: site, paths: ['/raw'], method: 'POST', bodyBytes: BODY_BYTES });
  const noOps = await noOpJobs(stage.stores.redisUrl, NO_OP_JOBS_A_SECOND * loopSeconds);

  const ids: string[] = [];
  for (let number = 0; number < endpoints; number++) {
    const { id } = await stage.hub.api<{ id: string }>('POST', '/endpoints', { url: `${site}/hook/${number}` });
    await stage.hub.api('PATCH', `/endpoints/${id}`, { status: 'paused' });
    ids.push(id);
  }
  const feeds = Math.ceil(events / ITEMS_PER_FEED);
  const total = feeds * ITEMS_PER_FEED * endpoints;
  await seedFeeds(stage.database, await prepareNews(stage, feeds, ITEMS_PER_FEED));
  await untilCount(stage, performance.now(), `SELECT count(*) FROM deliveries WHERE status = 'pending'`, total);

  const received = () => stage.receiver.call<number>('received');
  const before = await received();
  const meter = await stage.meter();
  const started = performance.now();
  for (const id of ids) await stage.hub.api('PATCH', `/endpoints/${id}`, { status: 'active' });
  // Postgres is asked only once the receiver has seen every delivery: the question costs it a lot.
  await untilCount(stage, started, received, before + total);
  const seconds = await untilCount(stage, started, `SELECT count(*) FROM deliveries WHERE status = 'delivered'`, total);
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
      target: { least: 1_500 },
      note: `${total / endpoints} events for ${endpoints} endpoints in ${seconds.toFixed(1)} s; ${await meter(total)}`,
    },
  ];
}

async function noOpJobs(redisUrl: string, jobs: number): Promise<number> {
  const child = BenchChild.start('servers/no-op-jobs.js');
  try {
    return await child.call<number>('run', { redisUrl, jobs });
  } finally {
    await child.stop();
  }
}
