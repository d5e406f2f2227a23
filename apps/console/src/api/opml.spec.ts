/** Lists of feeds in and out through the API, on a real database. */
import { sql } from 'kysely';
import iconv from 'iconv-lite';
import { ImportRepository } from '#storage/import.repository.js';
import { testConsole, type TestConsole } from '../../../../test/support/console.js';
import { until } from '../../../../test/support/until.js';
import { importLinePageSchema, importSchema } from './imports.schemas.js';

let hub: TestConsole;
beforeAll(async () => {
  hub = await testConsole();
});
afterAll(() => hub?.close());

interface Feed {
  id: string;
  url: string;
  title: string | null;
  nextFetchAt: string;
  nextFetchReason: string;
  partner: { slug: string; name: string };
}

async function send(list: string | Buffer | ReadableStream, type = 'text/x-opml') {
  const response = await fetch(`${hub.url}/api/v1/opml`, {
    method: 'POST',
    headers: { authorization: `Bearer ${hub.token}`, 'content-type': type },
    body: list,
    ...(list instanceof ReadableStream ? { duplex: 'half' as const } : {}),
  });
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever the API answers; the test says what it expects
  return { status: response.status, body: (await response.json()) as any };
}

const list = (...outlines: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0"><head><title>Mine</title></head><body>\n${outlines.join('\n')}\n</body></opml>`;
const outline = (url: string, home?: string, title = 'A feed') =>
  `<outline type="rss" text="${title}" xmlUrl="${url}"${home === undefined ? '' : ` htmlUrl="${home}"`}/>`;
const feedByUrl = async (url: string): Promise<Feed | undefined> => {
  const { body } = await hub.api('GET', '/feeds?limit=200');
  return (body.items as Feed[]).find((feed) => feed.url === url);
};
const linesOf = async ({ id }: { id: string }, query = '') => {
  const { body } = await hub.api('GET', `/imports/${id}/lines${query}`);
  return importLinePageSchema.parse(body).items;
};

it('adds each feed with the partner of its home page, and reports each line', async () => {
  const { status, body } = await send(
    list(
      '<outline text="Folder">',
      outline('https://feeds.one.example/a', 'https://www.one.example/', 'One a'),
      outline('https://feeds.one.example/b', 'http://one.example/blog', 'One b'),
      '</outline>',
      outline('https://two.example/feed'),
      outline('https://two.example/feed', 'https://two.example/', 'again'),
      outline('nothing'),
    ),
  );
  expect(status).toBe(200);
  expect(importSchema.parse(body)).toEqual(body);
  expect(body).toMatchObject({ status: 'done', title: 'Mine', error: null, added: 3, alreadyHere: 1, failed: 1 });
  expect(body.bytes.read).toBe(body.bytes.total);
  const a = await feedByUrl('https://feeds.one.example/a');
  expect(a).toMatchObject({ title: 'One a', nextFetchReason: 'just imported', partner: { slug: 'one-example' } });
  expect((await feedByUrl('https://feeds.one.example/b'))?.partner).toEqual(a?.partner);
  expect(await linesOf(body as { id: string })).toMatchObject([
    { position: 1, line: 4, outcome: 'added', url: 'https://feeds.one.example/a', feedId: a?.id, reason: null },
    { position: 2, line: 5, outcome: 'added', title: 'One b' },
    { position: 3, line: 7, outcome: 'added' },
    { position: 4, line: 8, outcome: 'already-here', reason: 'it stands in the list before' },
    { position: 5, line: 9, outcome: 'failed', url: 'nothing', feedId: null, reason: 'xmlUrl is not a URL' },
  ]);
  expect(await linesOf(body as { id: string }, '?outcome=failed')).toHaveLength(1);
  expect((await hub.api('GET', '/imports')).body.items[0].id).toBe(body.id);
  expect((await hub.api('GET', `/imports/${body.id}/lines?outcome=odd`)).status).toBe(400);
});

it('can be repeated, and leaves alone what was retired', async () => {
  const text = list(outline('https://repeat.example/1'), outline('https://repeat.example/2'));
  expect((await send(text)).body).toMatchObject({ added: 2, alreadyHere: 0 });
  const first = await feedByUrl('https://repeat.example/1');
  await hub.api('DELETE', `/feeds/${first?.id}`);
  const { body } = await send(text);
  expect(body).toMatchObject({ added: 0, alreadyHere: 2, failed: 0 });
  expect(await linesOf(body as { id: string })).toMatchObject([
    { outcome: 'already-here', feedId: first?.id, reason: expect.stringContaining('retired') },
    { outcome: 'already-here', reason: null },
  ]);
});

it('shares partners with earlier imports, and gives sites whose names collide partners of their own', async () => {
  const { body: operators } = await hub.api('POST', '/partners', { name: 'Named', slug: 'site-a-example' });
  await send(list(outline('https://site-a.example/1'), outline('https://site.a.example/1')));
  await send(list(outline('https://site-a.example/2')));
  const [first, second, other] = await Promise.all(
    ['https://site-a.example/1', 'https://site-a.example/2', 'https://site.a.example/1'].map(feedByUrl),
  );
  expect(first?.partner).toEqual(second?.partner);
  expect(new Set([first?.partner.slug, other?.partner.slug, operators.slug]).size).toBe(3);
});

it('lets no list give a feed to a partner whom an operator named, but one of the same site', async () => {
  const { body: partner } = await hub.api('POST', '/partners', {
    name: 'Trusted',
    siteUrl: 'https://trusted.example/',
  });
  await sql`UPDATE partners SET home_key = 'trusted.example' WHERE id = ${partner.id}`.execute(hub.database.db);
  await send(
    list(
      outline('https://evil.example/feed', 'https://trusted.example/'),
      outline('https://feeds.trusted.example/x', 'https://www.trusted.example/x'),
    ),
  );
  expect((await feedByUrl('https://evil.example/feed'))?.partner.slug).not.toBe(partner.slug);
  const later = list(outline('https://trusted.example/y'));
  await send(later);
  expect((await feedByUrl('https://trusted.example/y'))?.partner.slug).toBe(partner.slug);
});

it.each([
  [
    'ISO 8859-1 by its declaration',
    iconv.encode(
      '<?xml version="1.0" encoding="ISO-8859-1"?><opml><body><outline text="Caf\u00e9" xmlUrl="https://latin.example/"/></body></opml>',
      'latin1',
    ),
    'https://latin.example/',
  ],
  [
    'UTF-16 with its mark',
    iconv.encode('<opml><body><outline text="Caf\u00e9" xmlUrl="https://wide.example/"/></body></opml>', 'utf-16le', {
      addBOM: true,
    }),
    'https://wide.example/',
  ],
  [
    'UTF-8 with a wrong declaration',
    Buffer.from(
      '<?xml version="1.0" encoding="ISO-8859-1"?><opml><body><outline text="Caf\u00e9" xmlUrl="https://wrong.example/"/></body></opml>',
    ),
    'https://wrong.example/',
  ],
])('reads %s', async (_, bytes, url) => {
  expect((await send(bytes, 'application/xml')).body).toMatchObject({ added: 1 });
  expect((await feedByUrl(url))?.title).toBe('Café');
});

it.each([
  ['nothing', '', 'empty'],
  ['a feed', '<rss version="2.0"><channel/></rss>', 'a feed: add its address'],
  ['a page', '<!doctype html><html></html>', 'a web page'],
  ['JSON', '{}', 'no XML'],
  ['a list without feeds', '<opml><body><outline text="x"/></body></opml>', 'no feed'],
])('refuses %s', async (_, text, why) => {
  const { status, body } = await send(text);
  expect([status, body.type]).toEqual([422, 'urn:dateline:problem:no-opml']);
  expect(body.detail).toContain(why);
});

it('imports what stands before a cut, and says so', async () => {
  const { status, body } = await send(
    '<opml><body><outline xmlUrl="https://cut.example/1"/><outline xmlUrl="https://cut.ex',
  );
  expect(status).toBe(200);
  expect(body).toMatchObject({ status: 'failed', error: expect.stringContaining('ends in the middle') });
  expect(await feedByUrl('https://cut.example/1')).toBeDefined();
});

it('takes lists only where they belong, and only as lists', async () => {
  expect((await send('{}', 'application/json')).status).toBe(415);
  const response = await fetch(`${hub.url}/api/v1/feeds`, {
    method: 'POST',
    headers: { authorization: `Bearer ${hub.token}`, 'content-type': 'text/x-opml' },
    body: list(),
  });
  expect(response.status).toBe(415);
});

it('imports a long list as it arrives, spread over time, in a steady memory, and pages through the report', async () => {
  const count = 20_000;
  let sent = 0;
  const upload = new ReadableStream({
    pull(controller) {
      if (sent === 0) controller.enqueue(Buffer.from('<opml><body>'));
      if (sent === count) {
        controller.enqueue(Buffer.from('</body></opml>'));
        controller.close();
        return;
      }
      const lines = Array.from({ length: 1_000 }, (_, n) =>
        outline(`https://h${(sent + n) % 3_000}.many.example/${sent + n}`),
      );
      sent += 1_000;
      controller.enqueue(Buffer.from(lines.join('\n')));
    },
  });
  const { body: started } = await send(upload);
  const done = await until('the import is done', async () => {
    const { body } = await hub.api('GET', `/imports/${started.id}`);
    return body.status === 'done' ? (body as { added: number }) : false;
  });
  expect(done).toMatchObject({ added: count, alreadyHere: 0, failed: 0 });
  const { rows } = await sql<{ feeds: number; partners: number; spread: number }>`
    SELECT count(*) AS feeds, count(DISTINCT partner_id) AS partners,
           extract(epoch FROM max(next_fetch_at) - min(next_fetch_at))::float AS spread
      FROM feeds WHERE url LIKE 'https://%.many.example/%'`.execute(hub.database.db);
  expect(rows[0]).toMatchObject({ feeds: count, partners: 3_000 });
  expect(rows[0]?.spread).toBeGreaterThan(900);
  const first = (await hub.api('GET', `/imports/${started.id}/lines?limit=200`)).body;
  const second = (await hub.api('GET', `/imports/${started.id}/lines?limit=200&cursor=${first.nextCursor}`)).body;
  expect([first.items[0].position, second.items[0].position]).toEqual([1, 201]);
});

it('shows an import whose process is gone as interrupted; repeating it completes', async () => {
  const imports = new ImportRepository(hub.database);
  const id = await imports.start(1_000);
  expect((await hub.api('GET', `/imports/${id}`)).body.status).toBe('running');
  await sql`UPDATE imports SET progress_at = now() - interval '1 minute' WHERE id = ${id}`.execute(hub.database.db);
  expect((await hub.api('GET', `/imports/${id}`)).body).toMatchObject({
    status: 'interrupted',
    error: expect.stringContaining('Import the same list again'),
  });
});

it('exports what an import elsewhere reads again', async () => {
  await send(
    list(
      outline(
        'https://round.example/?a=1&amp;b=2',
        'https://round.example/',
        '&lt;Round &amp; "trip"'.replaceAll('"', '&quot;'),
      ),
    ),
  );
  const response = await fetch(`${hub.url}/api/v1/opml`, { headers: { authorization: `Bearer ${hub.token}` } });
  const exported = await response.text();
  expect(response.headers.get('content-type')).toBe('text/x-opml; charset=utf-8');
  expect(exported).toContain('<outline text="round.example">');
  const other = await testConsole();
  try {
    const sent = await fetch(`${other.url}/api/v1/opml`, {
      method: 'POST',
      headers: { authorization: `Bearer ${other.token}`, 'content-type': 'text/x-opml' },
      body: exported,
    });
    const imported = (await sent.json()) as { id: string };
    await until(
      'the import is done',
      async () => (await other.api('GET', `/imports/${imported.id}`)).body.status === 'done',
    );
    const facts = async ({ database }: TestConsole) => {
      const { rows } = await sql<{ url: string }>`
        SELECT url, title, site_url FROM feeds WHERE status <> 'retired' AND url NOT LIKE '%many.example%' ORDER BY url`.execute(
        database.db,
      );
      return rows;
    };
    const here = (await facts(hub)).map(({ url }) => url);
    expect((await facts(other)).map(({ url }) => url)).toEqual(here);
    const [round] = (await facts(other)).filter(({ url }) => url.includes('round'));
    expect(round).toEqual({
      url: 'https://round.example/?a=1&b=2',
      title: '<Round & "trip"',
      site_url: 'https://round.example/',
    });
  } finally {
    await other.close();
  }
});
