/** Related stories on invented news: several texts of different wording on each event, events that resemble each other, and stories of their own. */
import { readFileSync } from 'node:fs';
import { projectFile } from '#config/project-file.js';
import { storyTerms } from '#domain/story-terms.js';
import { EventClusters } from './event-clusters.js';
import { packTerms } from './term-weights.js';

interface Line {
  id: string;
  title: string;
  text: string;
  published: string;
  language: string;
  /** The event that it is about. */
  cluster: string;
}

const read = (file: string): Line[] =>
  readFileSync(projectFile(`bench/corpus/${file}`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Omit<Line, 'cluster'> & { cluster?: string })
    .map((line) => ({ ...line, cluster: line.cluster ?? line.id }));
const LINES = read('related-events.jsonl');

const story = ({ id, title, text, language, published }: Line) => ({
  id,
  at: Date.parse(published),
  terms: packTerms(storyTerms(title, text, language)),
  clusterId: null,
});

let next = 1_000;

/** As everywhere, no id twice, and later ones come later in their order. */
function clusters(mostStories = 1_000): EventClusters {
  return new EventClusters({ threshold: 0.14, mostStories }, () => `c${(next += 1)}`);
}

/** What adding these at once comes to. */
function added(all: EventClusters, stories: Parameters<EventClusters['add']>[0]) {
  const work = all.add(stories);
  for (let step = work.next(); ; step = work.next()) if (step.done === true) return step.value;
}

/** The cluster of each line's story after all were added `step` at a time. */
function clustered(lines: readonly Line[], step: number, all = clusters()): string[] {
  const of = new Map<string, string>();
  for (let at = 0; at < lines.length; at += step)
    for (const { storyId, clusterId } of added(all, lines.slice(at, at + step).map(story)).changes)
      of.set(storyId, clusterId);
  return lines.map(({ id }) => of.get(id) ?? '');
}

const orders: [string, readonly Line[]][] = [
  ['mixed', LINES],
  ['by time', LINES.toSorted((a, b) => a.published.localeCompare(b.published))],
  ['backwards', LINES.toReversed()],
];

describe.each(orders)('in the order %s', (_, lines) => {
  test.each([1, 7, 50])('%s at a time, events are told apart (adjusted Rand index over 0.9)', (step) => {
    const found = clustered(lines, step);
    expect(
      adjustedRand(
        lines.map(({ cluster }) => cluster),
        found,
      ),
    ).toBeGreaterThan(0.9);
  });
});

test.each([
  ['ten', LINES, 10],
  ['twenty', LINES, 20],
  ['thirty-six', LINES, 36],
  ['thirty-six in four languages', read('named-news.jsonl'), 36],
])('of %s stories, each on something else, hardly any are related', (_, lines, count) => {
  const each = [...new Map(lines.toReversed().map((line) => [line.cluster, line])).values()];
  const found = clustered(each.slice(0, count), 5);
  const together = found.filter((name) => found.filter((other) => other === name).length > 1);
  expect(found).toHaveLength(count);
  expect(together.length).toBeLessThanOrEqual(count / 9);
});

test('few events, each with many stories, are told apart as well', () => {
  const few = LINES.filter(({ cluster }) => /quake|election|rates/.test(cluster));
  expect(
    adjustedRand(
      few.map(({ cluster }) => cluster),
      clustered(few, 1),
    ),
  ).toBeGreaterThan(0.85);
});

test('a story says which one it is most like, and by which words', () => {
  const quake = LINES.filter(({ cluster }) => cluster === 'quake-valdoria');
  const others = LINES.filter(({ cluster }) => cluster !== 'quake-valdoria');
  const [last, ...first] = quake;
  if (last === undefined) throw new Error('no quake');
  const all = clusters();
  clustered([...others, ...first], 50, all);
  const change = added(all, [story(last)]).changes.find(({ storyId }) => storyId === last.id);
  expect(first.map(({ id }) => id)).toContain(change?.nearest?.storyId);
  const words = new Map(
    [...storyTerms(last.title, last.text, last.language).keys()].map((word) => [
      packTerms(new Map([[word, 1]]))[0] ?? 0,
      word,
    ]),
  );
  const named = change?.nearest?.sharedSlots.map((slot) => words.get((slot << 8) | 1)).slice(0, 5);
  expect(named).toEqual(expect.arrayContaining(['mirelle']));
});

test('a cluster keeps its id while it grows', () => {
  const quake = LINES.filter(({ cluster }) => cluster === 'quake-valdoria');
  const all = clusters();
  clustered(
    LINES.filter(({ cluster }) => !/^(quake-valdoria|single)/.test(cluster)),
    50,
    all,
  );
  // Two of the five are near the threshold: they come to it later, or stay apart.
  const [first, ...more] = quake
    .slice(0, 3)
    .map((line) => added(all, [story(line)]).changes.find(({ storyId }) => storyId === line.id));
  expect(new Set(more.map((change) => change?.clusterId))).toEqual(new Set([first?.clusterId]));
});

test('what leaves the window keeps its cluster, and brings it along when it changes', () => {
  const all = clusters(20);
  const retired = LINES.flatMap((line) => added(all, [story(line)]).retired);
  expect(retired).toEqual(LINES.slice(0, LINES.length - 20).map(({ id }) => id));
  const back = { ...story(LINES[0] as Line), clusterId: 'from-before' };
  expect(added(all, [back]).changes.find(({ storyId }) => storyId === back.id)?.clusterId).toBe('from-before');
});

test('what only one story held together parts when that one is gone', () => {
  const words = (name: string, from: number, to: number): string =>
    Array.from({ length: to - from }, (_, at) => `${name}${from + at}`).join(' ');
  const line = (id: string, text: string): Line => ({
    ...{ id, title: '', text, published: '2026-11-20T08:00:00Z', language: 'en', cluster: id },
  });
  const all = clusters();
  const [harbour, both, school] = clustered(
    [
      line('harbour', words('harbour', 0, 30)),
      line('both', `${words('harbour', 0, 20)} ${words('school', 0, 20)}`),
      line('school', words('school', 0, 30)),
    ],
    3,
    all,
  );
  expect([harbour, school]).toEqual([both, both]);
  all.forget('both');
  const { changes } = added(all, []);
  expect(changes.map(({ clusterId, nearest }) => [clusterId === both, nearest])).toEqual([[false, null]]);
  // Once is enough.
  expect(added(all, []).changes).toEqual([]);
});

test('a firm’s next matter, a month later, is another event; three days later it may be a follow-up', () => {
  const line = (id: string, title: string, text: string, published: string): Line => ({
    ...{ id, title, text, published, language: 'en', cluster: id },
  });
  const first = line(
    'first',
    'Corvino Rail opens a depot in Dunmarrow',
    'Corvino Rail said on Monday that it had opened a depot for thirty trains in Dunmarrow.',
    '2026-06-01T08:00:00Z',
  );
  const others = LINES.map((other) => ({ ...other, published: '2026-06-20T08:00:00Z' }));
  const related = (published: string): boolean => {
    const next = line(
      'next',
      'Ines Halvard is to look after the money of Corvino',
      'The operator said that she would lead its finance department from January, after a search that had cost it two candidates and the patience of its banks. She comes from the treasury of Ostmark Shipping, where she sold bonds, closed a loss-making insurer and cut forty clerks. Shareholders had asked for somebody from another trade; the union asked for anybody who would speak with it.',
      published,
    );
    const found = clustered([first, ...others, next], 50);
    return found[0] === found.at(-1);
  };
  expect(related('2026-06-04T08:00:00Z')).toBe(true);
  expect(related('2026-07-04T08:00:00Z')).toBe(false);
});

test('what is told of one event over months stays together (adjusted Rand index over 0.9)', () => {
  const first = Date.parse('2026-06-20T00:00:00Z');
  const stretched = LINES.map((line) => ({
    ...line,
    published: new Date(first + (Date.parse(line.published) - first) * 20).toISOString(),
  })).sort((a, b) => a.published.localeCompare(b.published));
  expect(
    adjustedRand(
      stretched.map(({ cluster }) => cluster),
      clustered(stretched, 7),
    ),
  ).toBeGreaterThan(0.9);
});

test('restored from what was stored, it goes on the same', () => {
  const [before, after] = [LINES.slice(0, 60), LINES.slice(60)];
  const one = clusters();
  const stored = clustered(before, 5, one);
  const two = clusters();
  two.restore(before.map((line, at) => ({ ...story(line), clusterId: stored[at] ?? '' })));
  const partition = (names: string[]) => names.map((name) => names.indexOf(name));
  expect(partition(clustered(after, 5, two))).toEqual(partition(clustered(after, 5, one)));
});

test('a flood of stories on one event, more than are looked at together, is one cluster', () => {
  const line = (name: string, text: string[]): Line => ({
    id: name,
    title: '',
    text: text.join(' '),
    published: '2026-11-20T08:00:00Z',
    language: 'en',
    cluster: name,
  });
  const flood = Array.from({ length: 600 }, (_, at) =>
    line(
      `flood-${String(at).padStart(3, '0')}`,
      Array.from({ length: 40 }, (__, word) =>
        (at * 7 + word * 3) % 5 === 0 ? `other${(at * 31 + word * 17) % 997}` : `event${word}`,
      ),
    ),
  );
  const noise = Array.from({ length: 2_000 }, (_, at) =>
    line(
      `noise-${at}`,
      Array.from({ length: 40 }, (__, word) => `other${(at * 37 + word * 101) % 997}`),
    ),
  );
  const all = clusters(5_000);
  clustered(noise, 100, all);
  const found = clustered(flood, 50, all);
  const sizes = new Map<string, number>();
  for (const name of found) sizes.set(name, (sizes.get(name) ?? 0) + 1);
  expect(Math.max(...sizes.values())).toBe(600);
});

test('a story without a word stands alone', () => {
  const all = clusters();
  const { changes } = added(all, [
    { id: 'a', at: 0, terms: new Int32Array(), clusterId: null },
    { id: 'b', at: 0, terms: new Int32Array(), clusterId: null },
  ]);
  expect(new Set(changes.map(({ clusterId }) => clusterId)).size).toBe(2);
});

/** Hubert and Arabie's adjusted Rand index of two partitions of the same things. */
function adjustedRand(expected: readonly string[], found: readonly string[]): number {
  const pairs = (count: number): number => (count * (count - 1)) / 2;
  const sum = (names: readonly string[]): number => {
    const counts = new Map<string, number>();
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
    return [...counts.values()].reduce((total, count) => total + pairs(count), 0);
  };
  const both = sum(expected.map((name, at) => `${name} ${found[at] ?? ''}`));
  const [a, b] = [sum(expected), sum(found)];
  const chance = (a * b) / pairs(expected.length);
  return (both - chance) / ((a + b) / 2 - chance);
}
