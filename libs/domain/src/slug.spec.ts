/** Slugs in several scripts, and that any text gives one that an address can carry. */
import fc from 'fast-check';
import { slugify } from './slug.js';

describe('slugify', () => {
  it.each([
    ['Storm hits coast', 'storm-hits-coast'],
    ['Ärger in São Paulo!', 'arger-in-sao-paulo'],
    ['Øresund: Straße, Łódź & Þór', 'oresund-strasse-lodz-thor'],
    ['Новый год', 'новый-год'],
    ['Ελλάδα σήμερα', 'ελλαδα-σημερα'],
    ['हिन्दी समाचार', 'हिन्दी-समाचार'],
    ['東京 オリンピック', '東京-オリンピック'],
    ["Britain's  --  'new' deal", 'britains-new-deal'],
    ['İstanbul', 'istanbul'],
    ['½ price', '1-2-price'],
    ['㎀ ℇ', 'pa-ɛ'],
    ['🎉🎉', ''],
    ['', ''],
  ])('%s', (text, slug) => expect(slugify(text)).toBe(slug));

  it('cuts at a word', () => {
    expect(slugify('one two three four five', 12)).toBe('one-two');
    expect(slugify('one two three four five', 13)).toBe('one-two-three');
    expect(slugify('abcdefghijklmnop', 5)).toBe('abcde');
  });

  it('gives an address part for any text, the same one twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const slug = slugify(text);
        expect(slug).toMatch(/^([\p{L}\p{M}\p{N}]+(-[\p{L}\p{M}\p{N}]+)*)?$/u);
        expect(slug.length).toBeLessThanOrEqual(80);
        expect(slugify(slug)).toBe(slug);
        expect(() => encodeURIComponent(slug)).not.toThrow();
      }),
    );
  });
});
