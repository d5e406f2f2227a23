import { type DatedItem, isOlderItem } from './older-item.js';

const now = new Date('2026-11-27T12:00:00Z');
const at = (hour: number) => `2026-11-27T${String(hour).padStart(2, '0')}:00:00Z`;

test.each<[string, DatedItem, DatedItem, boolean]>([
  ['an earlier change', { published: at(1), updated: at(2) }, { published: at(1), updated: at(3) }, true],
  ['the same change', { updated: at(3) }, { updated: at(3) }, false],
  ['a later change', { updated: at(4) }, { updated: at(3) }, false],
  ['an earlier publication, without changes', { published: at(1) }, { published: at(2) }, true],
  ['a publication beside a change', { published: at(1) }, { published: at(1), updated: at(3) }, false],
  ['a change beside a publication', { updated: at(1) }, { published: at(3) }, false],
  ['no dates', {}, { updated: at(3) }, false],
  ['nulls', { updated: null, published: at(1) }, { updated: null, published: at(2) }, true],
  ['what is known is dated ahead', { updated: at(3) }, { updated: at(13) }, false],
])('%s', (_name, one, known, older) => expect(isOlderItem(one, known, now)).toBe(older));
