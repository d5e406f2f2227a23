/**
 * Whatever breaks while the wire flows, every item ends in one story, every story in the feed, every event at every endpoint
 * that asked for it, and in order where that was promised.
 */
import { randomInt } from 'node:crypto';
import { Database } from '#storage/database.js';
import { badDay, type DayPlan } from './support/bad-day.js';
import { type BreakableStores, embeddedStores, storesElsewhere } from './support/breakable-stores.js';
import { testDatabase, type TestDatabase } from './support/database.js';
import { FickleReceivers } from './support/fickle-receivers.js';
import { Hub } from './support/hub.js';
import { PartnerSite } from './support/partner-site.js';
import { RedisProcess } from './support/redis-process.js';
import { askedFor, ToldEndpoints } from './support/told-endpoints.js';
import { until } from './support/until.js';
import { corrections, seeded, wire, type WireItem } from './support/wire.js';
import {
  arrivedItems,
  daysGoBy,
  everyCorrectionWasTold,
  everyDeliveryIsDelivered,
  everyItemInOneStory,
  everyStoryOnceInTheFeed,
  everyVersionHasOneEvent,
  restOfWork,
} from './support/wire-outcome.js';

const FEEDS = Array.from({ length: 20 }, (_, number) => `desk-${number}`);
const TAGS = ['topic/sport', 'topic/politics', 'keyword/science', 'topic/weather'];
const SHARE_REFUSED = 0.3;
/** `CHAOS_DAY=long`: more accidents on the same work, for whoever changes what they try. */
const IS_LONG = process.env['CHAOS_DAY'] === 'long';
/** These only end a test that hangs: on a slow machine everything takes longer, and nothing is timed. */
const PROGRESS_MS = 300_000;
const TEST_MS = 1_200_000;

interface Trial {
  name: string;
  /** Four processes with stores that the launcher runs, or one process with stores elsewhere. */
  separate: boolean;
  items: number;
  corrections: number;
  endpoints: number;
  day: DayPlan;
  /** Webhooks that must be accepted before the next accident, and before the next wave: none strikes a hub that lies still. */
  between: number;
}

const TRIALS: Trial[] = [
  // Each service dies alone while the others go on, and the stores die under them.
  {
    name: 'four processes and stores of their own',
    separate: true,
    ...{ items: 1_200, corrections: 150, endpoints: 100, between: 120 },
    day: IS_LONG ? { kills: 14, flushes: 2, outages: 1, breaks: 2 } : { kills: 6, flushes: 1, outages: 1, breaks: 1 },
  },
  // Everything dies at once, with all that was in memory.
  {
    name: 'one process and stores elsewhere',
    separate: false,
    ...{ items: 200, corrections: 20, endpoints: 20, between: 25 },
    day: { kills: IS_LONG ? 6 : 2, flushes: 1, outages: 1, breaks: 1 },
  },
];

describe.each(TRIALS)('nothing is lost in $name', (trial) => {
  const seed = Number(process.env['CHAOS_SEED'] ?? randomInt(1_000_000));
  // One for each, so that what one does does not depend on when another asks.
  const random = { wire: seeded(seed), day: seeded(seed + 1), receivers: seeded(seed + 2) };
  const ending: (() => Promise<unknown>)[] = [];
  let site: PartnerSite;
  let receivers: FickleReceivers;
  let hub: Hub;
  let stores: BreakableStores;
  let database: Database;

  beforeAll(async () => {
    site = closedLater(await PartnerSite.start());
    receivers = closedLater(await FickleReceivers.start(trial.endpoints, SHARE_REFUSED, random.receivers));
    const elsewhere = trial.separate ? undefined : await ownStores();
    hub = await Hub.start({ separate: trial.separate, ...elsewhere?.urls });
    ending.push(() => hub.stop());
    stores = elsewhere?.stores ?? (await embeddedStores(hub));
    database = closedLater(
      new Database({ connectionString: stores.databaseUrl, applicationName: 'test', maxConnections: 4 }),
    );
  });

  afterAll(async () => {
    for (const end of ending.reverse()) await end();
  });

  it(
    'survives kills, flushes, outages and fickle receivers',
    async () => {
      // Said first, so that a failure can be played again with CHAOS_SEED.
      process.stdout.write(`chaos seed ${seed}\n`);
      const wishes = Array.from({ length: trial.endpoints }, (_, number) =>
        askedFor(number, trial.endpoints, TAGS, FEEDS),
      );
      const told = await ToldEndpoints.make(hub, receivers, wishes);
      for (const feed of FEEDS) {
        site.publish(feed);
        const answer = await hub.api('POST', '/feeds', { url: site.feedUrl(feed), partner: feed, intervalSeconds: 2 });
        expect(answer.status).toBe(201);
      }
      const items = wire(trial.items, FEEDS, random.wire);
      const corrected = corrections(items, trial.corrections, random.wire);
      const isCorrected = new Map(corrected.map((item) => [item.guid, item]));
      const final = items.map((item) => isCorrected.get(item.guid) ?? item);
      await whileDaysGoBy(async () => {
        await flow([...items, ...corrected]);
        await hub.ready(PROGRESS_MS);
        await settled(final);
      });
      await everyItemInOneStory(database, site, final);
      await everyVersionHasOneEvent(database, new Set(items.map(({ story }) => story)).size);
      await everyCorrectionWasTold(database, corrected);
      await everyStoryOnceInTheFeed(database, hub);
      await everyDeliveryIsDelivered(database);
      await told.verify(database);
    },
    TEST_MS,
  );

  /** The wire arrives in waves, an accident in each: when the hub is at work on it, and the next when it is at work again. */
  async function flow(all: WireItem[]): Promise<void> {
    const accidents = badDay(hub, stores, trial.day, random.day);
    const size = Math.ceil(all.length / accidents.length);
    for (const [wave, accident] of accidents.entries()) {
      for (const item of all.slice(wave * size, (wave + 1) * size)) site.publish(item.feed, item);
      await moreAccepted(`before ${accident.name}`);
      await accident.strike();
      await moreAccepted(`after ${accident.name}`);
    }
  }

  async function moreAccepted(when: string): Promise<void> {
    const before = receivers.accepted;
    await until(`webhooks are accepted ${when}`, () => receivers.accepted >= before + trial.between, PROGRESS_MS);
  }

  async function settled(items: WireItem[]): Promise<void> {
    await until(
      'everything has flowed through',
      async () => {
        const arrived = await arrivedItems(database, items);
        const rest = await restOfWork(database);
        if (arrived < items.length || Object.values(rest).some((count) => Number(count) > 0))
          throw new Error(JSON.stringify({ arrived, ...rest }));
        return true;
      },
      PROGRESS_MS,
      500,
    );
  }

  /** The waits between attempts are made short all the while. */
  async function whileDaysGoBy(work: () => Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    let ended = false;
    const tick = () =>
      void daysGoBy(database)
        .catch(() => undefined)
        .finally(() => {
          if (!ended) timer = setTimeout(tick, 200);
        });
    tick();
    try {
      await work();
    } finally {
      ended = true;
      clearTimeout(timer);
    }
  }

  async function ownStores() {
    const test: TestDatabase = await testDatabase();
    ending.push(() => test.drop());
    const redis = closedLater(await RedisProcess.start());
    return { urls: { databaseUrl: test.url, redisUrl: redis.url }, stores: storesElsewhere(test, redis) };
  }

  function closedLater<T extends { close: () => Promise<unknown> }>(one: T): T {
    ending.push(() => one.close());
    return one;
  }
});
