/** A hub with many feeds at a steady rate of polls: what claiming costs, how late polls are, whether the ingestor's memory stays flat. */
import { type Figure } from '../ground/figures.js';
import { observations, quantile, readHistogram, since } from '../ground/histogram.js';
import { after, slope, watch } from '../ground/memory-trend.js';
import { processUse } from '../ground/process-use.js';
import { type Stage } from '../ground/stage.js';

const ETAG = '"unchanged"';
const CLAIMS = 'dateline_scheduling_claim_seconds';
/** Until the first feed is due, and then until the hub is warm: nothing of this counts. */
const LEAD_SECONDS = 5;
const WARM_UP_SECONDS = 10;
const SAMPLE_EVERY_MS = 1_000;
/** What the hub adds to an interval at random, on average. */
const MEAN_JITTER = 1.05;
/** Below this a slope says more about the moment than about the hub. */
const LEAST_MINUTES_FOR_SLOPE = 5;

export async function schedule(stage: Stage): Promise<Figure[]> {
  const { scheduleFeeds, scheduleRate, scheduleMinutes } = stage.options;
  const site = await stage.partner.call<string>('site');
  await seed(stage, site);
  await sleep((LEAD_SECONDS + WARM_UP_SECONDS) * 1000);

  const began = await now(stage);
  const before = readHistogram(await stage.hub.metrics('ingestor'), CLAIMS);
  const meter = await stage.meter();
  const memory = await watchMemory(stage, scheduleMinutes * 60);
  const claims = since(before, readHistogram(await stage.hub.metrics('ingestor'), CLAIMS));
  const { polls, p50, p99, failed } = await lags(stage, began);
  if (failed > 0) throw new Error(`${failed} of ${polls} polls failed\n${await stage.hub.log()}`);
  const cost = await meter(Math.max(1, polls));
  const rate = polls / (scheduleMinutes * 60);

  const note = `${scheduleFeeds} feeds, ${rate.toFixed(0)} polls/s of ${scheduleRate} asked for for ${scheduleMinutes} min; ${cost}`;
  const figure = (name: string, value: number, unit: string, more: Partial<Figure> = {}): Figure => ({
    ...{ part: 'schedule', name, value, unit, ceilings: [] },
    ...more,
  });
  return [
    figure('claiming due feeds, p50', quantile(claims, 0.5) * 1000, 'ms'),
    figure('claiming due feeds, p99', quantile(claims, 0.99) * 1000, 'ms', {
      target: { most: 50 },
      note: `${observations(claims)} claims`,
    }),
    figure('schedule lag, p50', p50, 's'),
    figure('schedule lag, p99', p99, 's', { target: { most: 5 }, note }),
    figure('ingestor resident, most', memory.most, 'MB', {
      target: { most: 350 },
      note: `${memory.first.toFixed(0)} MB at the start, ${memory.last.toFixed(0)} MB at the end`,
    }),
    figure('ingestor resident, slope', memory.slopePerMinute, 'MB/min', {
      ...(scheduleMinutes >= LEAST_MINUTES_FOR_SLOPE ? { target: { most: 1 } } : {}),
      note: 'over the second half of the time',
    }),
  ];
}

/** Feeds as successful fetches left them, of a thousand partners, due one after the other at the rate wanted, again and again. */
async function seed(stage: Stage, site: string): Promise<void> {
  const { scheduleFeeds, scheduleRate } = stage.options;
  await stage.database.query(`INSERT INTO partners (id, slug, name)
    SELECT gen_random_uuid(), 'bench-' || n, 'Bench ' || n FROM generate_series(0, 999) AS n`);
  await stage.database.query(
    `INSERT INTO feeds (id, partner_id, url, news_since, next_fetch_at, interval_seconds, etag, body_hash, last_success_at, last_fetched_at)
     SELECT gen_random_uuid(), p.id, $1 || n, now() - interval '1 day',
         now() + ($2 + n / $3::float8) * interval '1 second', greatest(1, round($4 / ($3 * $5::float8))), $6, '\\x00', now(), now()
       FROM generate_series(0, $4 - 1) AS n
       JOIN (SELECT id, row_number() OVER () - 1 AS number FROM partners) p ON p.number = n % 1000
      ORDER BY random()`,
    [`${site}/unchanged/`, LEAD_SECONDS, scheduleRate, scheduleFeeds, MEAN_JITTER, ETAG],
  );
  await stage.database.query('CREATE TABLE bench_due AS SELECT id, next_fetch_at AS due FROM feeds');
  await stage.database.query('ANALYZE feeds');
}

async function now(stage: Stage): Promise<Date> {
  const [row] = await stage.database.query<{ at: Date }>('SELECT now() AS at');
  return row?.at ?? new Date();
}

/**
 * Seconds from when a feed was due to when its poll began. A poll is due when the one before it said, the first when it
 * was seeded.
 */
async function lags(stage: Stage, began: Date): Promise<{ polls: number; failed: number; p50: number; p99: number }> {
  const [row] = await stage.database.query<{ polls: number; failed: number; p50: number; p99: number }>(
    `WITH polls AS (
       SELECT f.started_at, f.outcome, coalesce(lag(f.next_fetch_at) OVER (PARTITION BY f.feed_id ORDER BY f.id), d.due) AS due
         FROM fetches f JOIN bench_due d ON d.id = f.feed_id),
     lags AS (SELECT outcome, extract(epoch FROM started_at - due)::float8 AS lag FROM polls WHERE started_at >= $1)
     SELECT count(*) AS polls, count(*) FILTER (WHERE outcome = 'failed') AS failed,
         coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY lag), 0) AS p50,
         coalesce(percentile_cont(0.99) WITHIN GROUP (ORDER BY lag), 0) AS p99
       FROM lags`,
    [began],
  );
  return row ?? { polls: 0, failed: 0, p50: 0, p99: 0 };
}

interface Memory {
  first: number;
  last: number;
  most: number;
  slopePerMinute: number;
}

/** The ingestor's resident memory, looked at once a second. */
async function watchMemory(stage: Stage, seconds: number): Promise<Memory> {
  const ingestor = stage.hub.processes.find(({ name }) => name === 'ingestor');
  const look = async () => ({ ingestor: (await processUse(ingestor?.child.pid ?? -1))?.nowMb });
  const samples = (await watch(sleep(seconds * 1000), SAMPLE_EVERY_MS, look)).get('ingestor') ?? [];
  const sizes = samples.map(({ mb }) => mb);
  return {
    first: sizes[0] ?? 0,
    last: sizes.at(-1) ?? 0,
    most: Math.max(0, ...sizes),
    slopePerMinute: slope(after(1 / 2, samples)),
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
