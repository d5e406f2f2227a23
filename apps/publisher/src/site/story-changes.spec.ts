/** A partner's rights hold for what a story said before, too. */
import type { PartnerRights } from '#domain/story-rights.js';
import type { FormerVersion } from '#storage/story-changes.repository.js';
import { storyChanges } from './story-changes.js';

const AT = new Date('2026-10-05T12:00:00Z');
const version = (number: number, more: Partial<FormerVersion> = {}): FormerVersion => ({
  version: number,
  createdAt: AT,
  changed: number === 1 ? [] : ['title', 'content'],
  title: `Title ${number}`,
  text: `Text ${number}`,
  isTakenBack: false,
  partnerRights: {},
  publishedAt: AT,
  receivedAt: AT,
  ...more,
});
const shown = (newer: Partial<FormerVersion>, older: Partial<FormerVersion>): string[] => {
  const [change] = storyChanges([version(2, newer), version(1, older)], new Date('2026-10-06T12:00:00Z'));
  if (change === undefined) throw new Error('no change');
  return [
    ...(change.title.length > 0 ? ['title'] : []),
    ...(change.text.length > 0 ? ['text'] : []),
    ...(change.isHidden ? ['hidden'] : []),
  ];
};

describe('the changes of a story', () => {
  it('are every version against the one before it', () => {
    const changes = storyChanges([version(3), version(2), version(1)], AT);
    expect(changes.map(({ title }) => title.map(({ kind, text }) => `${kind} ${text}`))).toEqual([
      ['same Title ', 'removed 2', 'added 3'],
      ['same Title ', 'removed 1', 'added 2'],
    ]);
    expect(storyChanges([version(1)], AT)).toEqual([]);
    expect(storyChanges([], AT)).toEqual([]);
  });

  const excerpt: PartnerRights = { excerptOnly: true };
  it.each<[string, Partial<FormerVersion>, Partial<FormerVersion>, string[]]>([
    ['all', {}, {}, ['title', 'text']],
    ['no text where one of them is an excerpt', {}, { partnerRights: excerpt }, ['title', 'hidden']],
    ['no text that was not kept', {}, { text: null }, ['title', 'hidden']],
    ['nothing that was taken back', {}, { isTakenBack: true }, ['hidden']],
    ['nothing that may not be passed on', { partnerRights: { mayRepublish: false } }, {}, ['hidden']],
    ['nothing under embargo', { partnerRights: { embargoMinutes: 10_000 } }, {}, ['hidden']],
    ['nothing whose time is over', {}, { publishedAt: new Date(0), partnerRights: { expiryDays: 0.5 } }, ['hidden']],
  ])('show %s', (_, newer, older, expected) => expect(shown(newer, older)).toEqual(expected));
});
