import type { ParsedItem } from '#contracts/parsed-feed.js';
import { expectCpuBelow } from '../../../../test/support/cpu-time.js';
import { identifyItems } from './item-identity.js';

const item = (facts: Partial<ParsedItem>): ParsedItem => ({ authors: [], categories: [], media: [], ...facts });
const keys = (...items: Partial<ParsedItem>[]) =>
  identifyItems(items.map(item)).items.map(({ key }) => key.slice(0, 40));
const codes = (...items: Partial<ParsedItem>[]) => identifyItems(items.map(item)).problems.map(({ code }) => code);

describe('identifyItems', () => {
  test('goes by guid, then by canonical URL, then by content', () => {
    expect(
      keys(
        { id: ' tag:a,2026:1 ', url: 'https://a.example/1', title: 'One' },
        { id: '  ', url: 'http://www.a.example/2/?utm_source=rss#top', title: 'Two' },
        { title: 'Three', content: 'Text' },
      ),
    ).toEqual(['tag:a,2026:1', 'url:https://a.example/2', expect.stringMatching(/^content:[0-9a-f]+/)]);
  });

  test('a guid that stands for different pages identifies nothing in that document', () => {
    const repeated = [
      { id: 'news', url: 'https://a.example/1', title: 'One' },
      { id: 'news', url: 'https://a.example/2', title: 'Two' },
      { id: 'fine', url: 'https://a.example/3', title: 'Three' },
    ];
    expect(keys(...repeated)).toEqual(['url:https://a.example/1', 'url:https://a.example/2', 'fine']);
    expect(codes(...repeated)).toEqual(['ambiguous-guid', 'ambiguous-guid']);
  });

  test('a link that all items share identifies nothing either', () => {
    const shared = ['One', 'Two'].map((title) => ({ url: 'https://a.example/', title }));
    expect(keys(...shared).every((key) => key.startsWith('content:'))).toBe(true);
    expect(new Set(keys(...shared)).size).toBe(2);
  });

  test('guids shared without links are told apart by title', () => {
    expect(new Set(keys({ id: 'x', title: 'One' }, { id: 'x', title: 'Two' })).size).toBe(2);
  });

  test('an item that is repeated is kept once, in its newest form', () => {
    const old = { id: '1', url: 'https://a.example/1', title: 'Old', updated: '2026-01-01T00:00:00Z' };
    const { items, problems } = identifyItems([
      item(old),
      item({ ...old, title: 'New', updated: '2026-01-02T00:00:00Z' }),
    ]);
    expect(items.map(({ item: kept }) => kept.title)).toEqual(['New']);
    expect(problems).toMatchObject([{ code: 'repeated-item', itemIndex: 1 }]);
  });

  test('an item without anything is left out and noted', () => {
    expect(keys({ id: '1', title: ' ' }, { id: '2', title: 'x' })).toEqual(['2']);
    expect(codes({ id: '1' })).toEqual(['empty-item']);
  });

  test('an overlong guid still is a short key', () => {
    const [only] = identifyItems([item({ id: 'x'.repeat(100_000), title: 'x' })]).items;
    expect(only?.key).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  describe('the content hash', () => {
    const hash = (facts: Partial<ParsedItem>) =>
      identifyItems([item({ id: '1', title: 'T', content: '<p>Text</p>', ...facts })]).items[0]?.contentHash;

    test.each<[string, Partial<ParsedItem>]>([
      ['markup', { content: '<p class="x7">\n Text </p>' }],
      ['dates', { updated: '2026-01-01T00:00:00Z' }],
    ])('does not see %s', (_name, facts) => expect(hash(facts)).toBe(hash({})));

    test.each<[string, Partial<ParsedItem>]>([
      ['a title', { title: 'U' }],
      ['a text', { content: '<p>Text!</p>' }],
      ['a link', { url: 'https://a.example/1' }],
      ['a category', { categories: [{ term: 'Sport' }] }],
      ['an image', { media: [{ url: 'https://a.example/1.jpg' }] }],
    ])('sees %s', (_name, facts) => expect(hash(facts)).not.toBe(hash({})));

    const picture = (markup: string) => hash({ content: `<p>Text</p>${markup}` });
    test('sees that a picture in the text came, went or became another one', () => {
      const [one, other] = ['1', '2'].map((name) => picture(`<img alt="x" src='https://a.example/${name}.jpg'>`));
      expect(new Set([hash({}), one, other]).size).toBe(3);
      expect(hash({ content: undefined, summary: '<img src="https://a.example/1.jpg">' })).not.toBe(
        hash({ content: undefined, summary: '' }),
      );
    });

    test.each([
      ['another size or signature of it', '<IMG width="80" src="https://a.example/1.jpg?w=80&amp;sign=x" />', true],
      [
        'what counts readers',
        '<img src="https://a.example/1.jpg"><img src="https://t.example/7" width="1" height="1">',
        true,
      ],
      ['what is drawn in place', '<img src="https://a.example/1.jpg"><img src="data:image/gif;base64,R0lG">', true],
      ['a second one', '<img src="https://a.example/1.jpg"><img src="https://a.example/2.jpg">', false],
    ])('of pictures in the text: %s', (_name, markup, isSame) =>
      expect(picture(markup) === picture('<img src="https://a.example/1.jpg">')).toBe(isSame),
    );

    test('takes a megabyte of open tags in its stride', async () => {
      await expectCpuBelow(500, () => {
        hash({ content: '<'.repeat(1_000_000) });
        hash({ content: '<<>'.repeat(300_000) });
        hash({ content: `<img ${' src  '.repeat(200_000)}>` });
        hash({ content: `<img${' src="'.repeat(200_000)} width>`.repeat(2) });
        hash({ content: `<img${' src'.repeat(100_000)}${' '.repeat(500_000)}>` });
      });
    });
  });
});
