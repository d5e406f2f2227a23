/** The corpus is the same for everybody who names its seed, and its labels are true. */
import { republications } from './republications.js';

const size = { seed: 'spec', stories: 20, reports: 30, copies: 3 };

test('the same seed tells the same news, another one others', () => {
  const lines = republications(size);
  expect(republications(size)).toEqual(lines);
  expect(republications({ ...size, seed: 'other' })[0]?.text).not.toBe(lines[0]?.text);
  expect(lines).toHaveLength(20 * 4 + 30 + 10 * 3);
});

test('copies name what they copy, come later and keep its words', () => {
  const lines = republications(size);
  const byId = new Map(lines.map((line) => [line.id, line]));
  for (const copy of lines.filter(({ duplicateOf }) => duplicateOf !== undefined)) {
    const original = byId.get(copy.duplicateOf ?? '');
    expect(original?.duplicateOf).toBeUndefined();
    expect(original && original.published < copy.published).toBe(true);
    const known = new Set(original?.text.split(/\s+/));
    const words = copy.text.split(/\s+/);
    // A footer is longer than a short report.
    const floor = copy.treatment === 'footer' ? 0.2 : 0.6;
    expect(words.filter((word) => known.has(word)).length).toBeGreaterThan(words.length * floor);
  }
  expect(lines.map(({ published }) => published)).toEqual(lines.map(({ published }) => published).sort());
});
