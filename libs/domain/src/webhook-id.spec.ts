import fc from 'fast-check';
import { webhookId } from './webhook-id.js';

const EVENT = '01a209d8-701a-76f4-8ac6-6f84f64f1c97';
const ENDPOINT = '01a209d8-14e0-768a-bfc9-fe4cca89297c';

test('never changes: receivers remember it', () => {
  expect(webhookId(EVENT, ENDPOINT)).toBe('msg_93dmgxqbwg8y8bfcawk8vk9xbm');
});

test('differs for every other event and every other endpoint', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.uuid(), fc.uuid(), (event, endpoint) => {
      const id = webhookId(event, endpoint);
      expect(id).toMatch(/^msg_[0-9a-hjkmnp-tv-z]{26}$/);
      expect(id).toBe(webhookId(event, endpoint));
      expect(webhookId(endpoint, event) === id).toBe(event === endpoint);
      seen.add(id);
    }),
    { numRuns: 500 },
  );
  expect(seen.size).toBeGreaterThan(490);
});
