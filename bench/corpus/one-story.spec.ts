/** A thousand times ten copies of one story arrive at once, on four workers, among reports that look alike: one story each. */
import { Logger } from '@nestjs/common';
import { FrequencyTable } from '#domain/frequency-table.js';
import { textProbe } from '#domain/text-likeness.js';
import { textPrint } from '#domain/text-print.js';
import { textSketch } from '#domain/text-sketch.js';
import { textVerdict } from '#domain/text-verdict.js';
import { ProcessedItemRepository } from '#storage/processed-item.repository.js';
import { Random } from '../../demo/texts/random.js';
import { testDatabase, type TestDatabase } from '../../test/support/database.js';
import { testWriter } from '../../test/support/intake.js';
import { addPartner, receive, type TestFeed, type TestItem } from '../../test/support/partners-items.js';
import { writeFetches } from '../../test/support/write-fetches.js';
import { type WrittenNews, writeProse } from './news-prose.js';
import { treat, type Treatment } from './republications.js';
import { writeSeries } from './wire-reports.js';

const ROUNDS = Number(process.env['COPY_ROUNDS'] ?? 1_000);
const ROUNDS_AT_ONCE = 40;
const WORKERS = 4;
const COPIES: Treatment[] = [
  ...(['whole', 'whole', 'footer', 'footer', 'first half', 'first half', 'lead only'] as const),
  ...(['ten percent edited', 'other headline', 'whole'] as const),
];
const AT = new Date('2026-11-20T08:00:00.000Z');
/** Copies that are less alike than this may need a third to join them, by merging what the first two became. */
const CLEARLY = {
  duplicate: { text: 0.62, numbers: 0.8 },
  link: { text: 0.62, numbers: 0.8 },
  strongLink: { text: 0.8, numbers: 0.8 },
};

let t: TestDatabase;
let partners: TestFeed[];

beforeAll(async () => {
  Logger.overrideLogger(false);
  t = await testDatabase();
  partners = [];
  for (let i = 0; i < COPIES.length; i += 1) partners.push(await addPartner(t.database, `Copier ${i}`));
});
afterAll(() => t?.drop());

const random = new Random(process.env['COPY_SEED'] ?? 'one story');
/** What the workers learn of words, for those who choose the copies. */
const known = new FrequencyTable();
/** Rounds are chosen among copies that are alike by their words, not by what else was counted until then. */
const words = { weight: known.weight, isOfFew: () => false, isYoung: () => true };
const isStop = (hash: number): boolean => known.countOf(hash) > 60;

/** Ten copies of which any two are recognisable by themselves, whatever the order of their arrival. */
function copiesOfAStory(): WrittenNews[] {
  for (;;) {
    const whole = writeProse(random);
    const news = { ...whole, paragraphs: whole.paragraphs.slice(0, 3) };
    const copies = COPIES.map((treatment) => treat(random, news, treatment));
    const compared = copies.map((copy, n) => {
      const text = textPrint(copy.paragraphs.join('\n'));
      return { partnerId: String(n), title: copy.title, at: AT, text };
    });
    const probes = compared.map(({ text }) => textProbe(text, words));
    const sketches = compared.map(({ text }) => new Set(textSketch(text.shingles, { isStop })));
    const alike = (a: number, b: number): boolean => {
      const [one, other, probe] = [compared[a], compared[b], probes[a]];
      if (one === undefined || other === undefined || probe === undefined) return false;
      if ([...(sketches[a] ?? [])].filter((fingerprint) => sketches[b]?.has(fingerprint)).length < 3) return false;
      return textVerdict(one, probe, other, CLEARLY) !== null;
    };
    if (!compared.every((_, a) => compared.every((__, b) => alike(a, b)))) continue;
    known.addText();
    known.add(textPrint(news.paragraphs.join('\n')).shingles);
    return copies;
  }
}

const testItem = (id: string, { title, paragraphs }: WrittenNews): TestItem => ({
  id,
  title,
  content: paragraphs.map((text) => `<p>${text}</p>`).join(''),
  published: AT.toISOString(),
});

test(`${ROUNDS} rounds`, async () => {
  const items = new ProcessedItemRepository(t.database);
  const writers = Array.from({ length: WORKERS }, () => testWriter(t.database));
  for (let done = 0; done < ROUNDS; done += ROUNDS_AT_ONCE) {
    const rounds = Array.from({ length: ROUNDS_AT_ONCE }, () => copiesOfAStory());
    const reports = writeSeries(random, 5);
    const fetches = await Promise.all(
      partners.map((partner, n) => {
        const copies = rounds.map((copies, round) => testItem(`copy-${n}-${done + round}`, copies[n] as WrittenNews));
        const report = reports[n];
        const all = report === undefined ? copies : [...copies, testItem(`report-${n}-${done}`, report)];
        return receive(t.database, partner, random.sample(all, all.length));
      }),
    );
    // Two fetches a chunk; each worker takes the next one when it is free.
    const waiting = [0, 2, 4, 6, 8].map((n) => fetches.slice(n, n + 2).map(({ fetchId }) => fetchId));
    await Promise.all(
      writers.map(async (writer) => {
        for (let chunk = waiting.pop(); chunk !== undefined; chunk = waiting.pop())
          await writeFetches(items, writer, chunk);
      }),
    );
  }
  const rows = await t.database.db
    .selectFrom('items as i')
    .innerJoin('story_items as si', 'si.item_id', 'i.id')
    .select(['i.identity_key', 'si.story_id', 'si.relation'])
    .execute();
  const storiesOf = new Map<string, Set<string>>();
  for (const { identity_key, story_id } of rows.filter((row) => row.identity_key.startsWith('copy-'))) {
    const round = identity_key.split('-')[2] ?? '';
    storiesOf.set(round, (storiesOf.get(round) ?? new Set()).add(story_id));
  }
  expect(rows.filter((row) => row.identity_key.startsWith('copy-'))).toHaveLength(ROUNDS * COPIES.length);
  const parted = [...storiesOf].filter(([, stories]) => stories.size !== 1);
  expect(parted.map(([round]) => round)).toEqual([]);
  const lookAlikes = rows.filter((row) => row.identity_key.startsWith('report-'));
  expect(lookAlikes).toHaveLength((ROUNDS / ROUNDS_AT_ONCE) * 5);
  expect(lookAlikes.filter(({ relation }) => relation === 'duplicate')).toEqual([]);
}, 600_000);
