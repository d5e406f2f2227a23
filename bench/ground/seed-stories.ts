/** Puts an archive of stories into the throw-away database by SQL, as two years of news would have left it. */
import { sampleOf } from './sample-words.js';
import { type ThrowawayDatabase } from './throwaway-database.js';

const STORIES_A_STATEMENT = 10_000;
/** Statements at once: what the machine's cores and the pool of the database allow. */
const LANES = 2;
const PARTNERS = 300;
const DAYS = 730;
/** Sentences in a story: about as much text as partners' feeds carry. */
const SENTENCES = 8;
const TITLE = `array_to_string((string_to_array(s1.text, ' '))[1:8], ' ')`;
/** Words are counted in one story of so many. */
const ONE_COUNTED_IN = 25;
/** A channel holds one of so many stories. */
const CHANNELS = [2, 4, 8, 16, 32, 64, 128];
const SCHEMES = [
  ['topic', 60],
  ['place', 240],
  ['person', 400],
  ['keyword', 800],
] as const;
const TABLES = [
  'stories',
  'items',
  'story_items',
  'story_partners',
  'story_tags',
  'channel_stories',
  'story_clusters',
  'story_versions',
];

/**
 * `count` published stories, the newest of now, each with an item, one to three partners, four tags, a language, text of
 * a hundred and fifty words, and the channels that hold it; one in forty was corrected. Their indexes are made afterwards.
 */
export async function seedStories(database: ThrowawayDatabase, count: number): Promise<void> {
  await seedPeople(database);
  const indexes = await dropIndexes(database);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let from = next; from < count; from = next) {
      next += STORIES_A_STATEMENT;
      await fill(database, from, Math.min(from + STORIES_A_STATEMENT, count), count);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const build = async (): Promise<void> => {
    for (let index = indexes.pop(); index !== undefined; index = indexes.pop()) {
      await database.query(`SET maintenance_work_mem = '512MB'`);
      await database.query(index);
    }
  };
  await Promise.all(Array.from({ length: LANES }, build));
  await database.query(`VACUUM ANALYZE ${TABLES.join(', ')}`);
  await seedWords(database);
}

/** Partners, tags, channels, and the sentences that stories are made of: a table of words that are common, seldom and rare. */
async function seedPeople(database: ThrowawayDatabase): Promise<void> {
  const sentences = sampleOf();
  await database.query(`CREATE UNLOGGED TABLE bench_sentences (k int PRIMARY KEY, text text, vector tsvector)`);
  await database.query(
    `INSERT INTO bench_sentences SELECT k - 1, text, setweight(to_tsvector('simple', text), 'B')
       FROM unnest($1::text[]) WITH ORDINALITY AS s(text, k)`,
    [sentences],
  );
  await database.query(`
    WITH p AS (INSERT INTO partners (id, slug, name)
      SELECT gen_random_uuid(), 'partner-' || n, 'Partner ' || n FROM generate_series(0, ${PARTNERS - 1}) n RETURNING id, slug)
    INSERT INTO feeds (id, partner_id, url, news_since, status)
      SELECT id, id, 'https://bench.example/' || slug, now(), 'paused' FROM p`);
  for (const [scheme, number] of SCHEMES)
    await database.query(
      `INSERT INTO tags (id, scheme, slug, name) SELECT gen_random_uuid(), $1, $1 || '-' || n, initcap($1) || ' ' || n
         FROM generate_series(0, $2::int - 1) n`,
      [scheme, number],
    );
  await database.query(
    `INSERT INTO channels (id, slug, title) SELECT gen_random_uuid(), 'one-in-' || n, 'One in ' || n FROM unnest($1::int[]) n`,
    [CHANNELS],
  );
  await database.query(`
    CREATE UNLOGGED TABLE bench_partners AS SELECT split_part(slug, '-', 2)::int AS n, id, name FROM partners WHERE slug LIKE 'partner-%'`);
  await database.query(`
    CREATE UNLOGGED TABLE bench_tags AS SELECT scheme, split_part(slug, '-', 2)::int AS n, id FROM tags WHERE slug LIKE scheme || '-%'`);
  await database.query('ANALYZE bench_sentences, bench_partners, bench_tags');
}

/**
 * The words of the stories as the publisher would have counted them, from a part of the stories. It has been counting
 * meanwhile: the lane is taken from it, and what it counted is overwritten.
 */
async function seedWords(database: ThrowawayDatabase): Promise<void> {
  await database.query(
    `WITH lane AS (UPDATE search_word_lane SET (story_id, stories) = (SELECT max(id::text)::uuid, count(*) FROM stories))
     INSERT INTO search_words (word, documents)
       SELECT word, ndoc::bigint * ${ONE_COUNTED_IN} FROM ts_stat('SELECT search FROM stories TABLESAMPLE SYSTEM (${100 / ONE_COUNTED_IN})') WHERE word !~ '[0-9]'
     ON CONFLICT (word) DO UPDATE SET documents = excluded.documents`,
  );
  await database.query('VACUUM ANALYZE search_words');
}

/** Drops the indexes that no constraint needs; answers the statements that make them again, the longest last. */
async function dropIndexes(database: ThrowawayDatabase): Promise<string[]> {
  const indexes = await database.query<{ name: string; definition: string }>(
    `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i
      WHERE i.indrelid = ANY($1::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
      ORDER BY pg_get_indexdef(i.indexrelid) LIKE '%gin%', i.indrelid::regclass::text <> 'stories'`,
    [TABLES],
  );
  for (const { name } of indexes) await database.query(`DROP INDEX ${name}`);
  return indexes.map(({ definition }) => definition);
}

