/** The decision, by rule and by property: the partition of items into stories must not depend on luck. */
import fc from 'fast-check';
import { FrequencyTable } from '#domain/frequency-table.js';
import { textPrint } from '#domain/text-print.js';
import { textSketch } from '#domain/text-sketch.js';
import { IDENTITY_THRESHOLDS } from '../../../../test/support/identity.js';
import { decideStories } from './decide-story.js';
import type { ItemInDoubt } from './item-in-doubt.js';
import type { IdentityKey } from './item-keys.js';
import type { KnownKey } from './key-matches.js';

let next = 0;
const newStory = () => `story-${(next += 1)}`;
const item = (id: string, keys: IdentityKey[], facts: Partial<ItemInDoubt> = {}): ItemInDoubt => ({
  id,
  feedId: `feed of ${id}`,
  partnerId: `partner of ${id}`,
  partnerName: `Partner of ${id}`,
  isDemo: false,
  title: 'A title',
  words: 100,
  keys,
  at: new Date('2026-03-02T06:00:00Z'),
  print: textPrint(''),
  headline: null,
  sketch: [],
  bodyText: '',
  ...facts,
});
const guid = (key: string): IdentityKey => ({ kind: 'guid', key });
const url = (key: string): IdentityKey => ({ kind: 'url', key });
const text = (key: string): IdentityKey => ({ kind: 'text', key });
const words = new FrequencyTable();
const decide = (items: ItemInDoubt[], keys: KnownKey[] = []) =>
  decideStories(items, { keys, texts: [], words, thresholds: IDENTITY_THRESHOLDS }, newStory);
const partition = (items: ItemInDoubt[]) => {
  const groups = new Map<string, string[]>();
  for (const [id, { storyId }] of decide(items)) groups.set(storyId, [...(groups.get(storyId) ?? []), id].sort());
  return [...groups.values()].map((group) => group.join(' ')).sort();
};

describe('joins', () => {
  it('by the strongest rule that says something, with its evidence', () => {
    const first = [item('a', [guid('g')]), item('b', [url('u')]), item('c', [text('t')])];
    const all = decide([...first, item('x', [text('t'), url('u'), guid('g')]), item('y', [text('t'), url('u')])]);
    expect(all.get('x')).toMatchObject({
      rule: 'guid',
      evidence: { key: 'g', matchedItemId: 'a', matchedPartner: 'Partner of a' },
    });
    expect(all.get('x')?.storyId).toBe(all.get('a')?.storyId);
    expect(all.get('b')).toMatchObject({ rule: 'first', evidence: { keys: [url('u')] } });
  });

  it('stories that earlier batches made', () => {
    const { keys, id, ...facts } = item('old', [url('u')]);
    const known = keys.map((key) => ({ ...facts, ...key, itemId: id, storyId: 'S', storyTitle: facts.title }));
    expect(decide([item('new', [url('u')])], known).get('new')).toMatchObject({ storyId: 'S', rule: 'url' });
  });

  it('what shares one rare fingerprint, however many strangers share two common ones', () => {
    const words = (from: number): string =>
      Array.from({ length: 60 }, (_, n) => `word${Math.imul(from + n, 7_919) >>> 4}`).join(' ');
    const withText = (id: string, body: string, sketch: number[]): ItemInDoubt =>
      item(id, [], { title: `Title of ${id}`, bodyText: body, print: textPrint(body), sketch });
    const strangers = Array.from({ length: 30 }, (_, n) => withText(`stranger-${n}`, words(n * 1_000 + 5_000), [1, 2]));
    const verdicts = decide([...strangers, withText('lead', words(0), [1, 3]), withText('copy', words(0), [1, 2, 3])]);
    expect(verdicts.get('copy')?.storyId).toBe(verdicts.get('lead')?.storyId);
  });

  it('equal text within one feed', () => {
    const one = { feedId: 'f', partnerId: 'p' };
    expect(partition([item('a', [text('t')], one), item('b', [text('t')], one)])).toEqual(['a b']);
  });
});

