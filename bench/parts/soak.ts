/** Whether a hub that works steadily keeps its memory: 200 deliveries a second for minutes, with news flowing in all the while. */
import { type Figure } from '../ground/figures.js';
import { after, lowest, type Sample, slope, watch } from '../ground/memory-trend.js';
import { processUse } from '../ground/process-use.js';
import { type Stage } from '../ground/stage.js';
import { addFeeds, sleepUntil } from './latency.js';
import { until } from '../../test/support/until.js';

const ENDPOINTS = 50;
/** News a second: with fifty endpoints 200 deliveries a second. */
const NEWS_A_SECOND = 4;
const LOOK_EVERY_MS = 5_000;
/**
 * Before the minutes that are measured, as a share of them: caches fill, code is compiled, and V8 lets young generations grow to
 * what they may have; at this load until the fifth or sixth minute.
 */
const WARMING_UP = 0.6;
const COLLECTED_WITHIN_MINUTES = 0.5;
/** Below this a slope says more about the moment than about the hub. */
const LEAST_MINUTES_FOR_SLOPE = 5;
const PATIENCE_MS = 30_000;

export async function soak(stage: Stage): Promise<Figure[]> {
  const hook = await stage.receiver.call<string>('site');
  for (let number = 0; number < ENDPOINTS; number++)
    await stage.hub.api('POST', '/endpoints', { url: `${hook}/hook/${number}` });
  const feeds = await addFeeds(stage, await stage.partner.call<string>('site'), '/live');
  const { soakMinutes } = stage.options;
  const minutes = soakMinutes * (1 + WARMING_UP);
  const meter = await stage.meter();
  const news = bringNews(stage, feeds, minutes * 60);
  const [asked, seen] = await Promise.all([news, watch(news, LOOK_EVERY_MS, () => memory(stage))]);
  const received = async () => (await stage.receiver.call<{ requests: number }>('received')).requests;
  await until('every event was delivered', async () => (await received()) >= asked * ENDPOINTS, PATIENCE_MS).catch(
    () => undefined,
  );
  const deliveries = await received();
  const cost = await meter(Math.max(1, deliveries));
  const figure = { part: 'soak', ceilings: [] };
  return [
    {
      ...figure,
      ...{ name: 'deliveries/s, steadily', unit: '/s', value: deliveries / (minutes * 60) },
      note: `${deliveries} in ${minutes.toFixed(0)} min, ${Math.max(0, asked * ENDPOINTS - deliveries)} missing; ${cost}`,
    },
    ...[...seen].map(([name, samples]) => ({
      ...figure,
      ...{ name: `${name}, slope`, unit: 'MB/min', value: trend(name, samples) },
      ...(soakMinutes >= LEAST_MINUTES_FOR_SLOPE ? { target: { most: 0.5 } } : {}),
      note: `${samples.length} looks, MB by minute: ${byMinute(samples)}`,
    })),
  ];
}

/** Answers how many news the hub was told to fetch and did. */
async function bringNews(stage: Stage, feeds: string[], seconds: number): Promise<number> {
  let done = 0;
  const started = performance.now();
  const asked: Promise<void>[] = [];
  for (let round = 0; round < NEWS_A_SECOND * seconds; round++) {
    await sleepUntil(started + (round * 1_000) / NEWS_A_SECOND);
    const refresh = stage.hub.api('POST', `/feeds/${feeds[round % feeds.length]}/refresh`);
    asked.push(
      refresh.then(
        () => void (done += 1),
        () => undefined,
      ),
    );
  }
  await Promise.all(asked);
  return done;
}

/** Of each process of the hub: what is resident, and what its heap holds. */
async function memory(stage: Stage): Promise<Record<string, number | undefined>> {
  const found: Record<string, number | undefined> = {};
  for (const { name, child } of stage.hub.processes) {
    found[`${name} resident`] = (await processUse(child.pid as number))?.nowMb;
    const heap = /^nodejs_heap_size_used_bytes (\d+)/m.exec(await stage.hub.metrics(name))?.[1];
    found[`${name} heap`] = heap === undefined ? undefined : Number(heap) / 2 ** 20;
  }
  return found;
}

function trend(name: string, samples: Sample[]): number {
  const settled = after(WARMING_UP / (1 + WARMING_UP), samples);
  return slope(name.endsWith('heap') ? lowest(COLLECTED_WITHIN_MINUTES, settled) : settled);
}

function byMinute(samples: Sample[]): string {
  return lowest(1, samples)
    .map(({ mb }) => mb.toFixed(0))
    .join(' ');
}
