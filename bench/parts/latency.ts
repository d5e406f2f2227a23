/**
 * One item's way: from the moment the hub's fetch reaches the partner to the moment its webhook has reached the receiver,
 * at a steady rate. The wait for the next poll is not ours to measure: each fetch is asked for through the API.
 */
import { type Figure } from '../ground/figures.js';
import { percentiles } from '../ground/percentiles.js';
import { type Stage } from '../ground/stage.js';
import { until } from '../../test/support/until.js';

const FEEDS = 40;
const WARM_UP_SECONDS = 3;
const PATIENCE_MS = 15_000;

export async function latency(stage: Stage): Promise<Figure[]> {
  const { itemsPerSecond, latencySeconds } = stage.options;
  const site = await stage.partner.call<string>('site');
  const hook = await stage.receiver.call<string>('site');
  await stage.receiver.call('noteLive');
  await stage.hub.api('POST', '/endpoints', { url: `${hook}/hook` });
  const feeds: string[] = [];
  for (let number = 0; number < FEEDS; number++) {
    const { id } = await stage.hub.api<{ id: string }>('POST', '/feeds', { url: `${site}/live/${number}` });
    feeds.push(id);
  }
  const sent = () => stage.partner.call<Map<number, bigint>>('liveTimes');
  await until('every feed was fetched once', async () => (await sent()).size >= FEEDS, PATIENCE_MS);

  const rounds = itemsPerSecond * (latencySeconds + WARM_UP_SECONDS);
  const failures: string[] = [];
  const meter = await stage.meter();
  const started = performance.now();
  let firstMeasured = Infinity;
  const asked: Promise<void>[] = [];
  for (let round = 0; round < rounds; round++) {
    await sleepUntil(started + (round * 1000) / itemsPerSecond);
    if (round === itemsPerSecond * WARM_UP_SECONDS) firstMeasured = (await sent()).size;
    const refresh = stage.hub.api('POST', `/feeds/${feeds[round % FEEDS]}/refresh`);
    asked.push(
      refresh.then(
        () => undefined,
        (error: unknown) => void failures.push(String(error)),
      ),
    );
  }
  await Promise.all(asked);
  const published = await sent();
  const arrived = () => stage.receiver.call<Map<number, bigint>>('liveTimes');
  await until('every item was delivered', async () => (await arrived()).size >= published.size, PATIENCE_MS).catch(
    () => undefined,
  );
  const delivered = await arrived();
  const cost = await meter(rounds);
  const times = [...published]
    .filter(([number]) => number >= firstMeasured)
    .map(([number, from]) => Number((delivered.get(number) ?? from) - from) / 1e6);
  const missing = [...published.keys()].filter((number) => !delivered.has(number)).length;
  const { p50, p95, p99, max } = percentiles(times);
  const figure = (name: string, value: number): Figure => ({ part: 'latency', name, value, unit: 'ms', ceilings: [] });
  return [
    figure('item to delivered webhook, p50', p50),
    { ...figure('item to delivered webhook, p95', p95), target: { most: 300 } },
    {
      ...figure('item to delivered webhook, p99', p99),
      note: `${times.length} items at ${itemsPerSecond}/s, slowest ${Math.round(max)} ms, ${missing} not delivered; ${cost}${failures.length > 0 ? `, ${failures.length} refreshes failed: ${failures[0]}` : ''}`,
    },
  ];
}

async function sleepUntil(time: number): Promise<void> {
  const wait = time - performance.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
}
