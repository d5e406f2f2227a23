/** Broken JSON: what a person would read in it is read. */
import fc from 'fast-check';

import { isDeeperThan, mendJson } from './mend-json.js';

it.each([
  ['a line end inside a text', '{"a":"b\nc\td"}', { a: 'b\nc\td' }],
  ['commas too many', '{"items":[{"id":"1",},],}', { items: [{ id: '1' }] }],
  ['a list that was cut', '{"t":1,"items":[{"id":"1"},{"id":"2","te', { t: 1, items: [{ id: '1' }] }],
  ['a document with something behind it', '{"a":[{"b":"}"}]}<!-- x -->', { a: [{ b: '}' }] }],
  ['brackets and quotes inside texts', '{"items":[{"a":"]}\\"{"},', { items: [{ a: ']}"{' }] }],
  ['control characters', '{"a":"x\u0001y"}', { a: 'xy' }],
])('mends %s', (_name, text, value) => {
  expect(JSON.parse(mendJson(text))).toEqual(value);
});

it('leaves sound JSON what it is', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (value) => {
      const text = JSON.stringify(value);
      expect(JSON.parse(mendJson(text))).toEqual(JSON.parse(text));
    }),
  );
});

it('measures nesting without counting what stands in texts', () => {
  expect(isDeeperThan('{"a":[1,["[[[["]]}', 3)).toBe(false);
  expect(isDeeperThan('{"a":[1,["[[[["]]}', 2)).toBe(true);
  expect(isDeeperThan('"[[[', 0)).toBe(false);
});
