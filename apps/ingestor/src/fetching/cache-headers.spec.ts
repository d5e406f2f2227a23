import { freshForSeconds, retryAfterSeconds, validators } from './cache-headers.js';

describe('cache headers', () => {
  test.each<[Record<string, string>, number | null]>([
    [{}, null],
    [{ 'cache-control': 'public, max-age=600' }, 600],
    [{ 'cache-control': 'max-age="600"' }, 600],
    [{ 'cache-control': 'max-age=600', age: '500' }, 100],
    [{ 'cache-control': 'max-age=600', age: '5000' }, 0],
    [{ 'cache-control': 's-maxage=600' }, null],
    [
      { 'cache-control': 'no-cache', expires: 'Mon, 23 Nov 2026 13:00:00 GMT', date: 'Mon, 23 Nov 2026 12:00:00 GMT' },
      null,
    ],
    [{ expires: 'Mon, 23 Nov 2026 13:00:00 GMT', date: 'Mon, 23 Nov 2026 12:00:00 GMT' }, 3600],
    [{ expires: '0', date: 'Mon, 23 Nov 2026 12:00:00 GMT' }, 0],
    [{ expires: 'never' }, null],
  ])('%j are fresh for %s s', (headers, seconds) => expect(freshForSeconds(headers)).toBe(seconds));

  test.each<[string, number | null]>([
    ['120', 120],
    ['Mon, 23 Nov 2026 12:30:00 GMT', 1800],
    ['Mon, 23 Nov 2020 12:30:00 GMT', 0],
    ['soon', null],
    ['', null],
  ])('Retry-After "%s" is %s s', (value, seconds) => {
    expect(retryAfterSeconds({ 'retry-after': value }, new Date('2026-11-23T12:00:00Z'))).toBe(seconds);
  });

  test('validators that cannot be sent back are dropped', () => {
    expect(validators({ etag: 'W/"ü"', 'last-modified': 'x'.repeat(2000) })).toEqual({
      etag: null,
      lastModified: null,
    });
    expect(validators({ etag: 'W/"a"' })).toEqual({ etag: 'W/"a"', lastModified: null });
  });
});
