import { BytePieces } from './byte-pieces.js';

test('what comes byte by byte is kept whole, in few objects', () => {
  const sent = Buffer.from(Array.from({ length: 100_003 }, (_each, at) => at % 251));
  const pieces = new BytePieces();
  for (let at = 0; at < sent.length; at++) pieces.add(sent.subarray(at, at + 1));
  expect(pieces.bytes().equals(sent)).toBe(true);
  expect(pieces.length).toBe(sent.length);
  expect(pieces.held.length).toBeLessThan(1_000);
});

test('the buffers that pieces were read into are let go, all but the last ones', () => {
  const read = Array.from({ length: 1_000 }, () => Buffer.alloc(65_536, 'x'));
  const pieces = new BytePieces();
  for (const buffer of read) pieces.add(buffer.subarray(0, 1));
  expect(new Set(pieces.held.map((held) => held.buffer)).size).toBeLessThan(300);
});

test('nothing is nothing', () => {
  expect(new BytePieces().bytes()).toHaveLength(0);
});
