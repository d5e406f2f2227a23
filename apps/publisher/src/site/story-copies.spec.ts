/** Readers are told in their language why a copy is in a story, and in no words of our own trade. */
import type { StoryItem } from '#storage/story-history.repository.js';
import { Editions } from './editions.js';
import { storyCopies } from './story-copies.js';

const RULES = [
  ...['guid', 'url', 'text', 'text-copy', 'short-text', 'update-marker', 'text-overlap', 'figures-updated'],
  ...['first', 'operator'],
];
const { all, own } = new Editions({ siteLanguage: 'en' });

const copy = (rule: string, evidence: StoryItem['evidence'] = { matchedPartner: 'Harbour Daily' }): StoryItem => ({
  partnerSlug: 'harbour',
  partnerName: 'Harbour Daily',
  title: 'The ferry is back',
  url: 'https://harbour.example/1',
  leading: false,
  rule,
  evidence,
  partnerRights: {},
  publishedAt: null,
  receivedAt: new Date('2026-10-05T12:00:00Z'),
});
const why = (item: StoryItem, edition = own): string | undefined => storyCopies([item], edition)[0]?.why;

test.each(RULES)('the rule %s is said in a sentence of each language', (rule) => {
  const sentences = all.map((edition) => why(copy(rule), edition) ?? '');
  expect(new Set(sentences).size).toBe(all.length);
  for (const sentence of sentences) expect(sentence).not.toMatch(new RegExp(`[“„«]\\s?${rule}`));
});

test.each([
  ['text-copy', 'Most of its text is in the copy from Harbour Daily, too.'],
  ['figures-updated', 'It is an update of the copy from Harbour Daily, or an extract of it.'],
  ['another-rule', 'Joined by the rule “another-rule”.'],
])('%s: %s', (rule, sentence) => expect(why(copy(rule))).toBe(sentence));

test('a copy that came with a story that was merged is not said to have come first', () => {
  expect(why(copy('first', {}))).toBe('It came first: the story began with it.');
  expect(why(copy('first', { originalOf: '01a00000-0000-7000-8000-000000000001' }))).toBe(
    'Its story was merged into this one.',
  );
});
