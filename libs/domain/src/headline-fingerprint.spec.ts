/** Which headlines count as one when candidates are looked for. */
import { headlineFingerprint } from './headline-fingerprint.js';

test('markers, case and punctuation make no other headline, words do', () => {
  const plain = headlineFingerprint('Ostrand ferry to stop in March');
  expect(plain).not.toBeNull();
  expect(headlineFingerprint('UPDATE 2-Ostrand ferry to stop in March')).toBe(plain);
  expect(headlineFingerprint('“OSTRAND FERRY TO STOP, in March”')).toBe(plain);
  expect(headlineFingerprint('Ostrand ferry to stop in April')).not.toBe(plain);
});

test('a rubric is no headline', () => {
  for (const rubric of ['Money market', 'Weather', 'UPDATE 1-Markets at close', ''])
    expect(headlineFingerprint(rubric)).toBeNull();
});
