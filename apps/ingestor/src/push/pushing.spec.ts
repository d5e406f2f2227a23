/** The whole ingestor is pushed to by hubs, good and bad; falls back to polls, and leaves. */
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { FeedAdminRepository } from '#storage/feed-admin.repository.js';
import { FeedSettingsRepository } from '#storage/feed-settings.repository.js';
import { FollowedHubRepository } from '#storage/followed-hub.repository.js';
import { testConfig } from '../../../../test/support/config.js';
import { type PushRoom, pushRoom } from '../../../../test/support/push-room.js';
import { until } from '../../../../test/support/until.js';
import { atomDocument } from '../../../../test/support/websub-hub.js';
import { startIngestor } from '../bootstrap.js';

let room: PushRoom;
beforeAll(async () => {
  room = await pushRoom();
});
afterAll(() => room?.close());

describe('being pushed to', () => {
  test('what is pushed goes the way of what is fetched, and leaves the poll alone', async () => {
    const { feedId, push, path } = await room.subscribed();
    const before = await room.feedRow(feedId);
    expect(await push(['two'])).toBe(204);
    expect(await room.items(feedId)).toBe(2);
    const after = await room.feedRow(feedId);
    for (const field of [
      'etag',
      'last_modified',
      'title',
      'next_fetch_at',
      'next_fetch_reason',
      'last_fetch_id',
    ] as const)
      expect([field, after[field]]).toEqual([field, before[field]]);
    expect(after.body_hash?.equals(before.body_hash ?? Buffer.of())).toBe(true);
    expect(after.enqueued_at).toBeNull();
    const fetches = await room.t.database.db
      .selectFrom('fetches')
      .selectAll()
      .where('feed_id', '=', feedId)
      .orderBy('id')
      .execute();
    expect(fetches.map(({ kind, items_new, outcome }) => [kind, items_new, outcome])).toEqual([
      ['poll', 1, 'changed'],
      ['push', 1, 'changed'],
    ]);
    const batch = await room.t.database.db
      .selectFrom('item_batches')
      .selectAll()
      .where('fetch_id', '=', fetches[1]?.id ?? '')
      .execute();
    expect(batch).toHaveLength(1);
    await until(
      'push is proven',
      async () =>
        (await room.feedRow(feedId)).push_until?.getTime() ===
        (await room.subscriptions(feedId))[0]?.lease_until?.getTime(),
    );
    expect((await room.pushView(feedId))?.lastPushAt).not.toBeNull();
    // Known by now: neither a repeated push nor the next poll stores it again.
    expect(await push(['two'])).toBe(204);
    room.hub.documents.set(path, {
      body: atomDocument({
        hub: `${room.hub.origin}/hub`,
        self: `${room.hub.origin}${path}`,
        ids: [`${path}-one`, `${path}-two`],
      }),
    });
    await room.pollNow(feedId, path);
    expect(await room.items(feedId)).toBe(2);
    expect((await room.subscriptions(feedId))[0]?.misses).toBe(0);
  });

  test('a document that comes twice is stored once', async () => {
    const { feedId, asked, path } = await room.subscribed();
    const pushed = atomDocument({ ids: [`${path}-two`] });
    expect(await room.hub.push(asked, pushed)).toBe(204);
    expect(await room.hub.push(asked, pushed)).toBe(204);
    const documents = await room.t.database.db
      .selectFrom('documents')
      .select('id')
      .where('feed_id', '=', feedId)
      .execute();
    expect(documents).toHaveLength(2);
    const metrics = await (await fetch(`${room.callbackUrl}/metrics`)).text();
    expect(metrics).toMatch(/dateline_push_received_total\{outcome="repeated"\} 1/);
  });

  test('a hub that pushes what a poll was faster to bring works', async () => {
    const { feedId, asked, topic, path } = await room.subscribed();
    const misses = async () => (await room.subscriptions(feedId))[0]?.misses;
    for (const id of ['two', 'three', 'four']) {
      const body = atomDocument({ hub: `${room.hub.origin}/hub`, self: topic, ids: [`${path}-${id}`] });
      room.hub.documents.set(path, { body });
      await room.pollNow(feedId, path);
      await until('the miss is counted', async () => (await misses()) === 1);
      expect(await room.hub.push(asked, body)).toBe(204);
      await until('the push is noted', async () => (await misses()) === 0);
    }
    expect((await room.subscriptions(feedId))[0]).toMatchObject({ state: 'active', proven: true });
  });

  test('a push that comes again after a newer one does not bring back what was corrected', async () => {
    const { feedId, asked, path } = await room.subscribed();
    const written = (headline: string, minutesAgo: number) =>
      atomDocument({
        ids: [`${path}-two`],
        headline,
        updated: new Date(Date.now() - minutesAgo * 60_000).toISOString(),
      });
    const [first, corrected] = [written('Wrong', 10), written('Right', 5)];
    for (const body of [first, corrected, first]) expect(await room.hub.push(asked, body)).toBe(204);
    const { parsed, version } = await room.t.database.db
      .selectFrom('items')
      .select(['parsed', 'version'])
      .where('feed_id', '=', feedId)
      .where('identity_key', '=', `urn:test:${path}-two`)
      .executeTakeFirstOrThrow();
    expect(parsed.title).toBe(`Right ${path}-two`);
    expect(version).toBe(2);
    const { problems } = await room.t.database.db
      .selectFrom('fetches')
      .select('problems')
      .where('feed_id', '=', feedId)
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow();
    expect(problems).toEqual([
      { code: 'older-items', message: '1 pushed items are older than what is known of them; they change nothing' },
    ]);
    // The partner's own document has the last word.
    room.hub.documents.set(path, { body: written('Restored', 8) });
    await room.pollNow(feedId, path);
    const restored = await room.t.database.db
      .selectFrom('items')
      .select('parsed')
      .where('feed_id', '=', feedId)
      .where('identity_key', '=', `urn:test:${path}-two`)
      .executeTakeFirstOrThrow();
    expect(restored.parsed.title).toBe(`Restored ${path}-two`);
  });

  test('what the rules of a feed refuse is refused of a push too', async () => {
    const { feedId, push } = await room.subscribed();
    const rule = { action: 'block', field: 'any', operator: 'regex', value: '.' } as const;
    const settings = new FeedSettingsRepository(room.t.database, testConfig(room.t.url));
    await room.t.database.transaction((trx) => settings.change(trx, feedId, { rules: [rule] }));
    expect(await push(['two'])).toBe(204);
    const fetched = await room.t.database.db
      .selectFrom('fetches')
      .select(['items_new', 'items_blocked', 'blocked'])
      .where('feed_id', '=', feedId)
      .where('kind', '=', 'push')
      .executeTakeFirstOrThrow();
    expect(fetched).toEqual({
      items_new: 0,
      items_blocked: 1,
      blocked: [{ reason: 'blocked by rule 1: any field matches "."', items: 1 }],
    });
  });

  test.each(['sha1', 'sha256', 'sha384', 'sha512'])('%s signatures are accepted', async (method) => {
    const { feedId, push } = await room.subscribed();
    expect(await push(['two'], { method })).toBe(204);
    expect(await room.items(feedId)).toBe(2);
  });

  test('content without the right signature is ignored with success, and the feed says so', async () => {
    const { feedId, push } = await room.subscribed();
    expect(await push(['two'], { secret: 'guessed' })).toBe(202);
    expect(await push(['three'], { headers: {} })).toBe(202);
    expect(await push(['four'], { method: 'md5' })).toBe(202);
    expect(await room.items(feedId)).toBe(1);
    expect(await room.pushView(feedId)).toMatchObject({
      lastError: 'a push without the right signature was ignored',
      lastPushAt: null,
    });
    const metrics = await (await fetch(`${room.callbackUrl}/metrics`)).text();
    expect(metrics).toMatch(/dateline_push_received_total\{outcome="unsigned"\} 3/);
    expect(metrics).toMatch(/dateline_push_subscriptions\{state="active"\} \d+/);
  });

  test('many pushes at once, to several ingestors and while it is polled, are all stored', async () => {
    const { feedId, push, path } = await room.subscribed();
    const second = await startIngestor(
      testConfig(room.t.url, { ingestorPort: 0, callbackUrl: room.callbackUrl }),
      'ingestor',
    );
    try {
      const polling = room.pollNow(feedId, path);
      const arrives = async (index: number) => {
        const status = await push([`many-${index}`], { origin: index % 2 === 0 ? room.callbackUrl : second.url });
        expect([204, 503]).toContain(status);
        return status === 204;
      };
      const all = Array.from({ length: 24 }, (_, index) => until('there is room', () => arrives(index)));
      await Promise.all([...all, polling]);
      expect(await room.items(feedId)).toBe(25);
      expect((await room.feedRow(feedId)).enqueued_at).toBeNull();
    } finally {
      await second.close();
    }
  });

  test('slow pushes that take all places make room, one for each that comes', async () => {
    const feeds = await Promise.all(Array.from({ length: 8 }, () => room.subscribed()));
    const other = await room.subscribed();
    let answered = 0;
    const slow = feeds.flatMap(({ asked }) =>
      Array.from({ length: 8 }, () => {
        const request = httpRequest(asked.form.get('hub.callback') ?? '', { method: 'POST' });
        request
          .on('error', () => undefined)
          .on('response', (response) => {
            expect(response.statusCode).toBe(503);
            answered += 1;
          });
        request.write('<feed');
        return request;
      }),
    );
    try {
      await until('one has made room', async () => (await other.push(['room'])) === 204 && answered > 0);
      expect(answered).toBeLessThan(slow.length / 2);
    } finally {
      for (const request of slow) request.destroy();
    }
    await until('there is room again', async () => (await feeds[0]?.push(['after'])) === 204);
  });

  test('a body without end is cut off, and the process goes on', async () => {
    const { asked, push, feedId } = await room.subscribed();
    const endless = httpRequest(asked.form.get('hub.callback') ?? '', {
      method: 'POST',
      headers: { 'x-hub-signature': 'sha1=00' },
    });
    endless.on('error', () => undefined);
    const chunk = Buffer.alloc(256 * 1024, 'x');
    let sent = 0;
    const pour = () => {
      while (!endless.destroyed && sent < 64 * 1024 * 1024 && endless.write(chunk)) sent += chunk.length;
      if (!endless.destroyed) endless.once('drain', pour);
    };
    const answered = once(endless, 'response') as Promise<[{ statusCode: number }]>;
    pour();
    // Whoever still writes when the connection is cut may never come to read the answer.
    const status = await answered.then(
      ([{ statusCode }]) => statusCode,
      (error: { code: string }) => error.code,
    );
    expect([413, 'EPIPE', 'ECONNRESET']).toContain(status);
    endless.destroy();
    expect(sent).toBeLessThan(32 * 1024 * 1024);
    expect(await push(['two'])).toBe(204);
    expect(await room.items(feedId)).toBe(2);
  });

  test('what cannot be read is acknowledged and logged, and the feed is polled instead', async () => {
    const { feedId, asked, path } = await room.subscribed();
    await room.t.database.db
      .updateTable('feeds')
      .set({ last_fetched_at: new Date(Date.now() - 600_000) })
      .where('id', '=', feedId)
      .execute();
    const before = room.hub.polled.get(path) ?? 0;
    expect(await room.hub.push(asked, 'this is no feed', { contentType: 'text/plain' })).toBe(202);
    await until('it was polled', () => (room.hub.polled.get(path) ?? 0) > before);
    const [failed] = await room.t.database.db
      .selectFrom('fetches')
      .selectAll()
      .where('feed_id', '=', feedId)
      .where('kind', '=', 'push')
      .execute();
    expect(failed).toMatchObject({ outcome: 'failed', error_class: 'not-a-feed' });
  });

  test('who is not subscribed any more is told that it is gone', async () => {
    const { feedId, push } = await room.subscribed();
    await new FeedAdminRepository(room.t.database).retire(feedId);
    expect(await push(['two'])).toBe(410);
    expect(await room.items(feedId)).toBe(1);
  });
});

