import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { formatSecret, signWebhook } from './webhook-signature.js';

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
