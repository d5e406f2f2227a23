/** Categories as partners write them, and the tags they become. */
import type { ParsedCategory } from '#contracts/parsed-feed.js';
import { categoryTags } from './category-tags.js';
import { NamedThings } from './named-things.js';
import { TopicCatalogue } from './topic-catalogue.js';

const meanings = { findTopic: new TopicCatalogue().find, findThing: new NamedThings().find };
const tags = (...categories: (string | ParsedCategory)[]) =>
  categoryTags(
    categories.map((category) => (typeof category === 'string' ? { term: category } : category)),
    'Daily Harbour',
    meanings,
  );
const refs = (...categories: (string | ParsedCategory)[]) =>
  tags(...categories).map(({ scheme, slug }) => `${scheme}/${slug}`);

test.each([
  ['Sport', ['topic/sport']],
  ['SPORTS', ['topic/sport']],
  ['Wirtschaft', ['topic/economy-business-and-finance']],
  ['Arts & Culture', ['topic/arts-culture-entertainment-and-media']],
  ['Elections', ['topic/election']],
  ['Football', ['topic/soccer']],
  ['handball', ['topic/handball-team']],
  ['medtop:15000000', ['topic/sport']],
  ['http://cv.iptc.org/newscodes/mediatopic/15000000', ['topic/sport']],
  ['Kelso Bay', ['keyword/kelso-bay']],
  ['#KelsoBay', ['keyword/kelsobay']],
  ['News/Sport', ['topic/sport']],
  ['Germany', ['place/germany']],
  ['Allemagne', ['place/germany']],
  ['USA', ['place/united-states']],
  ['us', ['keyword/us']],
  ['hamburg', ['place/hamburg']],
  ['Japan; Harbour', ['place/japan', 'keyword/harbour']],
  ['Georgia', ['keyword/georgia']],
  ['UN', ['organisation/united-nations']],
  ['fed', ['keyword/fed']],
  ['Bank of England', ['organisation/bank-of-england']],
  ['Politics; Harbour; Politics', ['topic/politics', 'keyword/harbour']],
  ['Новости спорта', ['keyword/новости-спорта']],
  ['Uncategorized', []],
  ['2026', []],
  ['https://a.example/tag/x', []],
  ['', []],
  ['🎉', []],
])('%s', (category, expected) => expect(refs(category)).toEqual(expected));

test('each tag says where it came from', () => {
  expect(tags('Harbour Works')).toEqual([
    {
      scheme: 'keyword',
      slug: 'harbour-works',
      name: 'Harbour Works',
      source: 'partner category "Harbour Works" (Daily Harbour)',
      confidence: 1,
    },
  ]);
});

test('a label is shown instead of its term', () => {
  expect(tags({ term: 'k-771', label: 'Kelso Bay' })[0]?.name).toBe('Kelso Bay');
  expect(refs({ term: 'xyz', label: 'Sport' })).toEqual(['topic/sport']);
});

test('repeats in other spellings are one, twenty are enough, topics come first', () => {
  expect(refs('Kelso bay', 'KELSO BAY', 'Kelso-Bay')).toEqual(['keyword/kelso-bay']);
  const many = refs(
    ...Array.from({ length: 100 }, (_, i) => `Word ${String.fromCharCode(97 + (i % 26))}${i}`),
    'Sport',
  );
  expect(many).toHaveLength(20);
  expect(refs('Kelso', 'Sport')[0]).toBe('topic/sport');
});

test('names are cleaned and bounded', () => {
  const [tag] = tags(`Harbour\u0000 \n works ${'x'.repeat(200)}`);
  expect(tag?.name.length).toBeLessThanOrEqual(60);
  expect(tag?.name).toMatch(/^Harbour works x+…$/);
});
