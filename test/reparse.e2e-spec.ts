/** Stored documents are read again in a whole hub: a kill in the middle loses nothing and repeats nothing. */
import { sql } from 'kysely';
import { testDatabase, type TestDatabase } from './support/database.js';
import { Hub } from './support/hub.js';
import { PartnerSite } from './support/partner-site.js';
import { RedisProcess } from './support/redis-process.js';
import { until } from './support/until.js';

const FEEDS = 60;
const ITEMS = 5;

interface Run {
  id: string;
  status: string;
  documents: number;
  itemsChanged: number;
  itemsNew: number;
  errors: number;
}

describe('reading stored documents again', () => {
  let test: TestDatabase;
  let redis: RedisProcess;
  let site: PartnerSite;
  let hub: Hub;

  beforeAll(async () => {
    test = await testDatabase();
    redis = await RedisProcess.start();
    site = await PartnerSite.start();
    hub = await Hub.start({ databaseUrl: test.url, redisUrl: redis.url });
  });
  afterAll(async () => {
    await hub?.stop();
    await site?.close();
    await redis?.close();
    await test?.drop();
  });

  const count = async (condition: string): Promise<number> =>
    (await sql<{ n: number }>`SELECT count(*) AS n FROM items WHERE ${sql.raw(condition)}`.execute(test.database.db))
      .rows[0]?.n ?? -1;
  const run = async (id: string) => (await hub.api<Run>('GET', `/reparse/${id}`)).body;

  it('repairs every item once, although its process is killed', async () => {
    for (let feed = 0; feed < FEEDS; feed++) {
      const items = Array.from({ length: ITEMS }, (_, number) => ({
        guid: `urn:${feed}:${number}`,
        url: `https://p.example/${feed}/${number}`,
        title: `Report ${feed}.${number}`,
        body: `The text of report ${number} of desk ${feed}, which says more than its title does.`,
        publishedAt: new Date(),
      }));
      site.publish(`feed-${feed}`, ...items);
      expect((await hub.api('POST', '/feeds', { url: site.feedUrl(`feed-${feed}`), partner: 'Desk' })).status).toBe(
        201,
      );
    }
    await until('all is processed', async () => (await count(`state = 'in-story'`)) === FEEDS * ITEMS);
    // As if an older reader had lost all titles.
    await sql`UPDATE items SET parsed = parsed || '{"title": "lost"}', content_hash = '\\x00'`.execute(
      test.database.db,
    );

    const { body } = await hub.api<Run>('POST', '/reparse', {});
    await until('some documents are read', async () => (await run(body.id)).documents >= 3);
    for (const { pid } of await hub.processes()) process.kill(pid, 'SIGKILL');
    expect(await count(`parsed->>'title' = 'lost'`)).toBeGreaterThan(0);
    await hub.ready();
    const done = await until('the run is done', async () => {
      const now = await run(body.id);
      return now.status === 'done' ? now : undefined;
    });
    expect(done).toMatchObject({ documents: FEEDS, itemsChanged: FEEDS * ITEMS, itemsNew: 0, errors: 0 });
    await until('all is processed again', async () => (await count('processed_version < version')) === 0);
    expect(await count(`version = 2 AND state = 'in-story' AND parsed->>'title' LIKE 'Report %'`)).toBe(FEEDS * ITEMS);

    const again = (await hub.api<Run>('POST', '/reparse', {})).body;
    await until('the second run is done', async () => (await run(again.id)).status === 'done');
    expect(await run(again.id)).toMatchObject({ documents: FEEDS, itemsChanged: 0, itemsNew: 0 });
    expect(await count('version > 2')).toBe(0);
  }, 240_000);
});
