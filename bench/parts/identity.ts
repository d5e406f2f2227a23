/** Candidates by text among few and among many stored items: how long a look-up takes, and whether its cost stays flat. */
import { FingerprintReach } from '#domain/fingerprint-reach.js';
import { Database } from '#storage/database.js';
import { ItemSketchRepository, type SketchQuestion } from '#storage/item-sketch.repository.js';
import { type Figure } from '../ground/figures.js';
import { percentiles } from '../ground/percentiles.js';
import { type Stage } from '../ground/stage.js';

/** Fingerprints of an item that are its own, and those of phrases that other texts have, too: a footer, a wire's turns, a season's names. */
const OWN = 12;
const STOCK = 12;
/**
 * The phrases' places in the order of how common they are; a place comes as often as one over it (Zipf). What comes before is in
 * so many texts that it is no fingerprint: among a million the first here is in some 700.
 */
const STOCK_PLACES = { first: 2_600, last: 1_330_000 };
const FEW = 10_000;
const SKETCHES_A_STATEMENT = 20_000;
const LOOKUPS = 2_000;
/** Look-ups that warm the connection and the cache up. */
const WARM_UP = 200;
/** Items that the processor looks up at once when much comes in. */
const CHUNK = 50;
const WINDOW_DAYS = 14;
/** Of its items one in three shares most of its fingerprints with one that came before, as copies do. */
const COPY_EVERY = 3;

export async function identity(stage: Stage): Promise<Figure[]> {
  const { sketches } = stage.options;
  const reach = new FingerprintReach();
  await seedStory(stage);
  await fill(stage, reach, 0, Math.min(FEW, sketches));
  const few = await lookUps(stage, reach);
  await fill(stage, reach, FEW, sketches);
  const many = await lookUps(stage, reach);
  const figure = { part: 'identity', unit: 'ms', ceilings: [] };
  const ratio = { part: 'identity', unit: 'times', ceilings: [], target: { most: 1.2 } };
  return [
    { ...figure, name: `candidates among ${sketches}, p50`, value: many.single.p50 },
    {
      ...figure,
      name: `candidates among ${sketches}, p99`,
      value: many.single.p99,
      target: { most: 5 },
      note: `${LOOKUPS} look-ups of one item each; ${told(many.single)}; among ${FEW}: ${told(few.single)}`,
    },
    { ...ratio, name: `look-up among ${sketches} over ${FEW}`, value: many.single.mean / few.single.mean },
    {
      ...ratio,
      name: `look-up of ${CHUNK} among ${sketches} over ${FEW}`,
      value: many.chunks.mean / few.chunks.mean,
      note: `${told(many.chunks)}; among ${FEW}: ${told(few.chunks)}`,
    },
  ];
}

/** One story for all of them: what is measured is the way to it. */
async function seedStory(stage: Stage): Promise<void> {
  await stage.database.query(`
    CREATE UNLOGGED TABLE bench_story AS SELECT gen_random_uuid() AS partner_id, gen_random_uuid() AS feed_id, gen_random_uuid() AS story_id`);
  await stage.database.query(
    `INSERT INTO partners (id, slug, name) SELECT partner_id, 'bench', 'Bench' FROM bench_story`,
  );
  await stage.database.query(`
    INSERT INTO feeds (id, partner_id, url, news_since, status)
      SELECT feed_id, partner_id, 'https://bench.example/feed', now(), 'paused' FROM bench_story`);
  await stage.database.query(`
    INSERT INTO stories (id, slug, leading_item_id, title, summary, content, body_text, source_name, published_at, sort_at, search)
      SELECT story_id, 'bench', story_id, 'Bench', '', '', '', 'Bench', now(), now(), '' FROM bench_story`);
}

/**
 * Sketches of the numbers from `from` up to `to`, spread over the days of the window, with the items that they belong to;
 * counted as the processor counts them.
 */
