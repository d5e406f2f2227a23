/**
 * One item's way: from the moment the hub's fetch reaches the partner to the moment its webhook has reached the receiver,
 * at a steady rate. The wait for the next poll is not ours to measure: each fetch is asked for through the API. Then the
 * same for items that a WebSub hub pushes, from the moment the push is sent; and from the fetch to the moment a subscriber
 * of our own hub has the feed with the item.
 */
import { type Figure } from '../ground/figures.js';
import { percentiles } from '../ground/percentiles.js';
import { type Stage } from '../ground/stage.js';
import { until } from '../../test/support/until.js';

const FEEDS = 40;
const WARM_UP_SECONDS = 3;
const PATIENCE_MS = 15_000;
/** Hubs are asked for a few subscriptions a second. */
const SUBSCRIBE_PATIENCE_MS = 60_000;

export async function latency(stage: Stage): Promise<Figure[]> {
  const site = await stage.partner.call<string>('site');
  const hook = await stage.receiver.call<string>('site');
  await stage.receiver.call('noteLive');
  await stage.hub.api('POST', '/endpoints', { url: `${hook}/hook` });
  const polled = await addFeeds(stage, site, '/live');
  const sent = () => stage.partner.call<Map<number, bigint>>('liveTimes');
  await until('every feed was fetched once', async () => (await sent()).size >= FEEDS, PATIENCE_MS);
  const refresh = (round: number) => stage.hub.api('POST', `/feeds/${polled[round % FEEDS]}/refresh`);
  const ofPolls = await measure(stage, refresh);

  await addFeeds(stage, site, '/pushed');
  const subscribers = () => stage.partner.call<number>('subscribers');
  await until('every feed is subscribed to', async () => (await subscribers()) === FEEDS, SUBSCRIBE_PATIENCE_MS);
  const ofPushes = await measure(stage, (round) => stage.partner.call('pushNews', `/pushed/${round % FEEDS}`));
  await subscribe(stage);
  const ofSubscriber = await measure(stage, refresh, 'pushedTimes');
  return [
    figure('item to delivered webhook, p50', ofPolls.p50),
    { ...figure('item to delivered webhook, p95', ofPolls.p95), target: { most: 300 } },
    { ...figure('item to delivered webhook, p99', ofPolls.p99), note: ofPolls.note },
    { ...figure('item pushed to delivered webhook, p50', ofPushes.p50), target: { most: 100 } },
    figure('item pushed to delivered webhook, p95', ofPushes.p95),
    { ...figure('item pushed to delivered webhook, p99', ofPushes.p99), note: ofPushes.note },
    { ...figure('item to WebSub subscriber, p50', ofSubscriber.p50), target: { most: 300 } },
    figure('item to WebSub subscriber, p95', ofSubscriber.p95),
    { ...figure('item to WebSub subscriber, p99', ofSubscriber.p99), note: ofSubscriber.note },
  ];
}

/** Subscribes the receiver to the feed of everything. */
async function subscribe(stage: Stage): Promise<void> {
  const callback = await stage.receiver.call<string>('callback');
  const { headers } = await fetch(`${stage.hub.publisher}/feeds/all.atom`);
  const topic = /<([^>]+)>; rel="self"/.exec(headers.get('link') ?? '')?.[1] ?? '';
  const form = new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.topic': topic, 'hub.callback': callback });
  const { status } = await fetch(`${stage.hub.publisher}/websub`, { method: 'POST', body: form });
  if (status !== 202) throw new Error(`the hub answered ${status} to the subscription`);
  const active = async () => (await stage.database.count('SELECT count(*) FROM hub_subscriptions WHERE active')) > 0;
  await until('the subscription is active', active, PATIENCE_MS);
}

const figure = (name: string, value: number): Figure => ({ part: 'latency', name, value, unit: 'ms', ceilings: [] });

export async function addFeeds(stage: Stage, site: string, path: string): Promise<string[]> {
  const feeds: string[] = [];
  for (let number = 0; number < FEEDS; number++) {
    const { id } = await stage.hub.api<{ id: string }>('POST', '/feeds', { url: `${site}${path}/${number}` });
    feeds.push(id);
  }
  return feeds;
}

/** Has `bring` bring one item after the other, at the steady rate, and waits until all are delivered. */
async function measure(
  stage: Stage,
  bring: (round: number) => Promise<unknown>,
  arrivals: 'liveTimes' | 'pushedTimes' = 'liveTimes',
) {
  const { itemsPerSecond, latencySeconds } = stage.options;
  const sent = () => stage.partner.call<Map<number, bigint>>('liveTimes');
  const rounds = itemsPerSecond * (latencySeconds + WARM_UP_SECONDS);
  const failures: string[] = [];
  const meter = await stage.meter();
  const firstNew = (await sent()).size;
  const started = performance.now();
  let firstMeasured = Infinity;
  const asked: Promise<void>[] = [];
  for (let round = 0; round < rounds; round++) {
    await sleepUntil(started + (round * 1000) / itemsPerSecond);
    if (round === itemsPerSecond * WARM_UP_SECONDS) firstMeasured = (await sent()).size;
    asked.push(
      bring(round).then(
        () => undefined,
        (error: unknown) => void failures.push(String(error)),
      ),
    );
  }
  await Promise.all(asked);
  const published = new Map([...(await sent())].filter(([number]) => number >= firstNew));
  const arrived = () => stage.receiver.call<Map<number, bigint>>(arrivals);
  const allArrived = async () => {
    const there = await arrived();
    return [...published.keys()].every((number) => there.has(number));
  };
  await until('every item was delivered', allArrived, PATIENCE_MS).catch(() => undefined);
  const delivered = await arrived();
  const cost = await meter(rounds);
  const times = [...published]
    .filter(([number]) => number >= firstMeasured)
    .map(([number, from]) => Number((delivered.get(number) ?? from) - from) / 1e6);
  const missing = [...published.keys()].filter((number) => !delivered.has(number)).length;
  const { p50, p95, p99, max } = percentiles(times);
  const failed = failures.length > 0 ? `, ${failures.length} failed: ${failures[0]}` : '';
  const note = `${times.length} items at ${itemsPerSecond}/s, slowest ${Math.round(max)} ms, ${missing} not delivered; ${cost}${failed}`;
  return { p50, p95, p99, note };
}

export async function sleepUntil(time: number): Promise<void> {
  const wait = time - performance.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
}
