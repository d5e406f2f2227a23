/** Copies of one story arrive at once on many connections, by different keys and in different languages: always one story. */
import { Logger } from '@nestjs/common';
import { ProcessedItemRepository } from '#storage/processed-item.repository.js';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { testWriter } from '../../../../test/support/intake.js';
import { addPartner, receive, type TestFeed, type TestItem } from '../../../../test/support/partners-items.js';
import { cleanItem } from '../intake/clean-item.js';
import type { StoryWriter } from '../stories/story-writer.js';

const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 40);
/** In turns: a chunk of each worker has a copy of one story, or of several, in an order of its own. */
const ROUNDS_AT_ONCE = [1, 1, 8];
const PARTNERS = 6;

let t: TestDatabase;
let partners: TestFeed[];
let writers: StoryWriter[];
let items: ProcessedItemRepository;

beforeAll(async () => {
  Logger.overrideLogger(false);
  t = await testDatabase();
  items = new ProcessedItemRepository(t.database);
  partners = [];
  for (let i = 0; i < PARTNERS; i += 1) partners.push(await addPartner(t.database, `Racer ${i}`));
  writers = partners.map(() => testWriter(t.database));
});
afterAll(() => t?.drop());

const words = (round: number) => Array.from({ length: 30 }, (_, i) => `word${round}x${i}`).join(' ');

/** Copy `n` of a round's story: each shares some key with each other one. */
const copies: Record<string, (round: number, n: number) => TestItem> = {
  guid: (round, n) => ({ id: `tag:race.example,2026:${round}`, title: `Words of ${n}`, content: `<p>Short ${n}</p>` }),
  url: (round, n) => ({
    id: `url-${n}-${round}`,
    url: `https://race.example/a-${round}?utm_source=${n}`,
    title: `Title ${n} of ${round}`,
  }),
  text: (round, n) => ({
    id: `text-${n}-${round}`,
    title: `Headline ${n}`,
    content: `<p>${words(round)}</p>`,
    language: n % 2 ? 'de' : 'en',
  }),
  mixed: (round, n) => ({
    id: n % 2 ? `urn:race:${round}` : `mixed-${n}-${round}`,
    url: `https://race.example/mixed-${round}`,
    title: `Mixed ${round}`,
    content: n % 3 ? `<p>${words(round)} mixed</p>` : `<p>Nur die Überschrift ${round}</p>`,
  }),
};

async function writeAt(once: { fetchId: string }[]): Promise<void> {
  const ready = await Promise.all(
    once.map(async ({ fetchId }) =>
      (await items.loadUnprocessed([fetchId], 100)).map((item) => ({
        item,
        clean: cleanItem({ parsed: item.parsed, at: item.receivedAt.toISOString() }),
        language: item.parsed.language ?? null,
        tags: [],
      })),
    ),
  );
  await Promise.all(
    ready.map(async (chunk, n) => {
      await writers[n]?.write(chunk);
    }),
  );
}

test.each(Object.keys(copies))(
  'racing copies that share a %s become one story',
  async (kind) => {
    for (let from = 0, turn = 0, together = 1; from < ROUNDS; from += together, turn += 1) {
      together = Math.min(ROUNDS_AT_ONCE[turn % ROUNDS_AT_ONCE.length] ?? 1, ROUNDS - from);
      const rounds = Array.from({ length: together }, (_, i) => from + i);
      const fetches = await Promise.all(
        partners.map((partner, n) =>
          receive(
            t.database,
            partner,
            (n % 2 ? rounds : rounds.toReversed()).map((round) => copies[kind]?.(round, n) ?? {}),
          ),
        ),
      );
      await writeAt(fetches);
      const ids = fetches.flatMap(({ itemIds }) => itemIds);
      const rows = await t.database.db
        .selectFrom('story_items')
        .select('story_id')
        .where('item_id', 'in', ids)
        .execute();
      expect(rows).toHaveLength(PARTNERS * together);
      expect(new Set(rows.map((row) => row.story_id)).size).toBe(together);
    }
  },
  30_000 + ROUNDS * 1_000,
);

test('whole feeds of copies, each in another order, neither deadlock nor split', async () => {
  const size = 40;
  const fetches = await Promise.all(
    partners.map((partner, n) => {
      const batch = Array.from({ length: size }, (_, i) => ({
        id: `https://feeds.example/${n % 2 ? 'a' : 'b'}-${i}`,
        title: `Batch ${i}`,
        content: `<p>${words(100_000 + i)}</p>`,
      }));
      return receive(t.database, partner, n % 3 === 0 ? batch.toReversed() : batch);
    }),
  );
  await writeAt(fetches);
  const ids = fetches.flatMap(({ itemIds }) => itemIds);
  const rows = await t.database.db.selectFrom('story_items').select('story_id').where('item_id', 'in', ids).execute();
  expect(rows).toHaveLength(size * PARTNERS);
  expect(new Set(rows.map((row) => row.story_id)).size).toBe(size);
  const events = await t.database.db
    .selectFrom('events')
    .select(['story_id', 'type'])
    .where('story_id', 'in', [...new Set(rows.map((row) => row.story_id))])
    .where('type', '=', 'story.published')
    .execute();
  expect(events).toHaveLength(size);
});
