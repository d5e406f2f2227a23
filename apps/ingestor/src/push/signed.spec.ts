/** Addresses that cannot be guessed, signatures that cannot be forged. */
import { createHmac } from 'node:crypto';
import { isSignedWith } from './push-signature.js';
import { callbackAddress, fitsCallback, subscriptionSecret } from './subscription-keys.js';

const KEY = Buffer.alloc(32, 7);
const ID = '019a0000-0000-7000-8000-000000000001';
const OTHER = '019a0000-0000-7000-8000-000000000002';

test('a callback address fits its subscription only, under this key only', () => {
  const address = callbackAddress('https://push.news.example', ID, KEY);
  const [id = '', key = ''] = address.split('/').slice(-2);
  expect(address).toMatch(/^https:\/\/push\.news\.example\/websub\/callbacks\/019a0000-[0-9a-f-]+\/[\w-]{43}$/);
  expect(fitsCallback(id, key, KEY)).toBe(true);
  expect(fitsCallback(OTHER, key, KEY)).toBe(false);
  expect(fitsCallback(id, key, Buffer.alloc(32, 8))).toBe(false);
  expect(fitsCallback(id, key.slice(1), KEY)).toBe(false);
  expect(fitsCallback(id, '', KEY)).toBe(false);
  expect(fitsCallback("' OR 1=1 --", key, KEY)).toBe(false);
});

test('secrets differ, and are short enough for hubs', () => {
  expect(subscriptionSecret(ID, KEY)).not.toBe(subscriptionSecret(OTHER, KEY));
  expect(subscriptionSecret(ID, KEY).length).toBeLessThan(200);
});

const body = Buffer.from('<feed/>');
const sign = (method: string, secret = 's') => `${method}=${createHmac(method, secret).update(body).digest('hex')}`;

test.each(['sha1', 'sha256', 'sha384', 'sha512'])('%s is accepted, in upper case too', (method) => {
  expect(isSignedWith('s', sign(method), body)).toBe(true);
  expect(isSignedWith('s', sign(method).toUpperCase(), body)).toBe(true);
  expect(isSignedWith('s', sign(method, 'other'), body)).toBe(false);
  expect(isSignedWith('s', sign(method), Buffer.from('<feed></feed>'))).toBe(false);
});

test.each([
  undefined,
  '',
  'sha256',
  'sha256=',
  'sha256=zz',
  sign('md5'),
  sign('sha256').slice(0, -2),
  sign('sha512').replace('sha512', 'sha256'),
])('%s is refused', (header) => expect(isSignedWith('s', header, body)).toBe(false));
