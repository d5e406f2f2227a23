/** Topic mappings and the classifier through the API on a real database. */
import { testConsole, type TestConsole } from '../../../../test/support/console.js';
import { addPartner, receive } from '../../../../test/support/partners-items.js';
import { classifierSchema } from './classifier.schemas.js';
import { topicMappingPageSchema, topicPageSchema, unmappedPageSchema } from './topics.schemas.js';

let hub: TestConsole;
beforeAll(async () => {
  hub = await testConsole();
});
afterAll(() => hub?.close());

const items = (count: number, ...terms: string[]) =>
  Array.from({ length: count }, (_, index) => ({ title: `t${index}`, categories: terms.map((term) => ({ term })) }));

describe('/topics', () => {
  it('finds topics by what newsrooms call them, page by page', async () => {
    const found = await hub.api('GET', '/topics?q=football&limit=1');
    expect(topicPageSchema.parse(found.body)).toEqual(found.body);
    expect(found.body.items).toEqual([{ code: 'medtop:20001065', name: 'soccer', broader: 'medtop:20000822' }]);
    const next = await hub.api('GET', `/topics?q=football&limit=50&cursor=${found.body.nextCursor}`);
    expect(next.body.items[0].name).toBe('American football');
    expect((await hub.api('GET', '/topics')).body.items).toHaveLength(50);
  });
});

describe('/topic-mappings', () => {
  it('says what a category means, once however it is written, and forgets it', async () => {
    const { partnerId } = await addPartner(hub.database, 'Mapped Gazette');
    const put = await hub.api('PUT', '/topic-mappings', { category: 'Footy & More', topic: 'Fußball' });
    expect(put).toMatchObject({ status: 200, body: { partnerId: null, topic: { name: 'soccer' } } });
    const again = await hub.api('PUT', '/topic-mappings', { category: 'footy AND more', topic: 'medtop:15000000' });
    expect(again.body).toMatchObject({ id: put.body.id, category: 'footy AND more', topic: { name: 'sport' } });
    const own = await hub.api('PUT', '/topic-mappings', { category: 'Footy & More', topic: null, partnerId });
    expect(own.body).toMatchObject({ partnerId, topic: null });

    const all = await hub.api('GET', '/topic-mappings');
    expect(topicMappingPageSchema.parse(all.body)).toEqual(all.body);
    expect(all.body.items).toHaveLength(2);
    expect((await hub.api('GET', `/topic-mappings?partnerId=${partnerId}&q=footy`)).body.items).toEqual([own.body]);
    expect((await hub.api('GET', '/topic-mappings?partnerId=none')).body.items).toEqual([again.body]);
    expect((await hub.api('GET', `/topic-mappings/${own.body.id}`)).body).toEqual(own.body);

    for (const { id } of [own.body, again.body])
      expect((await hub.api('DELETE', `/topic-mappings/${id}`)).status).toBe(204);
    expect((await hub.api('DELETE', `/topic-mappings/${own.body.id}`)).status).toBe(404);
  });

  it.each([
    [{ category: 'x', topic: 'no such topic' }, 'topic: names no topic; GET /api/v1/topics?q= finds codes and names'],
    [{ category: '?!', topic: 'sport' }, 'category: must have a letter or a digit'],
    [{ category: 'x' }, 'topic: is required'],
    [
      { category: 'x', topic: 'sport', partnerId: '0198a6f5-2222-7000-8000-000000000000' },
      'partnerId: there is no such partner; GET /api/v1/partners lists them',
    ],
  ])('refuses %j', async (body, detail) => {
    expect(await hub.api('PUT', '/topic-mappings', body)).toMatchObject({ status: 400, body: { detail } });
  });

  it('lists the categories that name no topic, the most frequent first, with what they may mean', async () => {
    const [one, two] = [await addPartner(hub.database, 'One'), await addPartner(hub.database, 'Two')];
    await receive(hub.database, one, [...items(3, 'Harbour Football/Sport', 'News'), ...items(2, 'Kelso Bay')]);
    await receive(hub.database, two, [...items(2, 'kelso bay', 'Sport'), ...items(1, 'https://a.example/x')]);
    const { body } = await hub.api('GET', '/topic-mappings/unmapped');
    expect(unmappedPageSchema.parse(body)).toEqual(body);
    expect(body.items).toMatchObject([
      {
        category: 'Kelso Bay',
        items: 4,
        partners: [
          { name: 'One', items: 2 },
          { name: 'Two', items: 2 },
        ],
      },
      { category: 'Harbour Football', items: 3, suggestions: [{ name: 'soccer' }] },
    ]);
    await hub.api('PUT', '/topic-mappings', { category: 'Kelso Bay', topic: null, partnerId: one.partnerId });
    await hub.api('PUT', '/topic-mappings', { category: 'Harbour Football/Sport', topic: 'soccer' });
    expect((await hub.api('GET', '/topic-mappings/unmapped')).body.items).toMatchObject([
      { category: 'kelso bay', items: 2, partners: [{ name: 'Two' }] },
    ]);
    expect((await hub.api('GET', `/topic-mappings/unmapped?partnerId=${one.partnerId}`)).body.items).toEqual([]);
  });
});

describe('/classifier', () => {
  it('says why it is off, can be switched, and is trained on demand', async () => {
    const { body } = await hub.api('GET', '/classifier');
    expect(classifierSchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      on: false,
      enabled: true,
      why: 'nothing was trained yet',
      training: false,
      versions: [],
    });
    expect((await hub.api('PATCH', '/classifier', { enabled: false })).body).toMatchObject({
      enabled: false,
      why: 'an operator has switched it off',
    });
    expect((await hub.api('POST', '/classifier/train')).body.wantedAt).toMatch(/^20/);
    expect((await hub.api('PATCH', '/classifier', {})).status).toBe(400);
  });
});
