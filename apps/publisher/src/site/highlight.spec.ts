/** Found words, marked in text. */
import { excerpt, highlight, searchTerms, snippet } from './highlight.js';

const marked = (pieces: { text: string; hit: boolean }[]): string =>
  pieces.map(({ text, hit }) => (hit ? `[${text}]` : text)).join('');

describe('searchTerms', () => {
  it.each([
    ['sea wall', ['sea', 'wall']],
    ['"Sea Wall" -ferry', ['sea', 'wall']],
    ['São OR Ärger', ['sao', 'arger']],
    ['-"not this" that', ['that']],
    ['!!!', []],
  ])('%s', (query, terms) => {
    expect(searchTerms(query)).toEqual(terms);
  });
});

describe('highlight', () => {
  it('marks whole words whatever their case and accents', () => {
    expect(marked(highlight('The SEA, the séa and the seaside', ['sea']))).toBe('The [SEA], the [séa] and the seaside');
  });

  it('loses nothing of the text', () => {
    const text = '<b>sea</b> & "wall" 👩‍👩‍👧';
    expect(
      highlight(text, ['sea', 'wall'])
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });
});

describe('snippet', () => {
  it('begins shortly before the first hit, at a word', () => {
    const text = `${'word '.repeat(100)}harbour ${'word '.repeat(100)}`;
    const shown = marked(snippet(text, ['harbour']));
    expect(shown).toMatch(/^… (word )+\[harbour\] (word )+word…$/);
    expect(shown.length).toBeLessThan(260);
  });
});

describe('excerpt', () => {
  it('cuts at a word, marks the cut, and leaves a short text alone', () => {
    expect(excerpt('One two, three four', 12)).toBe('One two…');
    expect(excerpt('One two', 12)).toBe('One two');
    expect(excerpt('x'.repeat(30), 10)).toBe(`${'x'.repeat(10)}…`);
  });
});