describe('stays apart', () => {
  const one = { feedId: 'f', partnerId: 'p' };

  it.each([
    ['a link that one feed repeats', [item('a', [url('u')], one), item('b', [url('u')], one)]],
    ['a guid that one feed repeats', [item('a', [guid('g')], one), item('b', [guid('g')], one)]],
    [
      'boilerplate: one partner’s short text under other headlines',
      [item('a', [text('t')], { ...one, words: 25 }), item('b', [text('t')], { ...one, words: 25, title: 'Other' })],
    ],
    ['demo and real', [item('a', [guid('g')], { isDemo: true }), item('b', [guid('g')])]],
    ['nothing in common', [item('a', [guid('g')]), item('b', [url('g'), text('g')])]],
    ['no keys at all', [item('a', []), item('b', [])]],
  ])('%s', (_, items) => expect(partition(items)).toEqual(['a', 'b']));

  it('from a link that leads to several stories', () => {
    const blog = [item('a', [url('u')], one), item('b', [url('u')], one)];
    expect(partition([...blog, item('c', [url('u')])])).toEqual(['a', 'b', 'c']);
  });
});

describe('connects stories', () => {
  const stories = (title: string, other = title): KnownKey[] => [
    { ...item('a', []), ...guid('g'), itemId: 'a', storyId: 'A', storyTitle: title },
    { ...item('b', []), ...url('u'), itemId: 'b', storyId: 'B', storyTitle: other },
    { ...item('c', []), ...text('t'), itemId: 'c', storyId: 'C', storyTitle: other },
  ];
  const connected = (keys: IdentityKey[], title: string, known: KnownKey[]) =>
    decide([item('x', keys, { title })], known)
      .get('x')
      ?.connects.map(({ storyId }) => storyId);

  it.each([
    ['by a guid and a text', [guid('g'), text('t')], 'Boats stay in port', ['C']],
    [
      'by a link where headlines have something in common',
      [guid('g'), url('u')],
      'Storm keeps the ferry in port',
      ['B'],
    ],
    ['not by a link alone', [guid('g'), url('u')], 'Bakers run out of flour', []],
    ['not out of a story that a link alone leads to', [url('u'), text('t')], 'Bakers run out of flour', []],
    ['never by a live blog', [guid('g'), url('u'), text('t')], 'LIVE: Storm keeps the ferry in port', []],
  ])('%s', (_, keys, title, others) =>
    expect(connected(keys, title, stories('Storm keeps the ferry from port'))).toEqual(others),
  );

  it('never with a live blog', () =>
    expect(connected([guid('g'), url('u')], 'Storm', stories('Storm', 'Storm live updates'))).toEqual([]));
});

describe('a notice that one partner has instead of its articles', () => {
  const NOTICE =
    'This article is for subscribers of the paper only. Subscribe today and read everything that our reporters write, on all ' +
    'of your devices and as often as you like. The first four weeks cost nothing, and you may end your subscription on any ' +
    'day of the month without giving a reason.';
  const withText = (id: string, title: string, body: string, partnerId: string): ItemInDoubt => {
    const print = textPrint(body);
    const facts = { title, partnerId, words: print.words, print, bodyText: body, sketch: textSketch(print.shingles) };
    return item(id, [text(body)], facts);
  };
  const notice = (id: string, title: string, partnerId = 'p'): ItemInDoubt => withText(id, title, NOTICE, partnerId);

  it('makes a story of each, from the second one on', () => {
    const titles = ['Mayor of Kelso opens bridge', 'Mayor of Torvik opens bridge', 'Bakers run out of flour'];
    expect(partition(titles.map((title, i) => notice(`${i}`, title)))).toEqual(['0', '1', '2']);
  });

  it('leaves them apart with a line about each before or behind it', () => {
    const said = ['Mayor Lund cut the ribbon on Friday at noon.', 'Flour became rare on the islands this week.'];
    const both = said.flatMap((line, i) => [
      withText(`before-${i}`, said[i] ?? '', `${line} ${NOTICE}`, 'p'),
      withText(`behind-${i}`, said[1 - i] ?? '', `${NOTICE} ${line}`, 'p'),
    ]);
    const stories = decide(both);
    expect(stories.get('before-0')?.storyId).not.toBe(stories.get('before-1')?.storyId);
    expect(stories.get('behind-0')?.storyId).not.toBe(stories.get('behind-1')?.storyId);
  });

  it('keeps one article together whose headline was mended or has the site behind it', () => {
    const titles = [
      'Mayor of Kelso opens brigde',
      'Mayor of Kelso opens bridge',
      'Mayor of Kelso opens bridge | The Paper',
    ];
    expect(partition(titles.map((title, i) => notice(`${i}`, title)))).toEqual(['0 1 2']);
  });

  it('is one text with another partner’s, until that partner repeats it too', () => {
    expect(partition([notice('a', 'One thing'), notice('b', 'Some other thing', 'q')])).toEqual(['a b']);
    const several = [notice('a', 'One thing'), notice('b', 'Some other thing', 'q'), notice('c', 'A third', 'q')];
    expect(partition([...several, notice('d', 'Fourth of all'), notice('e', 'Nobody knows', 'r')])).toEqual([
      'a b',
      'c',
      'd',
      'e',
    ]);
  });

  it('is corrected in its headline by its partner alone', () => {
    const verdicts = decide([
      notice('a', 'Mayor of Kelso opens 2 bridges'),
      notice('b', 'CORRECTED: Mayor of Kelso opens 3 bridges'),
      notice('c', 'CORRECTED: Mayor of Kelso opens 3 bridges', 'q'),
    ]);
    expect(new Set([...verdicts.values()].map(({ storyId }) => storyId)).size).toBe(1);
    expect(['a', 'b', 'c'].map((id) => verdicts.get(id)?.relation)).toEqual(['original', 'derived', 'duplicate']);
  });

  it('is no whole article, which its partner may send again under another headline', () => {
    const article = Array.from({ length: 40 }, (_, n) => `Person ${n} said word${n} to thing${n}.`).join(' ');
    expect(partition([withText('a', 'One thing', article, 'p'), withText('b', 'Another', article, 'p')])).toEqual([
      'a b',
    ]);
  });
});

