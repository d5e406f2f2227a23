/** Unchanged polls a second: all feeds due at once, each answered 304, until every outcome is in Postgres. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure } from '../ground/figures.js';
import { seedFeeds } from '../ground/seed-feeds.js';
import { type Stage } from '../ground/stage.js';
import { untilCount } from '../ground/until-count.js';

const ETAG = '"unchanged"';
/** Longer than it takes to write the next round's time to every feed. */
const WRITING_MS = 5_000;
const SETTLED = `SELECT count(*) FROM feeds WHERE last_success_at IS NOT NULL AND last_error IS NULL AND enqueued_at IS NULL AND next_fetch_at > now()`;

export async function polls(stage: Stage): Promise<Figure[]> {
  const { pollFeeds, pollRounds } = stage.options;
  const site = await stage.partner.call<string>('site');
  const paths = Array.from({ length: pollFeeds }, (_, number) => `/unchanged/${number}`);
  const raw = await stage.rawLoop({ origin: site, paths, headers: { 'if-none-match': ETAG } });

  const served = () => stage.partner.call<{ full: number; notModified: number }>('served');
  const answered = async () => (await served()).notModified;
  const before = await served();
  // Feeds as a first fetch left them, validators and all, so that no item of that fetch is still on its way.
  await seedFeeds(
    stage.database,
    paths.map((path) => site + path),
    ETAG,
  );
  // The first round opens connections and warms the code up.
  await untilCount(stage, performance.now(), SETTLED, pollFeeds);
  let meter: (units: number) => Promise<string> = () => Promise.resolve('');
  let seconds = 0;
  for (let round = 0; round < pollRounds; round++) {
    // All become due at one moment, once they have been written: the writing is the bench's work, not the hub's.
    const due = Date.now() + WRITING_MS;
    await stage.database.query('UPDATE feeds SET next_fetch_at = $1', [new Date(due)]);
    await sleep(due - Date.now());
    if (round === 0) meter = await stage.meter();
    const started = performance.now();
    // Postgres is asked only once the partner has seen every request: the question costs it more than a poll does.
    await untilCount(stage, started, answered, before.notModified + pollFeeds * (round + 2));
    seconds += await untilCount(stage, started, SETTLED, pollFeeds);
  }
  const cost = await meter(pollFeeds * pollRounds);
  const after = await served();
  const asked = after.notModified - before.notModified;
  if (after.full > before.full) throw new Error(`${after.full - before.full} polls were not conditional`);
  const bytes = await stage.partner.call<number>('unchangedBytes');
  return [
    {
      part: 'polls',
      name: 'unchanged polls',
      value: (pollFeeds * pollRounds) / seconds,
      unit: '/s',
      ceilings: [{ name: 'raw conditional GETs/s', value: raw.perSecond }],
      target: { leastRatio: 0.15 },
      note: `${pollFeeds} feeds of ${Math.round(bytes / 1024)} KB, ${pollRounds} rounds and one before, ${asked} requests answered 304; ${cost}`,
    },
  ];
}
