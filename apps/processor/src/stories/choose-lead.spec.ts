/** Who leads. */
import { chooseLead, type LeadCandidate } from './choose-lead.js';

const item = (itemId: string, facts: Partial<LeadCandidate> = {}): LeadCandidate => ({
  itemId,
  partnerId: `partner of ${itemId}`,
  isCorrection: false,
  priority: 0,
  rights: {},
  isHidden: false,
  textLength: 1_000,
  ...facts,
});

test.each<[string, LeadCandidate[], string]>([
  ['the earliest', [item('a'), item('b'), item('c')], 'a'],
  [
    'priority before all',
    [item('a', { textLength: 9_000 }), item('b', { priority: 1, rights: { excerptOnly: true } })],
    'b',
  ],
  ['rights before completeness', [item('a', { rights: { excerptOnly: true }, textLength: 9_000 }), item('b')], 'b'],
  ['the more complete', [item('a', { textLength: 200 }), item('b')], 'b'],
  ['a footer makes nobody complete', [item('a'), item('b', { textLength: 1_200 })], 'a'],
  ['what may not be shown never', [item('a'), item('b', { priority: 9, isHidden: true })], 'a'],
  ['whoever may be shown before what may not', [item('a', { priority: 9, isHidden: true }), item('b')], 'b'],
  ['its own partner’s correction', [item('a'), item('b', { partnerId: 'partner of a', isCorrection: true })], 'b'],
  [
    'the later of two corrections, whichever is looked at first',
    ['c', 'a', 'b'].map((id) => item(id, { partnerId: 'p', isCorrection: id !== 'a' })),
    'c',
  ],
  ['another’s correction never', [item('a'), item('b', { isCorrection: true })], 'a'],
  [
    'a correction in two lines never',
    [item('a'), item('b', { partnerId: 'partner of a', isCorrection: true, textLength: 90 })],
    'a',
  ],
  ['lower priority never', [item('a'), item('b', { priority: -1, textLength: 9_000 })], 'a'],
])('%s', (_, [first, ...others], lead) => expect(chooseLead(first as LeadCandidate, ...others).itemId).toBe(lead));