describe('for any batch', () => {
  /** Items of stories whose copies share one key, each from a feed of its own: nothing is ambiguous. */
  const copies = fc
    .array(fc.record({ kind: fc.constantFrom(guid, url, text), copies: fc.integer({ min: 1, max: 5 }) }), {
      maxLength: 12,
    })
    .map((stories) =>
      stories.flatMap(({ kind, copies: count }, s) =>
        Array.from({ length: count }, (_, c) => item(`${s}-${c}`, [kind(`key ${s}`), guid(`own ${s}-${c}`)])),
      ),
    );

  it('the order of arrival does not change the partition, nor do the bounds of batches', () => {
    fc.assert(
      fc.property(copies, fc.infiniteStream(fc.nat()), fc.nat(), (items, random, cut) => {
        const shuffled = items.map((one) => ({ one, at: random.next().value as number })).sort((a, b) => a.at - b.at);
        const order = shuffled.map(({ one }) => one);
        expect(partition(order)).toEqual(partition(items));

        const [early, late] = [order.slice(0, cut % 20), order.slice(cut % 20)];
        const first = decide(early);
        const known = early.flatMap(({ id, keys, ...facts }) =>
          keys.map((key) => ({
            ...{ ...facts, ...key, itemId: id },
            ...{ storyId: first.get(id)?.storyId ?? '', storyTitle: facts.title },
          })),
        );
        const stories = new Map<string, Set<string>>();
        for (const [id, { storyId }] of [...first, ...decide(late, known)]) {
          const story = id.split('-')[0] ?? '';
          stories.set(story, (stories.get(story) ?? new Set()).add(storyId));
        }
        expect([...stories.values()].every((ids) => ids.size === 1)).toBe(true);
      }),
    );
  });

  it('every item gets exactly one story, and no two feeds’ items join without a common key', () => {
    const key = fc.record({
      kind: fc.constantFrom('guid', 'url', 'text' as const),
      key: fc.constantFrom('1', '2', '3'),
    });
    const any = fc
      .array(
        fc.record({ keys: fc.array(key, { maxLength: 3 }), feed: fc.integer({ min: 0, max: 2 }), words: fc.nat(80) }),
        { maxLength: 15 },
      )
      .map((list) =>
        list.map(({ keys, feed, words }, i) =>
          item(`i${i}`, keys as IdentityKey[], { feedId: `f${feed}`, partnerId: `p${feed}`, words }),
        ),
      );
    fc.assert(
      fc.property(any, (items) => {
        const verdicts = decide(items);
        expect(verdicts.size).toBe(items.length);
        for (const one of items) {
          const verdict = verdicts.get(one.id);
          if (verdict?.rule === 'first') continue;
          const matched = items.find(({ id }) => id === verdict?.evidence['matchedItemId']);
          expect(verdicts.get(matched?.id ?? '')?.storyId).toBe(verdict?.storyId);
          expect(matched?.keys).toContainEqual({ kind: verdict?.rule, key: verdict?.evidence['key'] });
        }
      }),
    );
  });
});
