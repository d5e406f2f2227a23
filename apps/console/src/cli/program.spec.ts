/** The command line client against a running console: what it prints, and the exit codes scripts go by. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { testConsole, type TestConsole } from '../../../../test/support/console.js';
import { runProgram } from './program.js';
import { harmless, table } from './table.js';

let hub: TestConsole;
beforeAll(async () => {
  hub = await testConsole();
}, 60_000);
afterAll(() => hub?.close());

/** Runs `words`; quoted arguments are given as an array. */
async function dateline(words: string | string[], env: NodeJS.ProcessEnv = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runProgram(typeof words === 'string' ? words.split(' ') : words, {
    env: { DATELINE_URL: hub.url, DATELINE_TOKEN: hub.token, ...env },
    print: (text) => out.push(text),
    complain: (text) => err.push(text),
    input: Readable.from([]),
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

it('adds a feed, once, and lists it', async () => {
  const added = await dateline('feeds add https://gazette.example/feed --partner Gazette --interval 60');
  expect(added).toMatchObject({ code: 0, err: '' });
  expect(added.out).toMatch(/^added feed [0-9a-f-]{36} \(https:\/\/gazette.example\/feed\) of partner gazette\./);
  const again = await dateline('feeds add https://gazette.example/feed');
  expect(again).toMatchObject({ code: 1, out: '' });
  expect(again.err).toMatch(/^The feed .* is here already, as [0-9a-f-]{36}\./);
  const list = await dateline('feeds list');
  expect(list.out).toMatch(/^STATE +URL .*\nnew +https:\/\/gazette.example\/feed /);
});

it.each(['--json feeds list', 'feeds --json list', 'feeds list --json'])('prints JSON for %s', async (words) => {
  const { code, out } = await dateline(words);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject([{ url: 'https://gazette.example/feed', intervalSeconds: 60 }]);
});

it('adds partners, channels and endpoints, and lists them', async () => {
  expect((await dateline(['partners', 'add', 'Harbour Daily', '--site', 'https://h.example/'])).out).toMatch(
    /^added partner harbour-daily as/,
  );
  expect((await dateline('partners list')).out).toContain('Harbour Daily');
  const channel = await dateline([
    'channels',
    'add',
    'sport',
    'Sport',
    '--tag',
    'topic/sport,topic/football',
    '--language',
    'en',
  ]);
  expect(channel.out).toContain('/feeds/sport.atom');
  expect((await dateline('channels add news --title News')).code).toBe(0);
  expect((await dateline('channels list')).out).toContain(
    '{"tags":["topic/sport","topic/football"],"languages":["en"]}',
  );
  const endpoint = await dateline('endpoints add https://p.example/hook --event story.published --channel sport');
  expect(endpoint.out).toMatch(/\nsecret \(shown this once\): whsec_/);
  expect((await dateline('endpoints list')).out).toMatch(/active +https:\/\/p.example\/hook +never/);
  expect((await dateline('deliveries list --status failed')).out).toBe('no deliveries');
  expect((await dateline('status')).out).toMatch(/endpoints +1 active.*\n.*\n.*\nnothing waits$/s);
});

it.each([
  ['nothing at all', '', 2],
  ['an unknown command', 'fed add x', 2],
  ['a missing argument', 'feeds add', 2],
  ['an unknown option', 'feeds list --colour', 2],
  ['a number that is none', 'feeds add https://x.example/ --interval soon', 2],
  ['an unknown event', 'endpoints add https://x.example/ --event story.eaten', 2],
  ['a URL that is none', 'feeds add what', 1],
  ['a feed that is not there', 'feeds refresh 0198a6f5-2222-7000-8000-000000000000', 1],
  ['a status that is none', 'deliveries list --status lost', 1],
  ['help', '--help', 0],
])('exits for %s', async (_, words, code) => {
  const result = await dateline(words === '' ? [] : words);
  expect(result.code).toBe(code);
  if (code !== 0) expect(result.err).not.toBe('');
});

describe('finding the hub', () => {
  it('says how to start one that does not run', async () => {
    const { code, err } = await dateline('status', { DATELINE_URL: 'http://127.0.0.1:9' });
    expect([code, err]).toEqual([3, expect.stringMatching(/^no hub answers at http:\/\/127.0.0.1:9 .*npm start/)]);
  });

  it('says when the token is wrong', async () => {
    const { code, err } = await dateline('status', { DATELINE_TOKEN: 'wrong' });
    expect([code, err]).toEqual([4, expect.stringContaining('does not know this token')]);
  });

  it('reads port and token where the hub keeps them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dateline-cli-'));
    const env = { DATELINE_URL: '', DATELINE_TOKEN: '', CONSOLE_PORT: new URL(hub.url).port, DATA_DIR: folder };
    const without = await dateline('status', env);
    expect([without.code, without.err]).toEqual([4, expect.stringContaining(join(folder, 'admin-token'))]);
    writeFileSync(join(folder, 'admin-token'), `${hub.token}\n`);
    expect((await dateline('status', env)).code).toBe(0);
  });
});

describe('tables', () => {
  it('align, and never let a partner speak to the terminal', () => {
    const rows = [{ name: 'a\u001b[31mb\nc' }, { name: 'long \u202etext' }];
    expect(
      table(
        rows,
        [
          ['NAME', (row) => row.name],
          ['X', () => 'x'],
        ],
        'none',
      ),
    ).toBe('NAME        X\na [31mb c   x\nlong  text  x');
    expect(table([], [['NAME', () => '']], 'none')).toBe('none');
    expect(harmless('x'.repeat(100))).toHaveLength(70);
  });
});
