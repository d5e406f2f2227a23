/** Tokens as machines make them may be used; what people think up, or what never gets in, may not. */
import { randomBytes, randomUUID } from 'node:crypto';
import { adminTokenProblem } from './admin-token.js';

test.each([
  ['short', 'at least 16 characters'],
  ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'at least 8 different characters'],
  ['0101010101010101010101010101', 'at least 8 different characters'],
  ['changemechangemechangeme', 'at least 8 different characters'],
  ['please-change-this-admin-token', 'too easy to guess'],
  ['Ch4ng3M3-P4ssw0rd-T0ken-2026', 'too easy to guess'],
  ['sixteen-characters-long', 'too easy to guess'],
  ['abcdefghijklmnopqrstuvwxyz0123456789', 'too easy to guess'],
  ['1q2w3e4r5t6y7u8i9o0p', 'too easy to guess'],
  ['k7Rw-2Qx9k7Rw-2Qx9k7Rw-2Qx9', 'too easy to guess'],
  ['correct-horse-battery', 'too easy to guess'],
  ['1234567890123456', 'too easy to guess'],
  ['f3a9 71c04be82d5596e0aa17c3d4b82f', 'without spaces'],
  [' f3a971c04be82d5596e0aa17c3d4b82f', 'without spaces'],
  ['f3a971c04be82d5596e0aa17c3d4b82f\n', 'without spaces'],
  ['schlüssel-f3a971c04be82d5596e0aa', 'ASCII'],
  ['dlp_f3a971c04be82d5596e0aa17c3d4b82f', 'must not begin with dlp_'],
])('%j is refused: %s', (token, reason) => {
  const problem = adminTokenProblem(token);
  expect(problem).toContain(reason);
  expect(problem).toContain('openssl rand -hex 24');
  expect(problem).not.toContain(token);
});

test('what machines make is taken, however often they are asked', () => {
  for (let round = 0; round < 2_000; round += 1) {
    for (const token of [
      `dl_${randomBytes(24).toString('base64url')}`,
      randomBytes(24).toString('hex'),
      randomBytes(16).toString('hex'),
      randomBytes(24).toString('base64'),
      randomUUID(),
    ])
      if (adminTokenProblem(token) !== null) throw new Error(`${token}: ${adminTokenProblem(token)}`);
  }
});

test('so is a passphrase of words that were drawn', () => {
  expect(adminTokenProblem('gravel-tidy-umbrella-cobalt-ninth-walrus-spoon')).toBeNull();
});

test('an endless one is looked at in an instant', () => {
  expect(adminTokenProblem('x9'.repeat(1_000_000))).not.toBeNull();
});
