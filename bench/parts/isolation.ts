/**
 * What bad endpoints cost the others: fifty endpoints get a steady stream of events, by turns all well and five of them
 * misbehaving, each in its own way; then one of those has a million deliveries waiting besides. By turns, and many of them:
 * the slowest hundredth of a round are one event to all, which anything else on the machine can hit. So rounds are compared
 * by the median of their p99s.
 */
import { diskPauses } from '../ground/disk-pauses.js';
import { BenchChild } from '../ground/rpc.js';
import { type Figure } from '../ground/figures.js';
import { median, percentiles, type Percentiles } from '../ground/percentiles.js';
import { redisInfo } from '../ground/redis-info.js';
import { type Stage } from '../ground/stage.js';
import { until } from '../../test/support/until.js';
import { type EventSteps, eventSteps, stepsInWords } from '../ground/event-steps.js';
import { addFeeds, sleepUntil } from './latency.js';

const GOOD = 45;
/** News a second: with fifty endpoints 200 deliveries a second. */
const NEWS_A_SECOND = 4;
const WARM_UP_SECONDS = 5;
const TURNS = 6;
const TURNS_BESIDE_WAITING = 6;
const PATIENCE_MS = 20_000;
/** What hangs is given up after fifteen seconds, and tried again. */
const FORGIVING_PATIENCE_MS = 60_000;

export async function isolation(stage: Stage): Promise<Figure[]> {
  const neighbours = BenchChild.start('servers/neighbours.js');
  try {
    return await measureAll(stage, neighbours);
  } finally {
    await neighbours.stop();
  }
}

async function measureAll(stage: Stage, neighbours: BenchChild): Promise<Figure[]> {
  const { good, bad } = await neighbours.call<{ good: string; bad: string[] }>('sites');
  for (let number = 0; number < GOOD; number++)
    await stage.hub.api('POST', '/endpoints', { url: `${good}/hook/${number}` });
  const dead: string[] = [];
  for (const site of bad)
    dead.push((await stage.hub.api<{ id: string }>('POST', '/endpoints', { url: `${site}/hook` })).id);
  const feeds = await addFeeds(stage, await stage.partner.call<string>('site'), '/live');
  const disk = await diskPauses();
  const news = (seconds: number) => measure(stage, { neighbours, feeds, but: dead }, seconds);
  await news(WARM_UP_SECONDS);

  const rounds: Record<'well' | 'amongBad', Round[]> = { well: [], amongBad: [] };
  let cost = '';
  for (let turn = 0; turn < TURNS; turn++) {
    const meter = await stage.meter();
    const round = await news(stage.options.isolationSeconds);
    cost = await meter((round.ages.length / GOOD) * (GOOD + bad.length));
    rounds.well.push(round);
    await neighbours.call('misbehave', true);
    rounds.amongBad.push(await news(stage.options.isolationSeconds));
    await neighbours.call('misbehave', false);
    await forgiven(stage);
  }
  const well = together(rounds.well);
  const amongBad = together(rounds.amongBad);
  await neighbours.call('misbehave', true);
  const before = await redisInfo(stage.stores.redisUrl);
  await leaveWaiting(stage, dead[0] as string, stage.options.waiting);
  const roundsBesideDead: Round[] = [];
  for (let turn = 0; turn < TURNS_BESIDE_WAITING; turn++)
    roundsBesideDead.push(await news(stage.options.isolationSeconds));
  const besideDead = together(roundsBesideDead);
  const after = await redisInfo(stage.stores.redisUrl);

  const figure = { part: 'isolation', unit: 'ms', ceilings: [] };
  const waiting = stage.options.waiting.toLocaleString('en-GB');
  return [
    { ...figure, name: 'event to webhook, p50, all well', value: well.p50, target: { most: 30 }, note: cost },
    { ...figure, name: 'event to webhook, p99, all well', value: well.p99, target: { most: 250 }, note: well.note },
    { ...figure, name: 'p99 of 45 beside 5 that misbehave', value: amongBad.p99, note: amongBad.note },
    { ...figure, name: '  over all well', unit: '×', value: amongBad.p99 / well.p99, note: disk },
    {
      ...figure,
      ...{ name: '  over all well, usual round', unit: '×', target: { most: 1.3 } },
      value: amongBad.usualP99 / well.usualP99,
    },
    { ...figure, name: `p99 of 45 beside ${waiting} waiting`, value: besideDead.p99, note: besideDead.note },
    { ...figure, name: '  over all well', unit: '×', value: besideDead.p99 / well.p99 },
    {
      ...figure,
      ...{ name: '  over all well, usual round', unit: '×', target: { most: 1.3 } },
      value: besideDead.usualP99 / well.usualP99,
    },
    {
      ...figure,
      ...{ name: `Redis grows by ${waiting} waiting`, unit: 'MB', target: { most: 50 } },
      value: Math.max(0, (after?.residentMb ?? NaN) - (before?.residentMb ?? NaN)),
    },
  ];
}

