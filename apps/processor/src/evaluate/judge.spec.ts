/** What counts as right, for each kind of label. */
import type { ItemDecision } from '#storage/evaluation.repository.js';
import type { ItemLabels } from './evaluation-line.js';
import { Judge } from './judge.js';

const labels = (id: string, more: Partial<ItemLabels> = {}): ItemLabels => ({
  ...{ id, duplicateOf: null, cluster: null, tags: null, language: null },
  ...more,
});
const decision = (label: string, storyId: string | null, more: Partial<ItemDecision> = {}): ItemDecision => ({
  ...{ itemId: label, label, state: 'in-story', stateReason: null, storyId, isLeading: true, rule: 'first' },
  ...{ relation: 'original', evidence: {}, matchedLabel: null, language: null, clusterId: null, tags: [] },
  ...more,
});
const judged = (pairs: [ItemLabels, ItemDecision][]) => {
  const judge = new Judge(pairs.map(([label]) => label));
  for (const [, one] of pairs) judge.take(one);
  return judge.verdicts();
};

test('copies of copies belong together; derived items are linked but not shown as one', () => {
  const verdicts = judged([
    [labels('a'), decision('a', 's1')],
    [labels('b', { duplicateOf: 'a' }), decision('b', 's1', { relation: 'duplicate', matchedLabel: 'a' })],
    [labels('c', { duplicateOf: 'b' }), decision('c', 's1', { relation: 'derived', matchedLabel: 'b' })],
    [labels('d', { duplicateOf: 'c' }), decision('d', 's1', { relation: 'duplicate', matchedLabel: 'c' })],
    [labels('e'), decision('e', 's2')],
  ]);
  expect(verdicts.linkedPairs).toMatchObject({ right: 6, wrong: 0, missed: 0 });
  expect(verdicts.duplicatePairs).toMatchObject({ right: 2, wrong: 0, missed: 4 });
  expect(verdicts).toMatchObject({
    items: 5,
    stories: 2,
    failed: 0,
    relatedClusters: null,
    tags: null,
    language: null,
  });
});

test('items without a copy that are suppressed all the same are counted', () => {
  const verdicts = judged([
    [labels('a'), decision('a', 's1')],
    [labels('b'), decision('b', 's1', { relation: 'duplicate', matchedLabel: 'a' })],
    [labels('c'), decision('c', null, { state: 'failed', relation: null })],
    [labels('d', { duplicateOf: 'not here' }), decision('d', 's3')],
    [labels('e', { duplicateOf: 'not here' }), decision('e', 's3', { relation: 'duplicate' })],
  ]);
  expect(verdicts.suppressed).toEqual({ items: 2, withoutCopy: 3, wrongly: 1, share: 1 / 3 });
  expect(verdicts.duplicatePairs).toMatchObject({ right: 1, wrong: 1 });
  expect(verdicts).toMatchObject({ stories: 2, failed: 1 });
});

test('clusters, tags and languages are judged where they are labelled', () => {
  const tag = (scheme: 'place' | 'person', slug: string) => ({
    scheme,
    slug,
    name: slug,
    source: 'text',
    confidence: 1,
  });
  const verdicts = judged([
    [
      labels('a', { cluster: 'x', language: 'en', tags: ['place/oslo', 'place/rome'] }),
      decision('a', 's1', { clusterId: 'c', language: 'en', tags: [tag('place', 'oslo'), tag('person', 'ada')] }),
    ],
    [
      labels('b', { cluster: 'x', language: 'no', tags: [] }),
      decision('b', 's2', { clusterId: 'c', language: 'da', tags: [tag('place', 'paris')] }),
    ],
    [labels('c'), decision('c', 's3', { tags: [tag('place', 'lima')] })],
  ]);
  expect(verdicts.relatedClusters).toEqual({ items: 2, expected: 1, found: 1, ari: 1 });
  expect(verdicts.tags).toMatchObject({ place: { right: 1, wrong: 1, missed: 1 } });
  expect(Object.keys(verdicts.tags ?? {})).toEqual(['place']);
  expect(verdicts.language).toMatchObject({ items: 2, right: 1, byLanguage: { no: { items: 1, right: 0 } } });
});

test('decisions in another order than the labels are a mistake of ours', () => {
  expect(() => judged([[labels('a'), decision('b', 's1')]])).toThrow('b is not the item');
});
