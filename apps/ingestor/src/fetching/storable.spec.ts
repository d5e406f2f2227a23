import { backlogReason, newsFrom, publishedAt, storable } from './storable.js';

const item = { authors: [], categories: [], media: [] };

test('storable cleans every text, however deep', () => {
  expect(storable({ a: 'x\0y', b: [{ c: 'half \ud800 pair', d: 1, e: null }], f: undefined })).toEqual({
    a: 'xy',
    b: [{ c: 'half \ufffd pair', d: 1, e: null }],
    f: undefined,
  });
});

test('publishedAt takes the publication, else the update, and only real dates', () => {
  expect(publishedAt({ ...item, published: '2026-01-01T00:00:00Z', updated: '2026-02-01T00:00:00Z' })).toBe(
    '2026-01-01T00:00:00.000Z',
  );
  expect(publishedAt({ ...item, updated: '2026-02-01T00:00:00Z' })).toBe('2026-02-01T00:00:00.000Z');
  expect(publishedAt(item)).toBeNull();
  expect(publishedAt({ ...item, published: '+012026-01-01T00:00:00Z' })).toBeNull();
  expect(publishedAt({ ...item, published: 'nonsense' })).toBeNull();
});

test('backlogReason', () => {
  const newsSince = new Date('2026-11-22T12:00:00Z');
  expect(backlogReason('2026-11-22T12:00:00.000Z', newsSince, true)).toBeNull();
  expect(backlogReason('2026-11-22T11:59:59.000Z', newsSince, false)).toBe(
    'backlog: published 2026-11-22T11:59:59.000Z, before 2026-11-22T12:00:00.000Z',
  );
  expect(backlogReason(null, newsSince, true)).toContain('without a date');
  expect(backlogReason(null, newsSince, false)).toBeNull();
});

test.each([
  ['a young feed: since it was added', '2026-11-26T12:00:00Z', 86_400, '2026-11-26T12:00:00.000Z'],
  ['an old one: as long as copies are recognised', '2025-01-01T00:00:00Z', 86_400, '2026-11-13T12:00:00.000Z'],
  ['or as long as an operator counts as news', '2025-01-01T00:00:00Z', 30 * 86_400, '2026-10-28T12:00:00.000Z'],
])('newsFrom, %s', (_name, newsSince, newsWindowSeconds, expected) => {
  const now = new Date('2026-11-27T12:00:00Z');
  expect(newsFrom(new Date(newsSince), { identityWindowDays: 14, newsWindowSeconds }, now).toISOString()).toBe(
    expected,
  );
});