interface Round {
  /** How old events were when they arrived at those that behave. */
  ages: number[];
  missing: number;
  troubles: number;
  events: EventSteps[];
}

/** Brings news at the steady rate. */
async function measure(
  stage: Stage,
  { neighbours, feeds, but }: { neighbours: BenchChild; feeds: string[]; but: string[] },
  seconds: number,
): Promise<Round> {
  const began = new Date();
  const asked: Promise<unknown>[] = [];
  const rounds = NEWS_A_SECOND * seconds;
  const started = performance.now();
  for (let round = 0; round < rounds; round++) {
    await sleepUntil(started + (round * 1_000) / NEWS_A_SECOND);
    asked.push(stage.hub.api('POST', `/feeds/${feeds[round % feeds.length]}/refresh`).catch(() => undefined));
  }
  await Promise.all(asked);
  const ages: number[] = [];
  let troubles = 0;
  await until(
    'every event came to all that behave',
    async () => {
      const answer = await neighbours.call<{ ages: number[]; troubles: number }>('ages');
      ages.push(...answer.ages);
      troubles = answer.troubles;
      return ages.length >= rounds * GOOD;
    },
    PATIENCE_MS,
  ).catch(() => undefined);
  const events = await eventSteps(stage.database, began, but);
  return { ages, missing: rounds * GOOD - ages.length, troubles, events };
}

interface Together extends Percentiles {
  /** The median of the rounds' p99s. A pause of the disk or the machine spoils one round, but the p99 of all of them. */
  usualP99: number;
  note: string;
}

function together(rounds: Round[]): Together {
  const times = percentiles(rounds.flatMap(({ ages }) => ages));
  const sum = (value: (round: Round) => number): number => rounds.reduce((total, round) => total + value(round), 0);
  const each = rounds.map(({ ages }) => percentiles(ages).p99);
  const usualP99 = median(each);
  const parts = [
    `${sum(({ ages }) => ages.length)} webhooks, p50 ${times.p50} ms, p95 ${times.p95} ms`,
    `p99 by round ${each.join(', ')} ms, median ${usualP99} ms`,
    `slowest ${times.max} ms`,
    stepsInWords(rounds.flatMap(({ events }) => events)),
    `${sum(({ missing }) => missing)} missing; ${rounds.at(-1)?.troubles} bad answers so far`,
  ];
  return { ...times, usualP99, note: parts.join(', ') };
}

/** Those that misbehaved are as if they never had, and have got what waited. */
async function forgiven(stage: Stage): Promise<void> {
  await stage.database.query(
    `UPDATE endpoints SET first_failure_at = NULL, failures_in_row = 0, last_failure = NULL, circuit_until = NULL,
       circuit_openings = 0, slow_until = NULL`,
  );
  await stage.database.query(`UPDATE deliveries SET next_attempt_at = now() WHERE status = 'pending'`);
  await until(
    'nothing waits any more',
    async () =>
      (await stage.database.count(`SELECT count(*) FROM deliveries WHERE status IN ('pending', 'delivering')`)) === 0,
    FORGIVING_PATIENCE_MS,
  );
}

/** Events of the last two weeks that wait for `endpointId`: one half is due, the other in an hour. */
async function leaveWaiting(stage: Stage, endpointId: string, number: number): Promise<void> {
  const A_STATEMENT = 50_000;
  for (let start = 0; start < number; start += A_STATEMENT)
    await stage.database.query(
      `WITH told AS MATERIALIZED (
         SELECT n, (left(uuid_v7_floor(at)::text, 14) || '7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS event_id, at
           FROM generate_series($2::int + 1, $3::int) n
          CROSS JOIN LATERAL (SELECT now() - n * interval '1 second' AS at) AS moment),
       events_told AS (
         INSERT INTO events (id, type, body, correlation_id, created_at, seq, relayed_at, fanned_out_at)
           SELECT event_id, 'ping', '{}', 'c_bench', at, -n, at, at FROM told)
       INSERT INTO deliveries (event_id, endpoint_id, id, webhook_id, event_seq, correlation_id, status, next_attempt_at,
           created_at)
         SELECT event_id, $1, gen_random_uuid(), 'msg_waiting_' || n, -n, 'c_bench', 'pending', now() + (n % 2) * interval '1 hour', now()
           FROM told`,
      [endpointId, start, Math.min(number, start + A_STATEMENT)],
    );
  // They have been waiting for a while: what their arrival leaves to do is done, not measured.
  await stage.database.query('VACUUM (ANALYZE) deliveries, events');
  await stage.database.query('CHECKPOINT');
}
