/** The overview shows what fails first, escapes what partners wrote, and needs no script. */
import { sql } from 'kysely';
import { testConsole, type TestConsole } from '../../../../test/support/console.js';
import { seedDelivery, seedStory } from '../../../../test/support/story-seed.js';
import { html } from './html.js';

let hub: TestConsole;
beforeAll(async () => {
  hub = await testConsole();
});
afterAll(() => hub?.close());

async function overview(): Promise<{ text: string; headers: Headers }> {
  const response = await fetch(`${hub.url}/`, { headers: { authorization: `Bearer ${hub.token}` } });
  expect(response.status).toBe(200);
  return { text: await response.text(), headers: response.headers };
}

it('says that the demo runs and how to add a feed while there is nothing', async () => {
  const { text } = await overview();
  expect(text).toContain('The demo is running');
  expect(text).toContain('feeds add URL');
});

it('puts failing feeds and deliveries first, escaped', async () => {
  const { body: well } = await hub.api('POST', '/feeds', { url: 'https://well.example/feed' });
  const { body: ill } = await hub.api('POST', '/feeds', { url: 'https://ill.example/feed' });
  await hub.api('POST', '/feeds', { url: 'https://newer.example/feed' });
  await sql`UPDATE feeds SET last_error_class = 'timeout', last_error = ${'no <b>answer</b>'}, consecutive_failures = 3,
    title = ${'<script>alert(1)</script>'}, last_fetched_at = now() WHERE id = ${ill.id}`.execute(hub.database.db);
  const story = await seedStory(hub.database, { partnerId: well.partnerId, feedId: well.id });
  const { body: endpoint } = await hub.api('POST', '/endpoints', { url: 'https://partner.example/hook' });
  await seedDelivery(hub.database, story, endpoint.id as string);

  const { text, headers } = await overview();
  expect(text).not.toContain('The demo is running');
  expect(text.indexOf('https://ill.example/feed')).toBeLessThan(text.indexOf('https://newer.example/feed'));
  expect(text).toContain('no &lt;b&gt;answer&lt;/b&gt;');
  expect(text).toContain('answered 500');
  expect(text).not.toContain('<script');
  // On a narrow screen tables scroll by themselves, also by keyboard.
  expect(text.match(/<div class="scroll" role="region" aria-labelledby="\w+" tabindex="0">/g)).toHaveLength(2);
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
  expect(headers.get('cache-control')).toBe('no-store');
});

it('says when a delivery is tried again, and not that it is now while nothing is sent to its endpoint', async () => {
  const { body: feed } = await hub.api('POST', '/feeds', { url: 'https://circuit.example/feed' });
  const story = await seedStory(hub.database, { partnerId: feed.partnerId, feedId: feed.id });
  const { body: endpoint } = await hub.api('POST', '/endpoints', { url: 'https://circuit.example/hook' });
  await seedDelivery(hub.database, story, endpoint.id as string);
  await sql`UPDATE deliveries SET status = 'pending', attempts = 1, finished_at = NULL, next_attempt_at = now() - interval '1 minute'
    WHERE endpoint_id = ${endpoint.id}`.execute(hub.database.db);
  const cell = async () => /circuit\.example\/hook[\s\S]*?<td class="n">([^<]*)</.exec((await overview()).text)?.[1];
  expect(await cell()).toBe('now');
  await sql`UPDATE endpoints SET circuit_until = now() + interval '8 minutes' WHERE id = ${endpoint.id}`.execute(
    hub.database.db,
  );
  expect(await cell()).toBe('in 8 min (its circuit is open)');
  await hub.api('PATCH', `/endpoints/${endpoint.id}`, { status: 'paused' });
  expect(await cell()).toBe('the endpoint is paused');
});

it('escapes by default', () => {
  const list = ['<', html`<b>${'"'}</b>`, null, 3];
  expect(html`<p>${list}</p>`.text).toBe('<p>&lt;<b>&quot;</b>3</p>');
});
