import { randomBytes } from 'node:crypto';
import { openSecret, sealSecret } from './secret-box.js';

const KEY = randomBytes(32);
const SECRET = 'whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0';
const box = sealSecret(SECRET, KEY, 'endpoint-1', randomBytes(12));

test('opens with the same key for the same owner', () => {
  expect(openSecret(box, KEY, 'endpoint-1')).toBe(SECRET);
  expect(box.includes(SECRET.slice(6))).toBe(false);
});

test.each([
  ['another key', () => openSecret(box, randomBytes(32), 'endpoint-1')],
  ['another owner', () => openSecret(box, KEY, 'endpoint-2')],
  ['a box of another form', () => openSecret(Buffer.concat([Buffer.of(9), box.subarray(1)]), KEY, 'endpoint-1')],
  ['a box cut short', () => openSecret(box.subarray(0, 20), KEY, 'endpoint-1')],
])('does not open with %s', (_what, open) => {
  expect(open).toThrow();
});

test('no changed byte goes unnoticed', () => {
  for (let position = 0; position < box.length; position += 1) {
    const changed = Buffer.from(box);
    changed[position] = (changed[position] ?? 0) ^ 1;
    expect(() => openSecret(changed, KEY, 'endpoint-1')).toThrow();
  }
});
