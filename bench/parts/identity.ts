/** Candidates by text among few and among many stored items: how long a look-up takes, and whether its cost stays flat. */
import { Database } from '#storage/database.js';
import { ItemSketchRepository, type SketchQuestion } from '#storage/item-sketch.repository.js';
import { type Figure } from '../ground/figures.js';
import { percentiles } from '../ground/percentiles.js';
import { type Stage } from '../ground/stage.js';

/** Fingerprints of an item: 16 of its body, 8 of its beginning. */
const FINGERPRINTS = 24;
const FEW = 10_000;
const SKETCHES_A_STATEMENT = 20_000;
const LOOKUPS = 2_000;
/** Look-ups that warm the connection and the cache up. */
const WARM_UP = 200;
const WINDOW_DAYS = 14;
/** Of its items one in three shares most of its fingerprints with one that came before, as copies do. */
const COPY_EVERY = 3;

export async function identity(stage: Stage): Promise<Figure[]> {
  const { sketches } = stage.options;
  const database = new Database({ connectionString: stage.database.url, applicationName: 'bench', maxConnections: 1 });
  try {
    await seedStory(stage);
    await fill(stage, 0, Math.min(FEW, sketches));
    const few = await lookUp(stage, database);
    await fill(stage, FEW, sketches);
    const many = await lookUp(stage, database);
    const figure = { part: 'identity', unit: 'ms', ceilings: [] };
    const note = `${LOOKUPS} look-ups of one item each, ${many.found.toFixed(1)} candidates; among ${FEW}: p50 ${few.p50.toFixed(2)} ms, p99 ${few.p99.toFixed(2)} ms`;
    return [
      { ...figure, name: `candidates among ${sketches}, p50`, value: many.p50 },
      { ...figure, name: `candidates among ${sketches}, p99`, value: many.p99, target: { most: 5 }, note },
      {
        ...figure,
        name: `look-up among ${sketches} over ${FEW}`,
        value: many.mean / few.mean,
        unit: 'times',
        target: { most: 1.2 },
      },
    ];
  } finally {
    await database.close();
  }
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

/** Sketches of the numbers from `from` up to `to`, spread over the days of the window, with the items that they belong to. */
async function fill(stage: Stage, from: number, to: number): Promise<void> {
  for (let start = from; start < to; start += SKETCHES_A_STATEMENT) {
    await stage.database.query(
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
           SELECT item_id, story_id, partner_id, 'first', '{}' FROM n, bench_story)
       INSERT INTO item_sketches (item_id, partner_id, at, title, words, fingerprints, shingles, numbers)
         SELECT item_id, partner_id, at, 'Bench ' || n, 300, ${fingerprintsOf('n.n')}, decode(repeat('00', 1200), 'hex'), ''
           FROM n, bench_story`,
      [start, Math.min(start + SKETCHES_A_STATEMENT, to) - 1],
    );
  }
  await stage.database.query('ANALYZE item_sketches, story_items, items');
}

/** The same number gives the same fingerprints; a copy has those of the number before, a third of them its own. */
function fingerprintsOf(number: string): string {
  return `(SELECT array_agg(hashint4extended(CASE WHEN ${number} % ${COPY_EVERY} = 1 AND f % 3 > 0 THEN ${number} - 1 ELSE ${number} END, f)::bit(32)::int)
    FROM generate_series(1, ${FINGERPRINTS}) AS f)`;
}

async function lookUp(stage: Stage, database: Database) {
  const repository = new ItemSketchRepository();
  const questions = await stage.database.query<SketchQuestion>(
    `SELECT fingerprints, at FROM item_sketches ORDER BY hashint4(fingerprints[1]) LIMIT $1`,
    [LOOKUPS + WARM_UP],
  );
  const times: number[] = [];
  let found = 0;
  for (const question of questions) {
    const started = performance.now();
    const rows = await database.transaction((trx) => repository.find(trx, [question], WINDOW_DAYS));
    times.push(performance.now() - started);
    found += rows.length;
  }
  const measured = times.slice(WARM_UP);
  const mean = measured.reduce((sum, time) => sum + time, 0) / measured.length;
  return { ...percentiles(measured), mean, found: found / questions.length };
}
