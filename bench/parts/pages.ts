/** Pages, feeds and searches of a large archive, each asked for the first time; then pages at hand; then what they weigh. */
import { besideBare } from '../ground/beside-bare.js';
import { type Figure } from '../ground/figures.js';
import { percentiles } from '../ground/percentiles.js';
import { seedStories } from '../ground/seed-stories.js';
import { type Stage } from '../ground/stage.js';
import { until } from '../../test/support/until.js';

const PART = 'pages';
/** Addresses of each kind; none is asked for twice. */
const EACH = 200;
const WARM_UP = 10;
const MOST_BYTES = 60 * 1_024;
const KINDS = ['home', 'channel', 'story', 'search', 'archive month'] as const;

export async function pages(stage: Stage): Promise<Figure[]> {
  const { stories } = stage.options;
  const seeded = await archiveOf(stage, stories);
  await until('the site shows the stories', async () =>
    (await fetch(`${stage.hub.publisher}/channels/one-in-2`)).text().then((text) => text.includes('/stories/')),
  );
  const paths = await addresses(stage);
  const figures: Figure[] = [];
  for (const [name, { most, list }] of Object.entries(paths)) {
    const meter = await stage.meter();
    const { times, failures } = await askEach(stage, list);
    const cost = await meter(list.length);
    const { p50, p99, max } = percentiles(times);
    figures.push({
      part: PART,
      name: `${name} among ${stories}, p99`,
      value: p99,
      unit: 'ms',
      ceilings: [],
      target: { most },
      note: [
        `${times.length} not asked for before, one at a time: p50 ${p50.toFixed(1)} ms, most ${max.toFixed(1)} ms`,
        cost,
        ...(failures.length > 0 ? [`${failures.length} FAILED: ${failures[0]}`] : []),
        ...(figures.length === 0 ? [seeded] : []),
      ].join('; '),
    });
  }
  figures.push(...(await besideBare(stage, { part: PART, name: 'home page', path: '/', shown: '/stories/' })));
  const story = paths['story page']?.list[0] ?? '/';
  figures.push(...(await besideBare(stage, { part: PART, name: 'story page', path: story, shown: '<article' })));
  const weighed = [
    '/',
    '/channels/one-in-2',
    story,
    paths['search, a common word']?.list[0] ?? '/',
    paths['archive month']?.list[0] ?? '/',
  ];
  for (const [index, path] of weighed.entries()) figures.push(await weight(stage, KINDS[index] ?? path, path));
  return figures;
}

/** Makes the stories unless they were kept; says which. */
async function archiveOf(stage: Stage, stories: number): Promise<string> {
  if ((await stage.database.count(`SELECT count(*) FROM stories`)) >= stories) return 'found as it was kept';
  const started = performance.now();
  await seedStories(stage.database, stories);
  return `seeded in ${((performance.now() - started) / 1000).toFixed(0)} s`;
}