async function fill(stage: Stage, reach: FingerprintReach, from: number, to: number): Promise<void> {
  for (let start = from; start < to; start += SKETCHES_A_STATEMENT) {
    const rows = await stage.database.query<{ fingerprints: number[]; isCopy: boolean }>(
      `WITH n AS MATERIALIZED (
         SELECT n, overlay(overlay(gen_random_uuid()::text placing substr(floor.id, 1, 13) from 1 for 13) placing '7' from 15 for 1)::uuid AS item_id, floor.at
           FROM generate_series($1::int, $2::int) AS n
          CROSS JOIN LATERAL (SELECT uuid_v7_floor(moment.at)::text AS id, moment.at FROM (SELECT now() - n % 1000 * interval '18 minutes' AS at) AS moment) AS floor),
       i AS (
         INSERT INTO items (id, feed_id, partner_id, identity_key, identity_rule, content_hash, parsed, first_fetch_id, fetch_id,
             correlation_id, processed_version, state)
           SELECT item_id, feed_id, partner_id, n::text, 'guid', '', '{}', item_id, item_id, 'c_bench', 1, 'in-story' FROM n, bench_story),
       si AS (
         INSERT INTO story_items (item_id, story_id, partner_id, rule, evidence)
           SELECT item_id, story_id, partner_id, 'first', '{}' FROM n, bench_story),
       s AS (
         INSERT INTO item_sketches (item_id, partner_id, title, words, shingles, numbers)
           SELECT item_id, partner_id, 'Bench ' || n, 300, decode(repeat('00', 1200), 'hex'), '' FROM n, bench_story),
       f AS MATERIALIZED (SELECT n.*, ${fingerprintsOf('n.n')} AS fingerprints FROM n),
       written AS (
         INSERT INTO item_fingerprints (item_id, at, fingerprints) SELECT item_id, at, fingerprints FROM f)
       SELECT fingerprints, n % ${COPY_EVERY} = 1 AS "isCopy" FROM f`,
      [start, Math.min(start + SKETCHES_A_STATEMENT, to) - 1],
    );
    for (const { fingerprints, isCopy } of rows) if (!isCopy) reach.add(fingerprints);
  }
  reach.setTextsInWindow(to);
  await stage.database.query('ANALYZE item_fingerprints, item_sketches, story_items, items');
}

/** The same number gives the same fingerprints; a copy has those of the number before, a third of them its own. */
function fingerprintsOf(number: string): string {
  const source = `CASE WHEN ${number} % ${COPY_EVERY} = 1 AND f % 3 > 0 THEN ${number} - 1 ELSE ${number} END`;
  const hash = (seed: string): string => `hashint4extended(${source}, ${seed})`;
  const { first, last } = STOCK_PLACES;
  const share = `(${hash(`1000 + f`)} & 2147483647)::float8 / 2147483648`;
  return `(SELECT array_agg(h::bit(32)::int ORDER BY h::bit(32)::int) FROM (
    SELECT ${hash('f')} AS h FROM generate_series(1, ${OWN}) AS f
    UNION ALL
    SELECT hashint4extended((${first} * power(${last}::float8 / ${first}, ${share}))::int, 0) FROM generate_series(1, ${STOCK}) AS f) AS all_hashes)`;
}

interface LookUps {
  p50: number;
  p99: number;
  mean: number;
  /** An item. */
  found: number;
  asked: number;
  use: string;
}

async function lookUps(stage: Stage, reach: FingerprintReach): Promise<{ single: LookUps; chunks: LookUps }> {
  const sketches = await stage.database.query<SketchQuestion>(
    `SELECT fingerprints, at FROM item_fingerprints ORDER BY hashint4(fingerprints[1]) LIMIT $1`,
    [2 * (LOOKUPS + WARM_UP)],
  );
  const questions = sketches.map(({ fingerprints, at }) => ({ fingerprints: reach.asked(fingerprints), at }));
  // Not the same twice: what one look-up read would be in memory for the other.
  const half = questions.length / 2;
  // Connected anew, as the hub's connections are every few minutes: plans are those for tables of this size.
  const database = new Database({ connectionString: stage.database.url, applicationName: 'bench', maxConnections: 1 });
  try {
    return {
      single: await lookUp(stage, database, questions.slice(0, half), 1),
      chunks: await lookUp(stage, database, questions.slice(half), CHUNK),
    };
  } finally {
    await database.close();
  }
}

async function lookUp(stage: Stage, database: Database, questions: SketchQuestion[], size: number): Promise<LookUps> {
  const repository = new ItemSketchRepository();
  const times: number[] = [];
  let found = 0;
  const usedSince = await stage.meter();
  for (let start = 0; start < questions.length; start += size) {
    const chunk = questions.slice(start, start + size);
    const started = performance.now();
    const rows = await database.transaction((trx) => repository.find(trx, chunk, WINDOW_DAYS));
    times.push(performance.now() - started);
    found += rows.length;
  }
  const measured = times.slice(WARM_UP / size);
  const asked = questions.reduce((sum, { fingerprints }) => sum + fingerprints.length, 0);
  return {
    ...percentiles(measured),
    mean: measured.reduce((sum, time) => sum + time, 0) / measured.length,
    found: found / questions.length,
    asked: asked / questions.length,
    use: await usedSince(questions.length),
  };
}

function told({ p50, p99, mean, found, asked, use }: LookUps): string {
  const times = `p50 ${p50.toFixed(2)}, p99 ${p99.toFixed(2)}, mean ${mean.toFixed(2)} ms`;
  return `${times}, ${asked.toFixed(1)} fingerprints asked and ${found.toFixed(1)} texts read an item, ${use}`;
}
