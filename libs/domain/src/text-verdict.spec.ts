/** What two texts say about each other: copies, extracts and updates, and the templates that only look like them. */
import { FrequencyTable } from './frequency-table.js';
import { textProbe } from './text-likeness.js';
import { textPrint } from './text-print.js';
import { type ComparedItem, type IdentityThresholds, mayLink, textVerdict } from './text-verdict.js';

const THRESHOLDS: IdentityThresholds = {
  link: { text: 0.5, numbers: 0.6 },
  strongLink: { text: 0.8, numbers: 0.4 },
  duplicate: { text: 0.6, numbers: 0.7 },
};
const words = new FrequencyTable();
const HOUR = 3_600_000;
const NOON = Date.parse('2026-11-20T12:00:00Z');

const item = (title: string, text: string, facts: Partial<{ partner: string; hours: number }> = {}) => ({
  partnerId: facts.partner ?? 'one',
  title,
  at: new Date(NOON + (facts.hours ?? 0) * HOUR),
  text: textPrint(text),
});
const between = (a: ReturnType<typeof item>, b: ComparedItem) =>
  textVerdict(a, textProbe(a.text, words), b, THRESHOLDS);

const LEAD =
  'The ferry company of Ostrand will close its northern line on 14 March, its director said, because only 1,200 passengers a week still cross the sound in winter.';
const REST =
  'Fishermen of the three islands protested in front of the town hall. They want the council to pay for a smaller boat, which would cost 2.5 million crowns. A decision is due after Easter, when the budget of the province is debated for the last time.';
const STORY = `${LEAD} ${REST}`;
const TITLE = 'Ostrand ferry to stop in winter';

describe('a copy is shown as what it copies', () => {
  it.each([
    ['whole, under another headline', item('Islands lose their boat', STORY, { partner: 'two' })],
    ['the lead alone', item(TITLE, LEAD, { partner: 'two' })],
    ['the second half', item(TITLE, REST, { partner: 'two' })],
    ['with a footer', item(TITLE, `${STORY} Read more news of the islands every morning in our letter.`)],
    [
      'with figures written out otherwise',
      item(TITLE, STORY.replace('2.5 million', '2,500,000').replace('three', '3')),
    ],
  ])('%s', (_, copy) => {
    expect(between(item(TITLE, STORY), copy)?.relation).toBe('duplicate');
    expect(between(copy, item(TITLE, STORY))?.relation).toBe('duplicate');
  });
});

it('figures that a site puts beside a copy part it from nothing', () => {
  const plain = STORY.replace('on 14 March', 'in spring').replace('only 1,200', 'few').replace('2.5 million', 'many');
  const dressed = `Published 12 March 2026, 14:35.\n${plain}\nThe 10 best pictures of the week. Comments (12)`;
  const copy = item('Islands lose their boat', dressed, { partner: 'two' });
  expect(between(item(TITLE, plain), copy)?.relation).toBe('duplicate');
  expect(between(copy, item(TITLE, plain))?.relation).toBe('duplicate');
});

it('an update with other figures is linked, never suppressed', () => {
  const update = item(`UPDATE 2-${TITLE}`, STORY.replace('1,200', '900').replace('14', '21'), { hours: 3 });
  expect(between(item(TITLE, STORY), update)).toMatchObject({ relation: 'derived', rule: 'update-marker' });
});

describe('an update without a marker', () => {
  const moved = STORY.replace('1,200', '900').replace('14', '21').replace('2.5', '3.1').replace('three', 'seven');
  const update = (facts: Parameters<typeof item>[2]) => item(TITLE, moved, facts);

  it("is linked when it is another partner's report of the day, under the same headline", () => {
    expect(between(update({ partner: 'two', hours: 3 }), item(TITLE, STORY))).toMatchObject({
      relation: 'derived',
      rule: 'figures-updated',
    });
  });

  it.each([
    ["a partner's own next issue", update({ hours: 3 })],
    ["the next day's issue", update({ partner: 'two', hours: 23 })],
    ['what has another headline', item('Ostrand council debates its budget', moved, { partner: 'two', hours: 3 })],
    ['what has a rubric', item('Ferry news', moved, { partner: 'two', hours: 3 })],
  ])('%s is another story', (_, other) => {
    const original = item(other.title === 'Ferry news' ? other.title : TITLE, STORY);
    expect(between(other, original)).toBeNull();
    expect(between(original, other)).toBeNull();
  });

  it('is none where the words are those of a template: other stories have them', () => {
    const table = new FrequencyTable();
    for (let issue = 0; issue < 4; issue += 1) {
      table.addText();
      table.add(textPrint(STORY.replace('1,200', String(500 + issue))).shingles);
    }
    const issue = update({ partner: 'two', hours: 3 });
    expect(textVerdict(issue, textProbe(issue.text, table), item(TITLE, STORY), THRESHOLDS)).toBeNull();
  });

  it('is none where every sentence has something else filled in, though nobody has read another issue yet', () => {
    const issue = (share: number, until: number, who: string): string =>
      `Trains to Ostrand carried ${share} per cent more travellers than a year ago, the company said in its report. ` +
      `The car park beside the station, with its ${share * 9} places, is full before eight o'clock on most days. ` +
      `"Growing is easy and staying is a craft," said ${who} at the ticket counter this week. ` +
      `Two more trains a day now go to the coast, the last one of them at ${until} in the evening.`;
    const [one, other] = [issue(34, 21, 'Ada Quill'), issue(41, 23, 'Ben Osterby')].map((text, hours) =>
      item('More travellers at Ostrand', text, { partner: String(hours), hours }),
    ) as [ReturnType<typeof item>, ReturnType<typeof item>];
    expect(between(other, one)).toBeNull();
    const updated = item(other.title, issue(41, 23, 'Ada Quill'), { partner: 'b', hours: 1 });
    expect(between(updated, one)?.rule).toBe('figures-updated');
  });

  it.each([
    ['a story', 1, 'figures-updated'],
    ['a template', 4, undefined],
  ])('is told from a template after tens of thousands of other texts, too: %s', (_, issues, rule) => {
    const table = new FrequencyTable();
    table.counters.textsStored(0, 60_000);
    let hash = 1;
    // Strangers in each counter, more or less, and now and then a phrase that very many texts have.
    const strangers = (_: unknown, at: number): number => {
      hash = (Math.imul(hash, 1_664_525) + 1_013_904_223) | 0;
      let some = 0;
      for (let bits = hash; bits !== 0; bits &= bits - 1) some += 1;
      return at % 500 === 0 ? 2_000 : some;
    };
    for (let slice = 0; slice < table.counters.slices; slice += 1) {
      const counts = new Uint8Array(Uint16Array.from({ length: 1 << 14 }, strangers).buffer);
      table.counters.adopt(slice, { version: 1, counts });
    }
    for (let issue = 0; issue < issues; issue += 1) table.add(textPrint(STORY).shingles);
    const other = update({ partner: 'two', hours: 3 });
    expect(textVerdict(other, textProbe(other.text, table), item(TITLE, STORY), THRESHOLDS)?.rule).toBe(rule);
  });
});

