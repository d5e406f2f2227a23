/** The log of fetches and the runs that read documents again, through the API and the command line. */
import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { uuidV7 } from '#storage/uuid.js';
import { testConsole, type TestConsole } from '../../../../test/support/console.js';
import { SEED_DOCUMENT, seedStory } from '../../../../test/support/story-seed.js';
import { until } from '../../../../test/support/until.js';
import { runProgram } from '../cli/program.js';
import { fetchPageSchema } from './fetches.schemas.js';
import { reparseDetailSchema, reparsePageSchema } from './reparse.schemas.js';

let hub: TestConsole;
let feed: { id: string; partnerId: string };
let fetchId: string;
let failedId: string;
beforeAll(async () => {
  hub = await testConsole();
  feed = (await hub.api('POST', '/feeds', { url: 'https://gazette.example/feed', paused: true })).body;
  fetchId = (await seedStory(hub.database, { partnerId: feed.partnerId, feedId: feed.id })).fetchId;
  failedId = uuidV7();
  await sql`INSERT INTO fetches (id, feed_id, kind, correlation_id, started_at, duration_ms, outcome, error_class, error)
    VALUES (${failedId}, ${feed.id}, 'refresh', 'c_x', now(), 15000, 'failed', 'timeout', 'no answer within 15 s')`.execute(
    hub.database.db,
  );
  await sql`UPDATE fetches SET items_seen = 5, items_changed = 1, problems = '[{"code":"x","message":"a bare &","itemIndex":2}]'
    WHERE id = ${fetchId}`.execute(hub.database.db);
});
afterAll(() => hub?.close());

async function dateline(...words: string[]) {
  const [out, err, progress]: string[][] = [[], [], []];
  const code = await runProgram(words, {
    env: { DATELINE_URL: hub.url, DATELINE_TOKEN: hub.token },
    print: (text) => out?.push(text),
    complain: (text) => err?.push(text),
    progress: (text) => progress?.push(text),
    input: Readable.from([]),
  });
  return { code, out: out?.join('\n'), err: err?.join('\n'), progress };
}

describe('the log of fetches', () => {
  const ids = async (query: string) => {
    const { status, body } = await hub.api('GET', `/fetches?${query}`);
    expect([query, status]).toEqual([query, 200]);
    return fetchPageSchema.parse(body).items.map(({ id }) => id);
  };

  it('is filtered by feed, partner, outcome, kind, error class and time', async () => {
    const both = [failedId, fetchId];
    const other = uuidV7();
    const [before, after] = [
      new Date(Date.now() - 3_600_000).toISOString(),
      new Date(Date.now() + 3_600_000).toISOString(),
    ];
    const cases: [string, string[]][] = [
      ['', both],
      [`feedId=${feed.id}`, both],
      [`feedId=${other}`, []],
      [`partnerId=${feed.partnerId}`, both],
      [`partnerId=${other}`, []],
      ['outcome=failed', [failedId]],
      ['kind=poll', [fetchId]],
      ['kind=reparse', []],
      ['errorClass=timeout', [failedId]],
      ['errorClass=dns', []],
      [`since=${before}&until=${after}`, both],
      [`until=${before}`, []],
      [`since=${after}`, []],
      ['since=2020-01-01', both],
    ];
    for (const [query, expected] of cases) expect([query, await ids(query)]).toEqual([query, expected]);
    const ofFeed = await hub.api('GET', `/feeds/${feed.id}/fetches?kind=refresh&since=2020-01-01`);
    expect(ofFeed.body.items).toMatchObject([{ id: failedId, why: 'failed: no answer within 15 s' }]);
    expect((await hub.api('GET', '/fetches?since=yesterday')).body.detail).toContain('since: must be a date');
  });

  it('says what came of a fetch and why, with its problems', async () => {
    const { body } = await hub.api('GET', `/fetches/${fetchId}`);
    expect(body).toMatchObject({
      itemsSeen: 5,
      itemsNew: 1,
      itemsChanged: 1,
      itemsUnchanged: 3,
      why: 'a new document: 1 new, 1 changed, 3 unchanged; 1 problem repaired or passed over',
      problems: [{ message: 'a bare &', itemIndex: 2 }],
    });
  });

  it('gives a document back as it came, and nothing that a browser would run', async () => {
    const { status, headers, body } = await hub.api('GET', `/fetches/${fetchId}/document`);
    expect([status, body]).toEqual([200, SEED_DOCUMENT]);
    expect(headers.get('content-type')).toBe('application/rss+xml');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[0-9a-f-]{36}.bin"$/);
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    await sql`UPDATE documents SET content_type = 'text/html, or so; <b>'`.execute(hub.database.db);
    expect((await hub.api('GET', `/fetches/${fetchId}/document`)).headers.get('content-type')).toBe(
      'application/octet-stream',
    );
    expect((await hub.api('GET', `/fetches/${failedId}/document`)).status).toBe(404);
    expect((await hub.api('GET', `/fetches/${uuidV7()}/document`)).status).toBe(404);
  });

  it('is on the command line', async () => {
    const list = await dateline(
      'fetches',
      'list',
      '--feed',
      'https://gazette.example/feed',
      '--outcome',
      'failed',
      '--partner',
      'gazette-example',
    );
    expect(list).toMatchObject({ code: 0, err: '' });
    expect(list.out).toMatch(/^STARTED .*WHY.*\n.* refresh .* failed: no answer within 15 s .*$/);
    const show = await dateline('fetches', 'show', fetchId);
    expect(show.out).toMatch(/why +a new document: 1 new.*\n(.*\n)*problem +item 3: a bare &$/);
    expect((await dateline('fetches', 'list', '--kind', 'guess')).code).toBe(1);
  });
});

