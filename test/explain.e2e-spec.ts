/** Related stories and reprocessing in a whole hub: found beside the intake, shown to readers, and safe from kills. */
import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { projectFile } from '#config/project-file.js';
import { testDatabase, type TestDatabase } from './support/database.js';
import { Hub } from './support/hub.js';
import { PartnerSite } from './support/partner-site.js';
import { RedisProcess } from './support/redis-process.js';
import { until } from './support/until.js';

interface Line {
  id: string;
  partner: string;
  title: string;
  text: string;
  cluster: string;
}

interface Run {
  id: string;
  status: string;
  items: number;
  itemsChanged: number;
  changes: Record<string, number>;
}

const LINES = readFileSync(projectFile('bench/corpus/related-events.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Line);

describe('what the processor finds out beside the intake', () => {
  let test: TestDatabase;
  let redis: RedisProcess;
  let site: PartnerSite;
  let hub: Hub;

  beforeAll(async () => {
    test = await testDatabase();
    redis = await RedisProcess.start();
    site = await PartnerSite.start();
    hub = await Hub.start({ databaseUrl: test.url, redisUrl: redis.url });
    for (const partner of new Set(LINES.map((line) => line.partner))) {
      const name = partner.toLowerCase().replaceAll(' ', '-');
      const items = LINES.filter((line) => line.partner === partner).map(({ id, title, text }) => ({
        guid: `urn:event:${id}`,
        url: `https://p.example/${id}`,
        title,
        body: text,
        publishedAt: new Date(),
      }));
      site.publish(name, ...items);
      expect((await hub.api('POST', '/feeds', { url: site.feedUrl(name), partner })).status).toBe(201);
    }
    await until('all are stories', async () => (await count('SELECT count(*) AS n FROM stories')) === LINES.length);
  }, 180_000);
  afterAll(async () => {
    await hub?.stop();
    await site?.close();
    await redis?.close();
    await test?.drop();
  });

  const count = async (query: string): Promise<number> =>
    (await sql<{ n: number }>`${sql.raw(query)}`.execute(test.database.db)).rows[0]?.n ?? -1;

  it('relates stories on one event, and shows them on the page', async () => {
    await until(
      'nothing waits to be compared',
      async () => (await count('SELECT count(*) AS n FROM story_cluster_queue')) === 0,
    );
    const quakes = LINES.filter(({ cluster }) => cluster === 'quake-valdoria');
    const { body: found } = await hub.api<{ items: { id: string; url: string }[] }>(
      'GET',
      `/stories?q=${encodeURIComponent(quakes[0]?.title ?? '')}`,
    );
    const [story] = found.items;
    const { body } = await hub.api<{ related: { stories: { title: string }[] } }>('GET', `/stories/${story?.id ?? ''}`);
    const titles = body.related.stories.map(({ title }) => title);
    expect(titles).toEqual(expect.arrayContaining(quakes.slice(1).map(({ title }) => title)));
    await until('readers see them', async () => {
      const page = await (await fetch(story?.url ?? '')).text();
      return page.includes('Related stories') && page.includes(quakes[1]?.title ?? '?');
    });
  });

  it('processes every item again once, although its process is killed', async () => {
    // As if the language had never been found out.
    await sql`UPDATE stories SET language = NULL`.execute(test.database.db);
    const run = async (id: string) => (await hub.api<Run>('GET', `/reprocessings/${id}`)).body;
    const done = async (id: string) =>
      until('the run is done', async () => {
        const now = await run(id);
        return now.status === 'done' ? now : undefined;
      });
    const dry = await done((await hub.api<Run>('POST', '/reprocessings', { dryRun: true })).body.id);
    expect(dry).toMatchObject({ itemsChanged: LINES.length, changes: { language: LINES.length } });
    expect(await count('SELECT count(*) AS n FROM stories WHERE language IS NULL')).toBe(LINES.length);

    const { body } = await hub.api<Run>('POST', '/reprocessings', {});
    await until('some items are done', async () => (await run(body.id)).items > 0);
    for (const { pid } of await hub.processes()) process.kill(pid, 'SIGKILL');
    await hub.ready();
    expect(await done(body.id)).toMatchObject({ itemsChanged: LINES.length, changes: { language: LINES.length } });
    expect(await count('SELECT count(*) AS n FROM stories WHERE language IS NULL')).toBe(0);
    const again = await done((await hub.api<Run>('POST', '/reprocessings', {})).body.id);
    expect(again).toMatchObject({ items: LINES.length, itemsChanged: 0 });
  }, 240_000);
});
