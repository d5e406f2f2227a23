/** What counts as an update. */
import { type Changeable, materialChanges } from './material-changes.js';

const TEXT = 'The bridge will close for repairs on Monday, the council said. Ferries run every 10 minutes.';
const story = (facts: Partial<Changeable> = {}): Changeable => ({
  title: 'Bridge to close',
  bodyText: TEXT,
  image: { url: 'https://a.example/p.jpg?w=600', credit: null, caption: null, width: 600, height: null },
  media: [],
  rights: null,
  sourceName: 'Kelso Wire',
  language: 'en',
  tags: [{ scheme: 'topic', slug: 'transport' }],
  ...facts,
});

test.each<[string, Partial<Changeable>, string[]]>([
  ['nothing', {}, []],
  ['punctuation of the title', { title: '“Bridge” to close!' }, []],
  ['the title', { title: 'Bridge stays open' }, ['title']],
  ['a comma and a capital', { bodyText: TEXT.replace('Monday,', 'monday') }, []],
  ['a spelling', { bodyText: TEXT.replace('council', 'concil') }, []],
  ['typographic quotes and dashes', { bodyText: TEXT.replace(', the', ' – “the”') }, []],
  ['a space', { bodyText: TEXT.replace('repairs', 're-pairs') }, []],
  ['an inserted "not"', { bodyText: TEXT.replace('will', 'will not') }, ['content']],
  ['a word less', { bodyText: TEXT.replace('for repairs ', '') }, ['content']],
  ['a short word', { bodyText: TEXT.replace('will', 'may') }, ['content']],
  ['another day', { bodyText: TEXT.replace('Monday', 'Sunday') }, ['content']],
  ['what may be another name', { bodyText: TEXT.replace('Ferries', 'Ferris') }, ['content']],
  ['slips in two places', { bodyText: TEXT.replace('council', 'concil').replace('minutes', 'minuets') }, ['content']],
  ['a number', { bodyText: TEXT.replace('10', '12') }, ['content']],
  ['a sentence more', { bodyText: `${TEXT} Shopkeepers asked for a later start.` }, ['content']],
  ['a sentence less', { bodyText: TEXT.slice(0, 62) }, ['content']],
  ['another size of the image', { image: { ...story().image!, url: 'https://a.example/p.jpg?w=900' } }, []],
  ['another image', { image: { ...story().image!, url: 'https://a.example/q.jpg' } }, ['media']],
  ['the order of tags', { tags: [{ scheme: 'topic', slug: 'transport' }] }, []],
  ['a tag', { tags: [] }, ['tags']],
  ['rights and source', { rights: '© A', sourceName: 'B' }, ['source', 'rights']],
])('%s', (_, facts, changed) => expect(materialChanges(story(), story(facts))).toEqual(changed));

test.each([
  ['The jury found him guilty.', 'The jury found him not guilty.'],
  ['It had three engines.', 'It had seven engines.'],
  ['Damage of two million crowns.', 'Damage of two billion crowns.'],
  ['The merger was legal.', 'The merger was illegal.'],
  ['市长说他会辞职。', '市长说他不会辞职。'],
])('%s → %s', (before, after) =>
  expect(materialChanges(story({ bodyText: before }), story({ bodyText: after }))).toEqual(['content']),
);