/** A whole number below `below` that is the same each time for a story and a purpose; `power` above 1 prefers the small ones. */
function drawn(purpose: number, below: number, power = 1, of = 'n.n'): string {
  const even = `((hashint4extended(${of}, ${purpose}) & 1048575) / 1048576.0)::float8`;
  return `floor(${below} * ${power === 1 ? even : `power(${even}, ${power})`})::int`;
}

async function fill(database: ThrowawayDatabase, from: number, until: number, count: number): Promise<void> {
  const places = Array.from({ length: SENTENCES }, (_, place) => place);
  const each = (write: (place: number) => string, between: string): string => places.map(write).join(between);
  const draw = (purpose: number, below: number, power?: number): string => drawn(purpose, below, power, 'g.n');
  const tags = SCHEMES.map(
    ([scheme, number], purpose) =>
      `SELECT n.id AS story_id, t.id AS tag_id, at FROM n JOIN bench_tags t ON t.scheme = '${scheme}' AND t.n = ${drawn(200 + purpose, number, 2.5)}`,
  ).join(' UNION ALL ');
  await database.query(
    `WITH config AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', false), set_config('synchronous_commit', 'off', false)),
     n AS MATERIALIZED (
       SELECT g.n, at, (substr(uuid_v7_floor(at)::text, 1, 14) || '7' || substr(mark, 1, 3) || '-8' || substr(mark, 4, 3) || '-' || substr(mark, 7, 12))::uuid AS id,
              p.id AS partner_id, p.name AS partner, ${draw(1, PARTNERS, 2)} AS partner_n, ${draw(2, 10)} AS luck, ${draw(3, 100)} AS language_n
         FROM config, generate_series($1::int, $2::int) AS g(n)
        CROSS JOIN LATERAL (SELECT now() - ($3::int - g.n) * (interval '${DAYS} days' / $3::int) AS at, md5(g.n::text) AS mark) m
         JOIN bench_partners p ON p.n = ${draw(1, PARTNERS, 2)}),
     story AS (
       INSERT INTO stories (id, slug, version, leading_item_id, title, summary, content, body_text, language, source_name, source_url,
           item_url, published_at, sort_at, created_at, updated_at, search)
         SELECT n.id, 'story-' || n, CASE WHEN n % 40 = 0 THEN 2 ELSE 1 END, n.id, initcap(split_part(s0.text, ' ', 3)) || ' ' || ${TITLE} || ' n' || n,
                s0.text, '<p>' || ${each((place) => `s${place}.text`, ` || '</p><p>' || `)} || '</p>', ${each((place) => `s${place}.text`, ` || ' ' || `)},
                CASE WHEN language_n < 60 THEN 'en' WHEN language_n < 72 THEN 'de' WHEN language_n < 80 THEN 'fr' WHEN language_n < 88 THEN 'es'
                     WHEN language_n < 93 THEN 'ar' WHEN language_n < 97 THEN 'pt' WHEN language_n < 99 THEN 'it' ELSE 'ja' END,
                partner, 'https://bench.example/', 'https://bench.example/' || n, at, at, at, CASE WHEN n % 40 = 0 THEN at + interval '1 hour' ELSE at END,
                setweight(to_tsvector('simple', split_part(s0.text, ' ', 3) || ' ' || ${TITLE} || ' n' || n), 'A') || ${each((place) => `s${place}.vector`, ' || ')}
           FROM n ${each((place) => `JOIN bench_sentences s${place} ON s${place}.k = ${drawn(100 + place, 16_000)}`, ' ')}),
     item AS (
       INSERT INTO items (id, feed_id, partner_id, identity_key, identity_rule, content_hash, parsed, published_at, received_at, changed_at,
           first_fetch_id, fetch_id, correlation_id, processed_version, state)
         SELECT id, partner_id, partner_id, n::text, 'guid', '', jsonb_build_object('title', 'Story n' || n, 'url', 'https://bench.example/' || n), at, at, at,
                id, id, 'c_bench', 1, 'in-story' FROM n),
     copy AS (
       INSERT INTO story_items (item_id, story_id, partner_id, rule, evidence, joined_at) SELECT id, id, partner_id, 'first', '{}', at FROM n),
     carrier AS (
       INSERT INTO story_partners (story_id, partner_id, sort_at)
         SELECT n.id, n.partner_id, at FROM n
         UNION SELECT n.id, p.id, at FROM n JOIN bench_partners p ON p.n = (partner_n + 7) % ${PARTNERS} WHERE luck < 3),
     tagged AS (INSERT INTO story_tags (story_id, tag_id, source, sort_at) SELECT story_id, tag_id, 'bench', at FROM (${tags}) t),
     held AS (
       INSERT INTO channel_stories (channel_id, story_id, sort_at)
         SELECT c.id, n.id, at FROM n JOIN channels c ON n % split_part(c.slug, '-', 3)::int = 0 WHERE c.slug LIKE 'one-in-%'),
     cluster AS (
       INSERT INTO story_clusters (story_id, cluster_id, published_at, added_at)
         SELECT id, md5('cluster' || n / 4)::uuid, at, at FROM n WHERE n / 4 % 3 = 0)
     INSERT INTO story_versions (story_id, version, created_at, item_id, changed, title, content)
       SELECT id, version, at, id, '{title}', 'Story n' || n, '<p>Version</p>' FROM n, generate_series(1, 2) AS version WHERE n % 40 = 0`,
    [from, until - 1, count],
  );
}
