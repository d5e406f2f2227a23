/** Stories, items, events, channels, endpoints and deliveries as the API shows and changes them. */
import { testConsole, type TestConsole } from '../../../../test/support/console.js';
import { SEED_DOCUMENT, seedDelivery, seedStory, type SeededStory } from '../../../../test/support/story-seed.js';
import { channelPreviewSchema } from './channel-preview.schemas.js';
import { deliveryDetailSchema } from './deliveries.schemas.js';
import { itemDetailSchema } from './items.schemas.js';
import { storyDetailSchema, storyPageSchema } from './stories.schemas.js';

let hub: TestConsole;
let story: SeededStory;
let feed: { id: string; partnerId: string };

beforeAll(async () => {
  hub = await testConsole();
  feed = (await hub.api('POST', '/feeds', { url: 'https://gazette.example/feed', partner: 'Gazette' }))
    .body as typeof feed;
  story = await seedStory(hub.database, { partnerId: feed.partnerId, feedId: feed.id });
  await seedStory(hub.database, {
    partnerId: feed.partnerId,
    feedId: feed.id,
    title: '100% of ferries late',
    tag: 'place/harbour',
  });
});
afterAll(() => hub?.close());

it.each(['stories', 'rules'])('a cursor of another list, or of what was removed, is refused by /%s', async (list) => {
  const foreign = Buffer.from('019a0000-0000-7000-8000-000000000001').toString('base64url');
  const { status, body } = await hub.api('GET', `/${list}?cursor=${foreign}`);
  expect([status, body.detail]).toEqual([400, expect.stringContaining('cursor: names no entry of this list')]);
});

describe('stories', () => {
  it('are listed with partners and tags', async () => {
    const { body } = await hub.api('GET', '/stories?limit=1');
    expect(storyPageSchema.parse(body)).toEqual(body);
    expect(body.items).toHaveLength(1);
    const second = await hub.api('GET', `/stories?limit=1&cursor=${body.nextCursor}`);
    expect(second.body.items[0]).toMatchObject({
      id: story.storyId,
      url: `${hub.config.publicUrl}/stories/${story.storyId}/storm`,
      partners: [{ slug: 'gazette', name: 'Gazette' }],
      tags: [{ scheme: 'topic', slug: 'weather', name: 'weather' }],
      items: 1,
    });
    expect(second.body.nextCursor).toBeNull();
  });

  it.each([
    ['q=storm', 1],
    ['q=100%25', 1],
    ['q=zebra', 0],
    ['q=%27%20OR%201%3D1--', 0],
    ['tag=topic/weather', 1],
    ['tag=topic/harbour', 0],
    ['partner=gazette', 2],
    ['partner=other', 0],
    ['language=en', 2],
    ['language=eng', 2],
    ['language=de', 0],
    ['status=published', 2],
    ['status=withdrawn', 0],
    ['since=2020-01-01T00:00:00Z', 2],
    ['since=2999-01-01T00:00:00%2B02:00', 0],
    ['q=storm&tag=topic/weather&partner=gazette&language=en&status=published', 1],
  ])('filter by %s', async (query, count) => {
    const { status, body } = await hub.api('GET', `/stories?${query}`);
    expect(status).toBe(200);
    expect(body.items).toHaveLength(count);
  });

  it('tell everything that is known of one', async () => {
    const { body } = await hub.api('GET', `/stories/${story.storyId}`);
    expect(storyDetailSchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      items: [
        { id: story.itemId, join: { rule: 'first', leading: true }, parsed: { title: 'Storm over the harbour' } },
      ],
      versions: [{ version: 1 }],
      tags: [{ slug: 'weather', source: 'partner category' }],
      events: [{ id: story.eventId, seq: story.seq, deliveries: { failed: 0 } }],
    });
  });
});

