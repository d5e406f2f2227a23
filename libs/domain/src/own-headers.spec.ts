import fc from 'fast-check';
import { OWN_HEADERS, ownHeaderProblem, ownHeadersProblem } from './own-headers.js';

test.each([
  'authorization',
  'Authorization',
  'x-api-key',
  'X-Tenant_Id',
  'apikey',
  'ocp-apim-subscription-key',
  'traceparent',
])('%s may be added', (name) => expect(ownHeaderProblem(name, 'Bearer a b\tc')).toBeNull());

test.each([
  'Host',
  'Content-Type',
  'content-length',
  'Content_Length',
  'Transfer-Encoding',
  'connection',
  'Keep-Alive',
  'proxy-authorization',
  'te',
  'trailer',
  'upgrade',
  'cookie',
  'set-cookie',
  'webhook-id',
  'Webhook-Signature',
  'webhook_timestamp',
  'svix-id',
  'user-agent',
  'accept-encoding',
  'x-forwarded-for',
  'x-http-method-override',
  'expect',
  'if-none-match',
  '__proto__',
  ':authority',
  '',
  'two words',
  'naïve',
  'x:y',
  'x\r\nhost',
  'x'.repeat(65),
])('%j is refused, with a reason', (name) => expect(ownHeaderProblem(name, 'v')).toEqual(expect.any(String)));

test.each(['', ' v', 'v ', 'a\r\nhost: b', 'a\nb', 'a\0b', 'ä', '\u{1f4a9}', 'v'.repeat(1_001)])(
  'the value %j is refused',
  (value) => expect(ownHeaderProblem('x-a', value)).toEqual(expect.any(String)),
);

test('what passes is safe in any HTTP/1.1 head: no line of its own, no name of ours', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 70 }),
      fc.string({ unit: 'binary', maxLength: 70 }),
      (name, value) => {
        if (ownHeaderProblem(name, value) !== null) return;
        const line = `${name}: ${value}\r\n`;
        expect(line.split(/[\r\n]/).filter((part) => part !== '')).toHaveLength(1);
        expect(Buffer.byteLength(line)).toBe(line.length);
        expect(name).toMatch(/^[\w.-]+$/);
        const { headers } = new Request('http://a.example', { headers: { [name]: value } });
        expect(headers.get(name)).toBe(value);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('a set is bounded in number and in bytes', () => {
  const set = (count: number, value: string) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, value]));
  expect(ownHeadersProblem(set(OWN_HEADERS.number, 'v'))).toBeNull();
  expect(ownHeadersProblem(set(OWN_HEADERS.number + 1, 'v'))).toBe('at most 20 headers');
  expect(ownHeadersProblem(set(5, 'v'.repeat(1_000)))).toContain('at most 4096 characters');
});
