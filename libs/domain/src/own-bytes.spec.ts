/** What is kept takes its own bytes and nothing around them. */
import { gzipSync } from 'node:zlib';
import { ownBytes } from './own-bytes.js';

it.each([
  ['a text', 'Fähre nach Ostrand fällt aus – “bis März”'],
  ['nothing', ''],
  ['a slice of many bytes', Buffer.from('a small one lies among others')],
  ['what was compressed', gzipSync('ferry '.repeat(500))],
])('%s', (_, source) => {
  const kept = ownBytes(source);
  expect(kept).toEqual(Buffer.from(source as string));
  expect(kept.buffer.byteLength).toBe(kept.length);
});