describe('a marker is asked before the text', () => {
  const corrected = (facts: { hours: number; partner?: string }) =>
    item(`CORRECTED: ${TITLE}`, STORY.replace('director', 'chairman'), facts);

  it('a correction of one word is linked, never suppressed', () => {
    for (const hours of [0, 2, 40])
      expect(between(corrected({ hours }), item(TITLE, STORY))).toMatchObject({
        relation: 'derived',
        rule: 'update-marker',
      });
    expect(between(item(TITLE, STORY), corrected({ hours: 2 }))?.relation).toBe('derived');
  });

  it.each([
    [
      'with its marker',
      item(`(Corrected) ${TITLE}`, STORY.replace('director', 'chairman'), { hours: 3, partner: 'two' }),
    ],
    ['without', item(TITLE, STORY.replace('director', 'chairman'), { hours: 3, partner: 'two' })],
  ])('another partner’s copy of it is a copy, %s', (_, copy) =>
    expect(between(copy, corrected({ hours: 2 }))?.relation).toBe('duplicate'),
  );

  it('one update after another is linked; "URGENT" changes nothing', () => {
    const update = (n: number) => item(`UPDATE ${n}-${TITLE}`, STORY, { hours: n });
    expect(between(update(2), update(1))?.relation).toBe('derived');
    expect(between(item(`URGENT: ${TITLE}`, STORY, { hours: 1 }), item(TITLE, STORY))?.relation).toBe('duplicate');
  });
});

describe('strangers', () => {
  const report = (place: string, amount: string, rate: string): string =>
    `The central bank of ${place} said it forecast a shortage of around ${amount} mln crowns in the money market today. ` +
    `Bills maturing in official hands will drain some ${rate} mln crowns, partly offset by a fall in note circulation.`;

  const notice = (name: string, town: string, day: string): string =>
    `${name}, late of ${town}, has left us after a long illness that was borne with patience and without a word of complaint. ` +
    `Friends may take leave at the house on ${day} evening, and the procession to the old chapel of ${town} begins on the next morning. ` +
    'Instead of flowers the family asks for gifts to the lifeboat men.';

  it.each([
    [
      'a template with other figures',
      item('Money market', report('Ostrand', '410', '87')),
      item('Money market', report('Ostrand', '95', '310')),
    ],
    [
      'a footer of one partner',
      item('A', `${LEAD} ${'All rights reserved by the islands press office of Ostrand.'}`),
      item('B', `${REST} All rights reserved by the islands press office of Ostrand.`),
    ],
    [
      'short items with other figures',
      item('Ostrand 2-1 Velmora', 'Late goal by Novak.'),
      item('Ostrand 3-1 Velmora', 'Late goal by Novak.'),
    ],
    [
      'short items a week apart',
      item('Ostrand ferry stops', 'No boats today.'),
      item('Ostrand ferry stops', 'No boats today.', { hours: 168 }),
    ],
    [
      'a template without figures, under its rubric',
      item('Death notice', notice('Aron Vell', 'Ostrand', 'Monday')),
      item('Death notice', notice('Ilse Marten', 'Velmora', 'Friday'), { hours: 5 }),
    ],
    ['texts without a common word', item(TITLE, LEAD), item(TITLE, REST)],
  ])('%s', (_, a, b) => {
    expect(between(a, b)).toBeNull();
    expect(between(b, a)).toBeNull();
  });

  it('the same template a fortnight later needs nearly all of it, figures included', () => {
    const later = item(TITLE, STORY.replace('1,200', '900').replace('2.5', '3.1'), { hours: 330 });
    expect(between(item(TITLE, STORY), later)).toBeNull();
  });
});

it.each(['LIVE BLOG: Polls close', 'WRAPUP 3-Shares fall', 'World news in brief', 'Election live updates'])(
  'round-ups and live blogs are asked for nothing: %s',
  (title) => expect(mayLink(item(title, STORY))).toBe(false),
);
