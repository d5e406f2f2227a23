/** Which keys an item has, and which it must not have. */
import { normaliseText, countWords } from '#domain/normalised-text.js';
import { type ItemFacts, itemKeys } from './item-keys.js';

const AT = new Date('2026-11-20T23:50:00Z');
const LONG = Array.from({ length: 25 }, (_, i) => `word${i}`).join(' ');

const keys = ({ text = '', ...facts }: Partial<ItemFacts> & { text?: string }) => {
  const body = normaliseText(text);
  return itemKeys({ guid: undefined, url: undefined, title: '', at: AT, ...facts, body, words: countWords(body) });
};
const kinds = (facts: Parameters<typeof keys>[0]) => keys(facts).map(({ kind }) => kind);

describe('guid', () => {
  it.each([
    'tag:wire.example,2026:story/17',
    'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
    'urn:newsml:wire.example:20261120:17',
    'F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6',
    'https://wire.example/?p=17',
    '1234 at https://wire.example',
    'wire-2026-11-20-a8f3k2-sports',
  ])('%s names one item in the world', (guid) => {
    expect(kinds({ guid })).toEqual(['guid']);
    expect(keys({ guid, title: 'A' })).toEqual(keys({ guid, title: 'B' }));
  });

  it.each(['123', 'post-17', 'a1b2c3', '20261120', 'item 17 of the day with 2026'])(
    '%s counts only with its title',
    (guid) => {
      expect(kinds({ guid })).toEqual([]);
      expect(keys({ guid, title: 'A title' })).not.toEqual(keys({ guid, title: 'Another' }));
      expect(keys({ guid, title: 'A title' })).toEqual(keys({ guid, title: ' a “Title”' }));
    },
  );

  it('as an address follows the rules of addresses', () => {
    expect(keys({ guid: 'http://www.wire.example/a/17' })).toEqual(
      keys({ guid: 'https://wire.example/a/17/?utm_source=x' }),
    );
    expect(kinds({ guid: 'https://wire.example/' })).toEqual([]);
  });

  it('of absurd length is kept as its hash', () => {
    const [key] = keys({ guid: `tag:wire.example,2026:${'x'.repeat(5_000)}` });
    expect(key?.key).toMatch(/^sha256:.{22}$/);
  });
});

describe('url', () => {
  it.each(['https://wire.example/', 'https://wire.example/sport', 'javascript:x', 'no address'])(
    '%s is no key',
    (url) => {
      expect(kinds({ url })).toEqual([]);
    },
  );

  it('is canonical', () => {
    expect(keys({ url: 'http://m.wire.example/a/17?fbclid=x' })).toEqual([
      { kind: 'url', key: 'https://wire.example/a/17' },
    ]);
  });
});

describe('text', () => {
  it('of twenty words is a key whatever the title', () => {
    expect(keys({ title: 'A', text: LONG })).toEqual(
      keys({ title: 'B', text: LONG.toUpperCase().replaceAll(' ', ', ') }),
    );
  });

  it('with other numbers is another text', () => {
    expect(keys({ text: `${LONG} 2 billion` })).not.toEqual(keys({ text: `${LONG} 3 billion` }));
  });

  const short = { title: 'United beat City in the cup final', text: 'It ended 2-1 after extra time.' };
  const shares = (a: Parameters<typeof keys>[0], b: Parameters<typeof keys>[0]) =>
    keys(a).some((one) => keys(b).some((two) => one.key === two.key));

  it.each([
    ['itself', short, true],
    ['half an hour later, past midnight', { ...short, at: new Date('2026-11-21T00:20:00Z') }, true],
    ['a day later', { ...short, at: new Date('2026-11-21T23:40:00Z') }, true],
    ['three days later', { ...short, at: new Date('2026-11-23T23:50:00Z') }, false],
    ['another result', { ...short, text: 'It ended 3-1 after extra time.' }, false],
    ['another title', { ...short, title: 'City beat United in the cup final' }, false],
  ])('of a few words is recognised with title, numbers and time: %s', (_, other, same) => {
    expect(shares(short, other)).toBe(same);
  });

  it('of hardly any words is no key: never the title alone', () => {
    expect(kinds({ title: 'Morning briefing' })).toEqual([]);
    expect(kinds({ title: '', text: 'Ten words without any title are not enough for this' })).toEqual([]);
  });

  it('counts words in scripts without spaces', () => {
    const chinese =
      '市议会周一在经过长时间的辩论之后批准了明年的预算，其中包括公共交通和学校的新支出，并推迟了港口的扩建。';
    expect(kinds({ text: chinese })).toEqual(['text']);
  });
});
