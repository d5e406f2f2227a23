/** A bad day for a hub: accidents in an order drawn from a seed, each striking while work flows. */
import type { BreakableStores } from './breakable-stores.js';
import type { Hub } from './hub.js';
import { until } from './until.js';

/** What is no service of ours; the stores break in their own ways. */
const NOT_KILLED = ['postgres', 'redis', 'demo'];
/** For a slow machine: ends a test that hangs, and measures nothing. */
const PATIENCE_MS = 120_000;

interface Accident {
  name: string;
  strike: () => Promise<void>;
}

export interface DayPlan {
  /** kill -9 of a process of the hub, chosen at random. */
  kills: number;
  flushes: number;
  /** Each time Redis is away until the hub has noticed, and a process has come up without it. */
  outages: number;
  /** Each way to break a store, so many times. */
  breaks: number;
}

export function badDay(hub: Hub, stores: BreakableStores, plan: DayPlan, random: () => number): Accident[] {
  const times = (count: number, name: string, strike: () => Promise<void>): Accident[] =>
    Array.from({ length: count }, () => ({ name, strike }));
  const accidents = [
    ...times(plan.kills, 'a process is killed', () => kill(hub, random)),
    ...times(plan.flushes, 'Redis is flushed', () => stores.flush()),
    ...times(plan.outages, 'Redis is away', () => outage(hub, stores)),
    ...Object.entries(stores.breaks).flatMap(([name, strike]) => times(plan.breaks, name, strike)),
  ];
  return shuffled(accidents, random);
}

async function kill(hub: Hub, random: () => number): Promise<void> {
  const candidates = (await hub.processes()).filter(({ name }) => !NOT_KILLED.includes(name));
  const victim = candidates[Math.floor(random() * candidates.length)];
  if (victim !== undefined) strike(victim.pid);
}

/** Ends when a process that was killed meanwhile works again. */
async function outage(hub: Hub, stores: BreakableStores): Promise<void> {
  await stores.takeRedis();
  try {
    await until('the publisher misses Redis', () => hub.isWithoutRedis(), PATIENCE_MS);
    const publisher = async () => (await hub.processes()).find(({ name }) => ['publisher', 'hub'].includes(name));
    const before = await publisher();
    if (before !== undefined) strike(before.pid);
    const successor = async () => ![before?.pid, undefined].includes((await publisher())?.pid);
    await until('it works again, without Redis', async () => (await successor()) && hub.isWithoutRedis(), PATIENCE_MS);
  } finally {
    await stores.giveRedisBack();
  }
}

/** Whoever ended at this very moment was struck by somebody else. */
function strike(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function shuffled<T>(list: T[], random: () => number): T[] {
  const rest = [...list];
  return list.map(() => rest.splice(Math.floor(random() * rest.length), 1)[0] as T);
}