/** What is asked for, and how long it may take. */
async function addresses(stage: Stage): Promise<Record<string, { most: number; list: string[] }>> {
  const text = async (sql: string, values: unknown[] = []): Promise<string[]> =>
    (await stage.database.query<{ text: string }>(sql, values)).map((row) => row.text);
  const some = EACH + WARM_UP;
  const ids = await text(
    `SELECT id::text AS text FROM stories TABLESAMPLE SYSTEM (1) ORDER BY md5(id::text) LIMIT $1`,
    [some],
  );
  const stories = await text(
    `SELECT '/stories/' || id || '/' || slug AS text FROM stories TABLESAMPLE SYSTEM (1) ORDER BY md5(slug) LIMIT $1`,
    [some],
  );
  const tags = await text(`SELECT scheme || '/' || slug AS text FROM tags ORDER BY md5(slug) LIMIT $1`, [some]);
  const months = await text(
    `SELECT DISTINCT to_char(sort_at, 'YYYY/MM') AS text FROM stories TABLESAMPLE SYSTEM (0.1) ORDER BY 1`,
  );
  const total = await stage.database.count('SELECT count(*) FROM stories');
  const words = (from: number, until: number): Promise<string[]> =>
    text(
      `SELECT word AS text FROM search_words WHERE documents >= $1 AND documents < $2 AND length(word) > 3 ORDER BY md5(word) LIMIT $3`,
      [Math.round(from * total), Math.round(until * total), some],
    );
  const [common, seldom, rare] = [await words(0.05, 1.1), await words(0.002, 0.05), await words(0, 0.001)];
  // Two words that stand beside each other in the text of a story.
  const phrases = await text(
    `SELECT array_to_string((string_to_array(body_text, ' '))[20:21], ' ') AS text FROM stories TABLESAMPLE SYSTEM (1) LIMIT $1`,
    [some],
  );
  const pick = (list: string[], n: number): string => list[n % list.length] ?? '';
  const many = (make: (n: number) => string): string[] => Array.from({ length: some }, (_, n) => make(n));
  const search = (make: (n: number) => string): { most: number; list: string[] } => ({
    most: 150,
    list: [...new Set(many((n) => `/search?q=${make(n)}`))],
  });
  return {
    'channel page': { most: 50, list: many((n) => `/channels/one-in-${2 ** ((n % 7) + 1)}?before=${pick(ids, n)}`) },
    feed: {
      most: 50,
      list: [
        ...[2, 4, 8, 16, 32, 64, 128].flatMap((n) =>
          ['rss', 'atom', 'json'].map((format) => `/feeds/one-in-${n}.${format}`),
        ),
        ...many((n) => `/feeds/tag/${pick(tags, n)}.${pick(['rss', 'atom', 'json'], n)}`),
      ].slice(0, some),
    },
    'story page': { most: 20, list: stories },
    'search, a common word': search((n) => pick(common, n)),
    'search, a seldom word': search((n) => pick(seldom, n)),
    'search, a rare word': search((n) => pick(rare, n)),
    'search, two words': search((n) => `${pick(common, n)}+${pick(seldom, n)}`),
    'search, a phrase': search((n) => `%22${encodeURIComponent(pick(phrases, n))}%22`),
    'search, with filters': search(
      (n) =>
        `${pick(n % 2 === 0 ? common : seldom, n)}&${pick([`tag=${encodeURIComponent(pick(tags, n))}`, `partner=partner-${n}`, 'language=pt', 'from=2025-12-01&until=2026-03-31'], n)}`,
    ),
    'search, mistyped': search((n) => swapped(pick(n % 2 === 0 ? common : seldom, n))),
    'archive month': {
      most: 100,
      list: months.flatMap((month) => ['', '/de', '/fr', '/es', '/ar'].map((edition) => `${edition}/archive/${month}`)),
    },
  };
}

/** With two letters in the middle the wrong way round, which is how words are mistyped most. */
function swapped(word: string): string {
  const place = Math.floor(word.length / 2);
  return word.slice(0, place - 1) + (word[place] ?? '') + (word[place - 1] ?? '') + word.slice(place + 1);
}

async function askEach(stage: Stage, paths: string[]): Promise<{ times: number[]; failures: string[] }> {
  const times: number[] = [];
  const failures: string[] = [];
  for (const [index, path] of paths.entries()) {
    const started = performance.now();
    const response = await fetch(stage.hub.publisher + path);
    await response.arrayBuffer();
    if (index >= Math.min(WARM_UP, paths.length / 4)) times.push(performance.now() - started);
    if (!response.ok) failures.push(`${path} answered ${response.status}`);
  }
  return { times, failures };
}

/** What a reader's browser fetches for the page besides images, compressed as it travels. */
async function weight(stage: Stage, name: string, path: string): Promise<Figure> {
  const html = await (await fetch(stage.hub.publisher + path)).text();
  const assets = [...html.matchAll(/(?:<link rel="(?:stylesheet|icon)"[^>]* href|<script[^>]* src)="(\/[^"]+)"/g)];
  const sizes = await Promise.all(
    [path, ...assets.map(([, asset = '']) => asset)].map(async (each) => {
      // undici would take the encoding off, and with it the size that travelled.
      const loop = await fetch(stage.hub.publisher + each, { headers: { 'accept-encoding': 'gzip' } });
      const sent = Number(loop.headers.get('content-length') ?? 0);
      const whole = (await loop.arrayBuffer()).byteLength;
      return { sent: sent || whole, whole };
    }),
  );
  const sum = (of: 'sent' | 'whole'): number => sizes.reduce((total, size) => total + size[of], 0);
  return {
    part: PART,
    name: `weight of the ${name} page`,
    value: sum('sent') / 1024,
    unit: 'KB',
    ceilings: [],
    target: { most: MOST_BYTES / 1024 },
    note: `HTML, stylesheet, script and icon with gzip; ${Math.round(sum('whole') / 1024)} KB unpacked`,
  };
}
