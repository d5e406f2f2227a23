import { createPublicKey, randomBytes, verify } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { formatKeyPair, formatSecret, signWebhook, webhookSigner } from './webhook-signature.js';

test('the specification’s reference library verifies every signature', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 24, maxLength: 64 }),
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      (bytes, text) => {
        const secret = formatSecret(Buffer.from(bytes));
        const body = JSON.stringify({ text });
        const timestamp = Math.floor(Date.now() / 1_000);
        const signature = signWebhook(secret, { id: 'msg_1', timestamp, body: Buffer.from(body) });
        const headers = {
          'webhook-id': 'msg_1',
          'webhook-timestamp': String(timestamp),
          'webhook-signature': signature,
        };
        expect(new Webhook(secret).verify(body, headers)).toEqual({ text });
        expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow();
        expect(() => new Webhook(secret).verify(body, { ...headers, 'webhook-id': 'msg_2' })).toThrow();
      },
    ),
  );
});

test('secrets have 24 to 64 bytes', () => {
  expect(formatSecret(randomBytes(24))).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
  expect(() => formatSecret(randomBytes(23))).toThrow(RangeError);
  expect(() => formatSecret(randomBytes(65))).toThrow(RangeError);
});

/** As a receiver does it who has the public key alone. */
function isGenuine(publicKey: string, id: string, timestamp: number, body: string, header: string): boolean {
  const key = createPublicKey({
    key: {
      kty: 'OKP',
      crv: 'Ed25519',
      x: Buffer.from(publicKey.slice('whpk_'.length), 'base64').toString('base64url'),
    },
    format: 'jwk',
  });
  const [version, signature = ''] = header.split(',');
  return (
    version === 'v1a' && verify(null, Buffer.from(`${id}.${timestamp}.${body}`), key, Buffer.from(signature, 'base64'))
  );
}

test('with the public key anyone can tell what was signed with the private one', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      (seed, body) => {
        const { privateKey, publicKey } = formatKeyPair(Buffer.from(seed));
        const header = signWebhook(privateKey, { id: 'msg_1', timestamp: 7, body: Buffer.from(body) });
        expect(isGenuine(publicKey, 'msg_1', 7, body, header)).toBe(true);
        expect(isGenuine(publicKey, 'msg_1', 8, body, header)).toBe(false);
        expect(isGenuine(publicKey, 'msg_1', 7, `${body} `, header)).toBe(false);
        const { publicKey: another } = formatKeyPair(randomBytes(32));
        expect(isGenuine(another, 'msg_1', 7, body, header)).toBe(false);
      },
    ),
    { numRuns: 30 },
  );
});

test('the pair of RFC 8032, 7.1, test 1, comes out as there', () => {
  const seed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
  const half = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
  expect(formatKeyPair(Buffer.from(seed, 'hex'))).toEqual({
    privateKey: `whsk_${Buffer.from(seed + half, 'hex').toString('base64')}`,
    publicKey: `whpk_${Buffer.from(half, 'hex').toString('base64')}`,
  });
});

test('a key of another kind is refused', () => {
  expect(() => webhookSigner('whpk_AAAA')).toThrow('unknown form');
  expect(() => formatKeyPair(Buffer.alloc(31))).toThrow(RangeError);
});
