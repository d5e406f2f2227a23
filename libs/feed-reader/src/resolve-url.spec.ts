/** Addresses made absolute: the short ways give what the platform's URL gives. */
import fc from 'fast-check';

import { absoluteUrl } from './resolve-url.js';

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,5}[a-z0-9])?$/);
const host = fc
  .tuple(fc.array(label, { minLength: 1, maxLength: 3 }), fc.constantFrom('com', 'example', 'co', 'xn--p1ai'))
  .map(([labels, end]) => [...labels, end].join('.'));
const path = fc.stringMatching(/^(\/[a-zA-Z0-9._~%?=&#+,;:@!$()*'-]{0,8}){0,4}$/);

it('joins paths and sites as URL does', () => {
  fc.assert(
    fc.property(host, path, path, (name, from, to) => {
      const base = `https://${name}${from}`;
      if (!URL.canParse(base) || to === '' || !URL.canParse(to, base)) return;
      // A host written in numbers or Punycode is the parser's business; so is what it decodes.
      expect(absoluteUrl(to, base)).toBe(new URL(to.replace(/&amp;/g, '&'), base).href);
    }),
    { numRuns: 2_000 },
  );
});

it.each([
  ['https://partner.example/a?b=1&amp;c=2', undefined, 'https://partner.example/a?b=1&c=2'],
  ['https://partner.example', undefined, 'https://partner.example'],
  ['HTTP://Partner.Example/A', undefined, 'HTTP://Partner.Example/A'],
  ['/a/../b', 'https://partner.example/x', 'https://partner.example/b'],
  ['//cdn.example/a', 'https://partner.example/x', 'https://cdn.example/a'],
  ['a b', 'https://partner.example/x/', 'https://partner.example/x/a%20b'],
  ['?p=1', 'https://partner.example/x', 'https://partner.example/x?p=1'],
  ['https://xn--/', undefined, undefined],
  ['https://1.2.3.999/', undefined, undefined],
  ['javascript:alert(1)', 'https://partner.example/', undefined],
  ['', 'https://partner.example/', undefined],
])('makes %j under %j %j', (reference, base, url) => {
  expect(absoluteUrl(reference, base)).toBe(url);
});