describe('items', () => {
  it('tell the way they took', async () => {
    const { body } = await hub.api('GET', `/items/${story.itemId}`);
    expect(itemDetailSchema.parse(body)).toEqual(body);
    expect(body.firstFetch).toMatchObject({ id: story.fetchId, outcome: 'changed' });
    expect((body.way as string[]).join('\n')).toMatch(
      /received from https:\/\/gazette.example\/feed by poll.*\n.*in-story.*\n.*made the story/,
    );
  });

  it.each([
    ['state=in-story', 2],
    ['state=held', 0],
    ['unprocessed=true', 0],
    ['unprocessed=false', 2],
  ])('filter by %s', async (query, count) => {
    expect((await hub.api('GET', `/items?${query}`)).body.items).toHaveLength(count);
  });

  it('give their document as a harmless download', async () => {
    const { status, headers, body } = await hub.api('GET', `/items/${story.itemId}/document`);
    expect(status).toBe(200);
    expect(body).toBe(SEED_DOCUMENT);
    expect(headers.get('content-type')).toMatch(/^text\/plain/);
    expect(headers.get('content-disposition')).toMatch(/^attachment/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain('sandbox');
  });
});

describe('events', () => {
  it('are read in order since a number', async () => {
    const all = await hub.api('GET', '/events');
    expect((all.body.items as { seq: number }[]).map(({ seq }) => seq)).toEqual([story.seq, story.seq + 1]);
    expect(all.body.items[0]).toMatchObject({ type: 'story.published', data: { story: { id: story.storyId } } });
    expect((await hub.api('GET', `/events?since=${story.seq}`)).body.items).toHaveLength(1);
    expect((await hub.api('GET', '/events?quiet=true')).body.items).toHaveLength(0);
    const { body } = await hub.api('GET', '/events?limit=1');
    expect((await hub.api('GET', `/events?limit=1&cursor=${body.nextCursor}`)).body.items[0].seq).toBe(story.seq + 1);
    expect((await hub.api('GET', `/events/${story.eventId}`)).body.seq).toBe(story.seq);
  });
});

describe('channels', () => {
  it('exist at once, once, and can be changed and removed', async () => {
    const { status, body } = await hub.api('POST', '/channels', {
      slug: 'weather',
      title: 'Weather',
      filter: { tags: ['topic/weather'] },
    });
    expect(status).toBe(201);
    expect(body.feeds.rss).toBe(`${hub.config.publicUrl}/feeds/weather.rss`);
    expect((await hub.api('POST', '/channels', { slug: 'weather', title: 'Again' })).body.id).toBe(body.id);
    expect((await hub.api('POST', '/channels', { slug: 'all', title: 'All' })).status).toBe(409);
    expect((await hub.api('POST', '/channels', { slug: 'Not So', title: 'x' })).status).toBe(400);
    expect((await hub.api('POST', '/channels', { slug: 'x', title: 'x', filter: { tags: ['sport'] } })).status).toBe(
      400,
    );
    const changed = await hub.api('PATCH', `/channels/${body.id}`, { filter: {}, language: 'en' });
    expect(changed.body).toMatchObject({ filter: {}, language: 'en', title: 'Weather' });
    await hub.api('POST', '/channels', { slug: 'second', title: 'Second' });
    const page = await hub.api('GET', '/channels?limit=1');
    expect((await hub.api('GET', `/channels?limit=1&cursor=${page.body.nextCursor}`)).body.items[0].slug).toBe(
      'weather',
    );
    expect((await hub.api('DELETE', `/channels/${body.id}`)).status).toBe(204);
    expect((await hub.api('GET', `/channels/${body.id}`)).status).toBe(404);
  });

  it('can be previewed, as a new one and as the draft of one that is there', async () => {
    const draft = { filter: { words: ['storm', 'ferries'], noTags: ['place/harbour'] } };
    const { status, body } = await hub.api('POST', '/channels/preview', draft);
    expect(status).toBe(200);
    expect(channelPreviewSchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({ looked: 2, fits: 1, joins: 1, leaves: 0, lets: { words: 2, noTags: 1 } });
    expect(body.stories).toMatchObject([
      { id: story.storyId, tags: ['topic/weather'], partners: ['gazette'], held: false },
    ]);
    const late = { slug: 'late', title: 'Late', filter: { tags: ['place/harbour'] } };
    const channel = (await hub.api('POST', '/channels', late)).body;
    const compared = await hub.api('POST', `/channels/${channel.id}/preview`, draft);
    expect(compared.body).toMatchObject({ fits: 1, joins: 1, leaves: 1 });
    const same = await hub.api('POST', `/channels/${channel.id}/preview`, { filter: late.filter, stories: 1 });
    expect(same.body).toMatchObject({ looked: 1, fits: 1, joins: 0, leaves: 0, stories: [{ held: true }] });
    expect((await hub.api('POST', '/channels/preview', { filter: {} })).body).toMatchObject({ fits: 2, lets: {} });
    expect((await hub.api('POST', `/channels/${story.storyId}/preview`, draft)).status).toBe(404);
  });

  it('keep their old slugs, which nobody else gets', async () => {
    const { body } = await hub.api('POST', '/channels', { slug: 'before', title: 'Moving' });
    expect(body).toMatchObject({ order: 'newest', size: 50, fullText: true, imageUrl: null, filling: false });
    const moved = await hub.api('PATCH', `/channels/${body.id}`, {
      slug: 'after',
      size: 10,
      imageUrl: 'https://n.example/i',
    });
    expect(moved.body).toMatchObject({
      slug: 'after',
      formerSlugs: ['before'],
      size: 10,
      imageUrl: 'https://n.example/i',
    });
    const taken = await hub.api('POST', '/channels', { slug: 'before', title: 'Again' });
    expect(taken).toMatchObject({
      status: 409,
      body: { type: 'urn:dateline:problem:channel-slug-redirects', id: body.id },
    });
  });

  it.each([
    [{ tags: ['sport'] }, 'filter.tags.0: a tag is written SCHEME/SLUG'],
    [{ allTags: ['topic/a'], noTags: ['topic/a'] }, 'filter.noTags.0: topic/a is wanted by another list'],
    [{ words: ['!?'] }, 'filter.words.0: has no letter and no digit'],
    [{ media: ['gif'] }, 'filter.media.0: must be one of image, audio, video'],
    [{ minPartners: 0 }, 'filter.minPartners'],
    [{ maxAgeHours: 'day' }, 'filter.maxAgeHours: must be'],
    [{ colour: 'red' }, 'filter.colour: unknown "colour"'],
  ])('refuse the filter %j and say why', async (filter, why) => {
    for (const [path, rest] of [
      ['/channels', { slug: 'wrong', title: 'x' }],
      ['/channels/preview', {}],
    ] as const) {
      const { status, body } = await hub.api('POST', path, { ...rest, filter });
      expect([status, body.type]).toEqual([400, 'urn:dateline:problem:invalid-request']);
      expect(body.detail).toContain(why);
    }
  });
});

describe('endpoints and deliveries', () => {
  it('show the secret once, the attempts always, and send again on request', async () => {
    const { status, body: endpoint } = await hub.api('POST', '/endpoints', {
      url: 'https://partner.example/hook',
      maxInFlight: 3,
    });
    expect(status).toBe(201);
    expect(endpoint.secret).toMatch(/^whsec_[A-Za-z0-9+/=]{32,}$/);
    expect(endpoint).toMatchObject({
      maxInFlight: 3,
      status: 'active',
      events: expect.arrayContaining(['story.published']),
    });
    expect((await hub.api('GET', `/endpoints/${endpoint.id}`)).body).not.toHaveProperty('secret');
    expect(JSON.stringify((await hub.api('GET', '/endpoints')).body)).not.toContain('whsec_');

    const id = await seedDelivery(hub.database, story, endpoint.id as string);
    const { body } = await hub.api('GET', `/deliveries/${id}`);
    expect(deliveryDetailSchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      status: 'failed',
      storyId: story.storyId,
      attemptTotal: 1,
      attemptLog: [{ httpStatus: 500, error: { class: 'status' }, response: 'Oh no\ufffd\ufffd[31m' }],
    });
    expect((await hub.api('GET', `/deliveries?endpointId=${endpoint.id}&status=failed`)).body.items).toHaveLength(1);
    expect((await hub.api('GET', '/deliveries?status=delivered')).body.items).toHaveLength(0);

    expect((await hub.api('PATCH', `/endpoints/${endpoint.id}`, { status: 'disabled' })).body.status).toBe('disabled');
    expect((await hub.api('POST', `/deliveries/${id}/retry`)).status).toBe(409);
    await hub.api('PATCH', `/endpoints/${endpoint.id}`, {
      status: 'active',
      events: ['story.published', 'story.published'],
    });
    const retried = await hub.api('POST', `/deliveries/${id}/retry`);
    expect([retried.status, retried.body.status]).toEqual([202, 'pending']);
    expect((await hub.api('GET', '/status')).body).toMatchObject({
      idle: false,
      deliveries: { pending: 1, failed: 0 },
    });
    expect((await hub.api('DELETE', `/endpoints/${endpoint.id}`)).status).toBe(204);
  });
});

describe('the rest', () => {
  it('counts', async () => {
    const { body } = await hub.api('GET', '/status');
    expect(body).toMatchObject({ partners: 1, stories: { published: 2 }, items: { total: 2, unprocessed: 0 } });
  });

  it('lists tags and fetches', async () => {
    const tags = await hub.api('GET', '/tags?scheme=place');
    expect(tags.body.items).toMatchObject([{ slug: 'harbour', stories: 1 }]);
    expect((await hub.api('GET', `/tags/${tags.body.items[0].id}`)).status).toBe(200);
    expect((await hub.api('GET', `/fetches?feedId=${feed.id}`)).body.items).toHaveLength(2);
    expect((await hub.api('GET', `/fetches/${story.fetchId}`)).body.correlationId).toBe('c_seed');
  });
});
