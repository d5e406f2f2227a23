/** `dateline evaluate` as it is run: a process, a file, a report; on the tests' PostgreSQL. */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFile } from '#config/project-file.js';
import { serverUrl, testDatabase, type TestDatabase } from '../../../../test/support/database.js';

const TEXT =
  'The old harbour bridge in Kelso Bay will close for repairs on Monday, the council said, and ferries will run every ten ' +
  'minutes until the work is done in March. Shopkeepers on both sides of the water asked for a later start.';
const LINES = [
  {
    id: 'a',
    partner: 'Daily',
    title: 'Bridge to close',
    text: TEXT,
    published: '2026-11-20T08:00:00Z',
    language: 'en',
  },
  { id: 'b', partner: 'Weekly', title: 'Bridge shut', html: `<p>${TEXT}</p>`, duplicateOf: 'a', cluster: 'one' },
  {
    id: 'c',
    title: 'Regen',
    text: 'Morgen regnet es im ganzen Land, sagt der Wetterdienst.',
    language: 'de',
    cluster: 'two',
  },
  { id: 'a', text: 'An id that was there before.' },
  {
    id: 'd',
    text: 'No title, but a text, and a category.',
    categories: ['Sport'],
    tags: [{ scheme: 'topic', name: 'Sport' }],
  },
];

type Decision = { id: string; story: string };

let t: TestDatabase;
const folder = mkdtempSync(join(tmpdir(), 'evaluate-'));
beforeAll(async () => {
  t = await testDatabase({ migrate: false });
});
afterAll(async () => {
  await t?.drop();
  rmSync(folder, { recursive: true });
});

const run = (script: string, args: string[], env: NodeJS.ProcessEnv) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [projectFile(script), ...args],
      { env: { ...process.env, ...env } },
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? 1, stdout, stderr }),
    );
  });
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const corpus = file('corpus.jsonl', `${LINES.map((line) => JSON.stringify(line)).join('\n')}\n\nnot json\n`);
const MAIN = 'dist/apps/processor/src/evaluate/main.js';

test('the command prints a report, decisions go to a file, and no database is left behind', async () => {
  const out = join(folder, 'decisions.jsonl');
  const { code, stdout, stderr } = await run(
    'dist/apps/console/src/cli/main.js',
    ['evaluate', corpus, '--json', '--out', out],
    { DATABASE_URL: t.url },
  );
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringMatching(/line 4 is left out.*\n.*line 6 is left out/),
  });
  expect(JSON.parse(stdout)).toMatchObject({
    lines: 6,
    leftOut: 2,
    items: 4,
    failed: 0,
    stories: 3,
    linkedPairs: { precision: 1, recall: 1, f1: 1 },
    relatedClusters: { ari: 1 },
    language: { accuracy: 1 },
    tags: { topic: { right: 1, wrong: 0, missed: 0 } },
  });
  const decisions = readFileSync(out, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Decision);
  expect(decisions.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
  expect(decisions[1]).toMatchObject({ story: decisions[0]?.story, matched: 'a', rule: 'text' });
  expect(await count('pg_database')).toBe(0);
});

test('people get a table', async () => {
  const { code, stdout } = await run(MAIN, [corpus], { DATABASE_URL: serverUrl() });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^4 items became 3 stories .*\n2 of 6 lines are left out\n/);
  expect(stdout).toMatch(/linked pairs +1\.0000 +1\.0000 +1\.0000 +1 +0 +0/);
  expect(stdout).toMatch(/language +100\.00 % right \(2 of 2\)/);
});

test.each([
  ['a file that is not there', [join(folder, 'none.jsonl')], {}, 3],
  ['a folder', [folder], {}, 3],
  ['no place for the decisions', [corpus, '--out', join(folder, 'none', 'out')], {}, 3],
  ['a disk that is full', [corpus, '--out', '/dev/full'], {}, 3],
  ['decisions in the place of the corpus', [corpus, '--out', corpus], {}, 3],
  ['a setting that makes no sense', [corpus], { LOG_LEVEL: 'loud' }, 2],
  ['a server that is away', [corpus], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }, 1],
  ['nothing but bad lines', [file('bad.jsonl', 'x\n')], {}, 1],
])('ends with a sentence and no report: %s', async (_, args, env, expected) => {
  const { code, stdout, stderr } = await run(MAIN, args, { DATABASE_URL: serverUrl(), ...env });
  expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
  expect(stderr).toMatch(/^dateline: /);
});

test('whoever ends it early leaves no database behind', async () => {
  const child = spawn(process.execPath, [projectFile(MAIN), '-'], {
    env: { ...process.env, DATABASE_URL: t.url },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  // It waits for lines that never come.
  while ((await count('pg_stat_activity')) === 0) expect(child.exitCode).toBeNull();
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(await count('pg_database')).toBe(0);
});

async function count(table: 'pg_database' | 'pg_stat_activity'): Promise<number> {
  const rows = await t.database.db
    .selectFrom(table as never)
    .selectAll()
    .where('datname' as never, 'like', 'dateline\\_evaluate\\_%' as never)
    .execute();
  return rows.length;
}
