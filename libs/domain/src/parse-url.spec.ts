/** Addresses are read the same the first time and after the caller has been optimised. */
import { parseUrl } from './parse-url.js';

describe('parseUrl', () => {
  it('reads an address beyond ASCII however often it is asked', () => {
    const hosts = new Set<string | undefined>();
    for (let i = 0; i < 50_000; i += 1) hosts.add(parseUrl('https://münchen.example/ä')?.hostname);
    expect([...hosts]).toEqual(['xn--mnchen-3ya.example']);
  });

  it('answers null for what is no address', () => {
    expect(parseUrl('münchen')).toBeNull();
    expect(parseUrl('http://[bad')).toBeNull();
  });

  it('reads a relative one against its base', () => {
    expect(parseUrl('/b', 'https://a.example/c')?.href).toBe('https://a.example/b');
  });
});
