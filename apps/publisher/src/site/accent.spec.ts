/** Any colour an operator may choose can be read, on both papers. */
import fc from 'fast-check';
import { contrastOf, readableOn } from './accent.js';

const hex = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

describe('readableOn', () => {
  it('gives every colour enough contrast on any paper', () => {
    fc.assert(
      fc.property(hex, fc.constantFrom('#f4f1ea', '#201e1b', '#ffffff', '#000000'), (color, paper) => {
        expect(contrastOf(readableOn(paper, color), paper)).toBeGreaterThanOrEqual(4.5);
      }),
    );
  });

  it('leaves a colour alone that can be read, and knows black on white', () => {
    expect(readableOn('#f4f1ea', '#9a2617')).toBe('#9a2617');
    expect(readableOn('#f4f1ea', '#ffcc00')).not.toBe('#ffcc00');
    expect(contrastOf('#000000', '#ffffff')).toBe(21);
  });
});
