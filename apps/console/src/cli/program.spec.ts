/** The command line client against a running console: what it prints, and the exit codes scripts go by. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { testConsole, type TestConsole } from '../../../../test/support/console.js';
import { previewInWords } from './preview-in-words.js';
import { runProgram } from './program.js';
import { harmless, table } from './table.js';

let hub: TestConsole;
beforeAll(async () => {
  hub = await testConsole();
});
afterAll(() => hub?.close());

/** Runs `words`; quoted arguments are given as an array. */
async function dateline(words: string | string[], env: NodeJS.ProcessEnv = {}, input = '') {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runProgram(typeof words === 'string' ? words.split(' ') : words, {
    env: { DATELINE_URL: hub.url, DATELINE_TOKEN: hub.token, ...env },
    print: (text) => out.push(text),
    complain: (text) => err.push(text),
    input: Readable.from(input === '' ? [] : [input]),
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

it('limits hosts, and says why a feed is fetched next when it is', async () => {
  expect((await dateline('hosts limit gazette.example 600 --connections 8')).out).toBe(
    'gazette.example: 600 requests a minute, 1 feeds',
  );
  expect((await dateline('hosts list --limited')).out).toMatch(/^HOST .*\ngazette.example +600 +8 +1 +0$/);
  expect((await dateline('hosts unlimit gazette.example')).code).toBe(0);
  expect((await dateline('hosts list')).out).toMatch(/gazette.example +default +default +1/);
  expect((await dateline('hosts limit gazette.example many')).code).toBe(2);
  expect((await dateline('feeds why https://gazette.example/feed')).out).toMatch(
    /^next at 20[0-9T:.-]+Z\n {2}just added$/,
  );
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
  const set = await dateline(
    'channels set news --slug latest --without-tag topic/sport --max-age 48 --size 20 --full-text off',
  );
  expect(set).toMatchObject({ code: 0, err: '', out: expect.stringContaining('/feeds/latest.rss') });
  expect((await dateline('--json channels list')).out).toContain('"formerSlugs"');
  expect((await dateline(['channels', 'preview', '--word', 'ferry', '--min-partners', '2', '--for', 'news'])).out).toBe(
    '0 of the 0 newest stories fit: 0 would join, 0 would leave\nby itself lets through: words 0, minPartners 0',
  );
  expect((await dateline('channels remove nowhere')).err).toContain('there is no channel nowhere');
  expect((await dateline('channels remove latest')).out).toBe('removed channel latest');
  const endpoint = await dateline('endpoints add https://p.example/hook --event story.published --channel sport');
  expect(endpoint.out).toMatch(/\nsecret \(shown this once\): whsec_/);
  expect((await dateline('endpoints list')).out).toMatch(/active +https:\/\/p.example\/hook +never/);
  expect((await dateline('deliveries list --status failed')).out).toBe('no deliveries');
  const id = /endpoint ([0-9a-f-]{36})/.exec(endpoint.out)?.[1] ?? '';
  expect((await dateline(`endpoints replay ${id} --from 2020-01-01 --dry-run`)).out).toMatch(
    /^dry run: 0 would be sent\nwhat happened before 20.* is not kept any more$/,
  );
  const replay = await dateline(`--json endpoints replay ${id} --from 2020-01-01 --all --rate 60 --no-wait`);
  const replayId = (JSON.parse(replay.out) as { id: string }).id;
  expect((await dateline(`endpoints stop-replay ${id} ${replayId}`)).out).toMatch(
    /^stopped \(stopped by an operator.*0 of 0 sent/,
  );
  expect((await dateline(`endpoints replays ${id}`)).out).toMatch(/\nstopped +2020-01-01/);
  const [, hint = ''] =
    /under way; (.*) says how far it is/.exec(
      (await dateline(`endpoints replay ${id} --from 2020-01-01 --no-wait`)).out,
    ) ?? [];
  expect(await dateline(hint)).toMatchObject({ code: 0, out: expect.stringContaining('2020-01-01') });
  expect((await dateline('status')).out).toMatch(/endpoints +1 active.*\n.*\n.*\nnothing waits$/s);
  expect((await dateline(`endpoints ping ${id}`)).out).toMatch(
    /^ping msg_\w{26} is on its way as delivery [0-9a-f-]{36}$/,
  );
  expect((await dateline(`endpoints rotate ${id} --overlap 60`)).out).toMatch(
    /^secret \(shown this once\): whsec_.*\nthe old/,
  );
  expect((await dateline(`tokens add --endpoint-id ${id} --name bench`)).out).toMatch(/^token [0-9a-f-]{36} .*: dlp_/);
  const tokens = await dateline(`tokens list --endpoint-id ${id}`);
  expect(tokens.out).toMatch(/^NAME.*\nbench +20.* +never/);
  const tokenId = tokens.out.split(/\s+/).at(-1) ?? '';
  expect((await dateline(`tokens revoke ${tokenId} --endpoint-id ${id}`)).code).toBe(0);
  expect((await dateline('tokens list')).code).toBe(2);
});

it('sets rights of partners, and changes only what is named', async () => {
  await dateline(['partners', 'add', 'Coast Radio']);
  const set = await dateline(
    'partners set coast-radio --priority 5 --licence CC-BY-4.0 --excerpt-only on --embargo 30 --expiry 90',
  );
  expect(set).toMatchObject({ code: 0, err: '', out: expect.stringContaining('changed partner coast-radio') });
  await dateline(['partners', 'set', 'coast-radio', '--attribution', '© Coast Radio', '--embargo', 'none']);
  const shownPartner = await dateline('partners show coast-radio');
  expect(shownPartner.out).toMatch(/NAME +Coast Radio\n/);
  expect(shownPartner.out).toMatch(/PRIORITY +5\n/);
  const { out } = await dateline('partners show coast-radio --json');
  expect(JSON.parse(out)).toMatchObject({
    rights: { licence: 'CC-BY-4.0', excerptOnly: true, expiryDays: 90, attribution: '© Coast Radio' },
  });
  expect(JSON.parse(out).rights).not.toHaveProperty('embargoMinutes');
  expect(await dateline('partners show nobody')).toMatchObject({ code: 1, err: expect.stringContaining('nobody') });
});

it('sets how a feed is asked and read, and takes secrets from standard input alone', async () => {
  const feed = 'https://gazette.example/feed';
  const set = await dateline(
    [
      ...['feeds', 'set', feed, '--basic', 'hub', '--full-text', 'on', '--strip-trackers', 'on'],
      ...[
        '--block',
        'title contains horoscope',
        '--keep',
        'category regex ^(sport|travel)$',
        '--user-agent',
        'Press/1',
      ],
    ],
    {},
    'swordfish\n',
  );
  expect(set).toMatchObject({ code: 0, err: '' });
  expect(set.out).not.toContain('swordfish');
  const { out } = await dateline('feeds list --json');
  expect(out).not.toContain('swordfish');
  expect(JSON.parse(out)[0].settings).toMatchObject({
    credentials: { kind: 'basic' },
    userAgent: 'Press/1',
    fullText: true,
    rules: [
      { action: 'block', field: 'title', operator: 'contains', value: 'horoscope' },
      { action: 'keep', field: 'category', operator: 'regex', value: '^(sport|travel)$' },
    ],
  });
  await dateline(['feeds', 'set', feed, '--no-credentials', '--no-rules', '--user-agent', 'none']);
  expect(JSON.parse((await dateline('feeds list --json')).out)[0].settings).toMatchObject({
    credentials: null,
    userAgent: null,
    rules: [],
    fullText: true,
  });
  expect(await dateline(`feeds set ${feed} --basic hub`)).toMatchObject({
    code: 2,
    err: expect.stringContaining('standard input'),
  });
  expect(await dateline(`feeds set ${feed}`)).toMatchObject({ code: 2 });
  expect(await dateline(['feeds', 'set', feed, '--block', 'title regex ('])).toMatchObject({
    code: 1,
    err: expect.stringContaining('missing closing )'),
  });
});

it.each([
  ['a rule that is none', 'feeds set https://gazette.example/feed --block horoscope', 2],
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

describe('lists of feeds', () => {
  it('are imported from a file, with what failed and why, and exported again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dateline-opml-'));
    const file = join(folder, 'list.opml');
    writeFileSync(
      file,
      '<opml><body><outline xmlUrl="https://listed.example/feed"/>\n<outline xmlUrl="nothing"/></body></opml>',
    );
    const imported = await dateline(['opml', 'import', file]);
    expect(imported).toEqual({
      code: 0,
      err: '',
      out: '1 added, 0 already here, 1 failed\n  line 2: nothing: xmlUrl is not a URL',
    });
    expect(JSON.parse((await dateline(['--json', 'opml', 'import', file])).out)).toMatchObject({
      added: 0,
      alreadyHere: 1,
    });
    expect((await dateline('opml export')).out).toContain('xmlUrl="https://listed.example/feed"');
    writeFileSync(file, '<rss version="2.0"/>');
    expect(await dateline(['opml', 'import', file])).toMatchObject({
      code: 1,
      err: expect.stringContaining('a feed: add'),
    });
    expect((await dateline(['opml', 'import', join(folder, 'gone')])).code).toBe(2);
  });
});

it('says in words what a preview found', () => {
  const alreadyHere = [{ id: '17', url: 'https://gazette.example/feed', reason: 'It has this address.' }];
  expect(
    previewInWords({
      ok: true,
      alreadyHere,
      feed: { title: 'Gazette', format: 'rss' },
      items: [{ title: 'One', published: '2026-08-01T08:00:00.000Z' }],
      itemCount: 1,
      problems: [],
      pollReason: 'every 15 min, the default',
    }),
  ).toBe(
    'Gazette (rss), 1 items, would be polled: every 15 min, the default\n  2026-08-01T08:00:00.000Z  One\nalready here as 17 (https://gazette.example/feed): It has this address.',
  );
  const page = {
    best: 'https://gazette.example/feed',
    choice: 'It is the only feed of the page.',
    candidates: [{ url: 'https://gazette.example/feed', title: 'Gazette', format: 'atom', itemCount: 3 }],
    unreadable: [{ url: 'https://gazette.example/gone', error: 'gone' }],
  };
  expect(previewInWords({ ok: false, error: 'a page', alreadyHere: [], page })).toBe(
    'a page, not a feed. It is the only feed of the page.\n* https://gazette.example/feed  Gazette (atom, 3 items)\n  https://gazette.example/gone  cannot be read: gone',
  );
  expect(previewInWords({ ok: false, error: 'no answer', alreadyHere: [] })).toBe('cannot be read: no answer');
});

it('tries, adds, orders and removes rules, and keeps dictionaries', async () => {
  const asked = [
    '--title',
    'ferry,ferries',
    '--regex',
    'text:\\d+ boats',
    '--language',
    'en',
    '--tag',
    'keyword/Ferries',
  ];
  const preview = await dateline(['rules', 'preview', ...asked]);
  expect(preview.out).toMatch(/^0 stories looked at: 0 match, 0 would change \(0 dropped, 0 held\); 0 ms a story$/);
  const added = await dateline(['rules', 'add', 'Ferries', ...asked, '--hold', '--priority', '-3']);
  expect(added.out).toBe(
    'added rule Ferries: when title has "ferry" or "ferries" and text matches "\\\\d+ boats" and language is en, tag keyword/Ferries, priority -3, hold',
  );
  const file = join(mkdtempSync(join(tmpdir(), 'dateline-rule-')), 'rule.json');
  writeFileSync(
    file,
    JSON.stringify({ condition: { kind: 'language', languages: ['de'] }, actions: [{ kind: 'drop' }] }),
  );
  expect((await dateline(['rules', 'add', 'No German', '--file', file, '--position', '1'])).code).toBe(0);
  expect((await dateline('rules disable Ferries')).out).toBe('disabled rule Ferries');
  expect((await dateline('rules list')).out).toMatch(
    /^POSITION +NAME .*\n1 +No German +language is de +drop\n\d+ +Ferries .*disabled$/,
  );
  expect(JSON.parse((await dateline('rules show Ferries')).out)).toMatchObject({ name: 'Ferries', enabled: false });
  expect((await dateline('rules remove Ferries')).out).toBe('removed rule Ferries');
  expect(await dateline('rules remove Ferries')).toMatchObject({ code: 1, err: expect.stringContaining('no rule') });
  expect(await dateline('rules add Nothing --drop')).toMatchObject({ code: 2 });
  expect((await dateline('items held')).out).toBe('nothing is held');

  const lines = join(mkdtempSync(join(tmpdir(), 'dateline-dictionary-')), 'lines.csv');
  writeFileSync(lines, 'phrase,scheme,tag\nGrey Gull,organisation,\nKelso,town,\n');
  expect((await dateline(['dictionaries', 'import', 'Ships', lines])).out).toMatch(
    /^1 added, 0 already here, 1 failed; 1 entries now\n {2}line 3: "town" is no scheme: it must be one of topic, /,
  );
  expect((await dateline('dictionaries export Ships')).out).toBe('phrase,scheme,tag\nGrey Gull,organisation,Grey Gull');
  expect((await dateline('dictionaries list')).out).toMatch(/\nShips +1 /);
  expect((await dateline('dictionaries remove Ships')).out).toBe('removed dictionary Ships');
});

it('says which tag it does not understand', async () => {
  for (const option of ['--add', '--remove'])
    expect(await dateline(['stories', 'tag', '01936f2e-8c1a-7000-8000-0000000000b2', option, 'Sport'])).toMatchObject({
      code: 2,
      err: 'Sport is no tag: write SCHEME/NAME, such as topic/Sport.',
    });
});
