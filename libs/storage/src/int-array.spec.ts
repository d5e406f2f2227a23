import fc from 'fast-check';
import { readIntArray } from './int-array.js';

describe('readIntArray', () => {
  it('reads what PostgreSQL writes', () => {
    const int4 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(fc.array(int4), (numbers) => {
        expect(readIntArray(`{${numbers.join(',')}}`)).toEqual(numbers);
      }),
    );
  });

  it.each(['{1,NULL}', '{{1,2},{3,4}}', '[0:1]={1,2}', ''])('leaves %s to others', (text) => {
    expect(readIntArray(text)).toBeNull();
  });
});