describe('falling back and leaving', () => {
  test('polls that find what was not pushed end the trust, then the subscription', async () => {
    const { feedId, push, path, serve } = await room.subscribed();
    expect(await push(['two'])).toBe(204);
    await until('push is proven', async () => (await room.feedRow(feedId)).push_until !== null);
    const misses: unknown[] = [];
    for (const id of ['three', 'four', 'five']) {
      serve('one', 'two', 'three', ...(id === 'three' ? [] : ['four']), ...(id === 'five' ? ['five'] : []));
      await room.pollNow(feedId, path);
      const seen = misses.length;
      misses.push(
        await until(
          'it is noticed',
          async () =>
            ((await room.subscriptions(feedId))[0]?.misses ?? 0) > seen && (await room.feedRow(feedId)).push_until,
        ),
      );
    }
    expect(misses).toEqual([null, null, null]);
    expect(await room.pushView(feedId)).toMatchObject({
      state: 'broken',
      reason: 'the hub did not push what the last 3 polls found',
    });
    const [row] = await room.subscriptions(feedId);
    expect(row?.next_action_at?.getTime()).toBeGreaterThan(Date.now() + 3_500_000);
    // A push after all heals it.
    expect(await push(['six'])).toBe(204);
    await room.inState(feedId, 'active');
  });

  test('a feed that is paused leaves its hub, and comes back when it is resumed', async () => {
    const { feedId, topic } = await room.subscribed();
    const admin = new FeedAdminRepository(room.t.database);
    await admin.update(feedId, { paused: true });
    await room.reconcile();
    await until('the hub was told', () => room.hub.askedFor(topic, 'unsubscribe').length === 1);
    await room.inState(feedId, 'ended');
    await admin.update(feedId, { paused: false });
    await room.reconcile();
    await until('the hub was asked again', () => room.hub.askedFor(topic).length === 2);
    await room.inState(feedId, 'active');
  });

  test('a feed that names another hub leaves the first, but not more often than every hour', async () => {
    const { feedId, path, topic, asked } = await room.subscribed();
    const move = (to: string) =>
      room.hub.documents.set(path, {
        body: atomDocument({ hub: `${room.hub.origin}${to}`, self: topic, ids: [`${path}-${to}`] }),
      });
    move('/hub/second');
    await room.pollNow(feedId, path);
    expect((await room.pushView(feedId))?.hub).toBe(`${room.hub.origin}/hub`);
    await room.t.database.db
      .updateTable('feed_subscriptions')
      .set({ created_at: new Date(Date.now() - 3_700_000) })
      .where('feed_id', '=', feedId)
      .execute();
    move('/hub/second?');
    await room.pollNow(feedId, path);
    await until('only the second is left', async () => {
      const rows = await room.subscriptions(feedId);
      return rows.length === 1 && rows[0]?.hub === `${room.hub.origin}/hub/second?` && rows[0]?.state === 'active';
    });
    expect(room.hub.askedFor(topic, 'unsubscribe').map(({ path: at }) => at)).toEqual(['/hub']);
    expect(await room.hub.push(asked, atomDocument({ ids: ['late'] }))).toBe(410);
  });

  test('an operator can do without pushes, and want them again', async () => {
    const { feedId, topic, push } = await room.subscribed();
    const hubs = new FollowedHubRepository(room.t.database);
    expect(await hubs.want(feedId, false)).toBe(true);
    expect(await push(['two'])).toBe(410);
    await room.inState(feedId, 'off');
    expect(room.hub.askedFor(topic, 'unsubscribe')).toHaveLength(1);
    await hubs.want(feedId, true);
    await room.inState(feedId, 'active');
  });
});
