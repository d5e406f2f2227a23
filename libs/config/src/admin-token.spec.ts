/** Tokens as machines make them are good; of what people think up they are warned, and what never gets in is refused. */
import { randomBytes, randomUUID } from 'node:crypto';
import { adminTokenProblem, adminTokenWeakness } from './admin-token.js';

test.each([
  ['short', 'at least 16 characters'],
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

test.each([
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  '0101010101010101010101010101',
  'changemechangemechangeme',
  'please-change-this-admin-token',
  'Ch4ng3M3-P4ssw0rd-T0ken-2026',
  'sixteen-characters-long',
  'abcdefghijklmnopqrstuvwxyz0123456789',
  '1q2w3e4r5t6y7u8i9o0p',
  'k7Rw-2Qx9k7Rw-2Qx9k7Rw-2Qx9',
  'correct-horse-battery',
  '1234567890123456',
  'Dateline-Admin-2026!',
  'SommerfestOstrand2026',
  'hunter2-marten7-hunter2',
  'RathausPlatzBruecke',
  'my-cat-sits-on-the-mat',
])('%j works, with a warning', (token) => {
  expect(adminTokenProblem(token)).toBeNull();
  expect(adminTokenWeakness(token)).toMatch(/^can be guessed .*openssl rand -hex 24$/);
});

test('what machines make is good, however often they are asked', () => {
  for (let round = 0; round < 2_000; round += 1) {
    for (const token of [
      `dl_${randomBytes(24).toString('base64url')}`,
      randomBytes(24).toString('hex'),
      randomBytes(16).toString('hex'),
      ...[16, 18, 24, 32].map((bytes) => randomBytes(bytes).toString('base64')),
      randomUUID(),
    ])
      if (adminTokenProblem(token) !== null || adminTokenWeakness(token) !== null) throw new Error(token);
  }
});

test.each([
  'MUhzfwxssqVniKoju30AYQ==',
  'REXD7+4aeAEWSzozcqEOMdsq',
  'Ln3VpEXICWCi2BIM',
  'eYBZimjRhdwvGauWWkdd',
  'SYYJ9Swg9cfXnxgsDungVcxa',
  'c997292650a0bd997970',
  'knyazvooztttvzgrnmpigltm',
])('letters that stand together by chance are no words: %s', (token) => {
  expect(adminTokenWeakness(token)).toBeNull();
});

test('so is a passphrase of words that were drawn', () => {
  expect(adminTokenWeakness('gravel-tidy-umbrella-cobalt-ninth-walrus-spoon')).toBeNull();
});

test('an endless one is looked at in an instant', () => {
  expect(adminTokenWeakness('x9'.repeat(1_000_000))).not.toBeNull();
});