describe('reading again', () => {
  it('is begun, listed, shown and stopped', async () => {
    const { status, body } = await hub.api('POST', '/reparse', { feedId: feed.id, since: '2026-01-01', dryRun: true });
    expect(status).toBe(201);
    expect(reparseDetailSchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      status: 'waiting',
      feedId: feed.id,
      dryRun: true,
      documents: 0,
      documentsTotal: null,
      examples: [],
    });
    expect(body).toMatchObject({ since: '2026-01-01T00:00:00.000Z', requestedBy: '127.0.0.1' });
    const again = await hub.api('POST', `/feeds/${feed.id}/reparse`, { dryRun: true });
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ type: 'urn:dateline:problem:reparse-under-way', id: body.id });
    const page = reparsePageSchema.parse((await hub.api('GET', '/reparse?status=waiting')).body);
    expect(page.items.map(({ id }) => id)).toEqual([body.id]);
    for (let times = 0; times < 2; times++) expect((await hub.api('DELETE', `/reparse/${body.id}`)).status).toBe(204);
    expect((await hub.api('GET', `/reparse/${body.id}`)).body).toMatchObject({
      status: 'stopped',
      finishedAt: expect.any(String),
    });
    expect((await hub.api('POST', `/feeds/${feed.id}/reparse`)).status).toBe(201);
  });

  it.each([
    ['a feed and a partner', { feedId: uuidV7(), partnerId: uuidV7() }, 'give feedId or partnerId'],
    ['an unknown feed', { feedId: uuidV7() }, 'feedId: there is no such feed'],
    ['an unknown partner', { partnerId: uuidV7() }, 'partnerId: there is no such partner'],
    ['a time that is none', { since: 'soon' }, 'since: must be a date'],
    ['a span that ends before it begins', { since: '2026-02-01', until: '2026-01-01' }, 'until: must be later'],
  ])('refuses %s', async (_, body, detail) => {
    const answer = await hub.api('POST', '/reparse', body);
    expect([answer.status, answer.body.detail]).toEqual([400, expect.stringContaining(detail)]);
  });

  it('knows no run that is not there', async () => {
    expect((await hub.api('GET', `/reparse/${uuidV7()}`)).status).toBe(404);
    expect((await hub.api('DELETE', `/reparse/${uuidV7()}`)).status).toBe(404);
    expect((await hub.api('POST', `/feeds/${uuidV7()}/reparse`, {})).status).toBe(404);
  });

  it('is on the command line, with its progress', async () => {
    const begun = await dateline('reparse', '--partner', 'gazette-example', '--no-wait');
    expect(begun).toMatchObject({ code: 0, out: expect.stringMatching(/^run [0-9a-f-]{36} is under way/) });
    const id = /[0-9a-f-]{36}/.exec(begun.out ?? '')?.[0] ?? '';
    expect((await dateline('reparse', 'list')).out).toMatch(
      /waiting +[0-9a-f-]{36} +0 documents, 0 items changed, 0 new +not yet/,
    );
    expect((await dateline('reparse', 'stop', id)).out).toBe(`stopped run ${id}`);

    const watched = dateline('reparse');
    // No ingestor runs here: the test does what one would.
    await until('the run is there and is finished', async () => {
      const done =
        await sql`UPDATE reparse_runs SET status = 'done', finished_at = now(), documents = 7, documents_total = 7,
          items_changed = 2, items_new = 1, items_seen = 40, errors = 1, last_error = 'no feed', examples = ${JSON.stringify(
            [
              {
                feedId: feed.id,
                documentId: uuidV7(),
                change: 'changed',
                identityKey: '1',
                title: 'Storm',
                fields: [{ field: 'title', before: 'Strom', after: 'Storm' }],
              },
            ],
          )}::jsonb
        WHERE status = 'waiting' AND feed_id IS NULL AND partner_id IS NULL RETURNING id`.execute(hub.database.db);
      return done.rows.length > 0;
    });
    const { code, out, progress } = await watched;
    expect(code).toBe(0);
    expect(out).toBe(
      'done: 7 of 7 documents, 2 items changed, 1 new of 40 seen\n1 could not be read; the last: no feed\n  changed: Storm\n    title: "Strom" -> "Storm"',
    );
    expect(progress?.at(-1)).toBe('');
    expect((await dateline('reparse', 'show', uuidV7())).code).toBe(1);
  });
});
