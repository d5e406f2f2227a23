import { type Figure, reached, table } from './figures.js';

const figure: Figure = {
  part: 'polls',
  name: 'unchanged polls',
  value: 2_000,
  unit: '/s',
  ceilings: [{ name: 'raw loop', value: 10_000 }],
  target: { leastRatio: 0.1 },
};

describe('figures', () => {
  it('are held against their targets', () => {
    expect(reached(figure)).toBe(true);
    expect(reached({ ...figure, value: 900 })).toBe(false);
    expect(reached({ ...figure, target: { most: 1_999 } })).toBe(false);
    expect(reached({ ...figure, target: { least: 2_000 } })).toBe(true);
    expect(reached({ ...figure, ceilings: [] })).toBe(false);
  });

  it('make a table with ceiling and ratio', () => {
    expect(table([figure, { ...figure, name: 'other', target: { least: 5_000 } }])).toMatchInlineSnapshot(`
"                 measured  ceiling in the same run  ratio  target
unchanged polls  2,000 /s  10,000 raw loop          0.20   ratio >= 0.1 reached
other            2,000 /s  10,000 raw loop          0.20   >= 5,000 MISSED"
`);
  });
});
