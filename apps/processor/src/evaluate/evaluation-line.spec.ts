/** Lines of a corpus, as people and programs write them. */
import { paragraphs, readLine } from './evaluation-line.js';

const canonicalName = (scheme: string, name: string): string | undefined =>
  scheme === 'place' && name === 'usa' ? 'United States' : undefined;

const read = (line: object) => readLine(JSON.stringify(line), canonicalName);

test('a whole line: what the pipeline gets and what it is judged by are apart', () => {
  const { labels, partner, parsed, notes } = read({
    id: 'a1',
    partner: 'Kelso Wire',
    url: 'https://kelso.example/a1',
    title: 'Bridge closes',
    text: 'One.\n\nTwo < three & four.',
    published: '2026-11-20T08:00:00+01:00',
    language: 'en-GB',
    duplicateOf: 'a0',
    cluster: 7,
    tags: [
      { scheme: 'place', name: 'Kelso Bay' },
      { scheme: 'organization', name: 'Harbour Council' },
      { scheme: 'place', name: 'kelso bay' },
    ],
  });
  expect(labels).toEqual({
    id: 'a1',
    duplicateOf: 'a0',
    cluster: '7',
    language: 'en',
    tags: ['place/kelso-bay', 'organisation/harbour-council'],
  });
  expect(partner).toBe('Kelso Wire');
  expect(parsed).toEqual({
    title: 'Bridge closes',
    url: 'https://kelso.example/a1',
    content: '<p>One.</p>\n<p>Two &lt; three &amp; four.</p>',
    published: '2026-11-20T07:00:00.000Z',
    authors: [],
    categories: [],
    media: [],
  });
  expect(notes).toEqual([]);
});

test('what is absent, null or of no use is left out', () => {
  const { labels, partner, parsed, notes } = read({
    id: 12,
    title: null,
    html: '<p>Text</p>',
    published: 'soon',
    language: null,
    duplicateOf: '',
    tags: [{ scheme: 'event', name: 'x' }],
    categories: ['Sport', 3],
  });
  expect(labels).toEqual({ id: '12', duplicateOf: null, cluster: null, language: null, tags: [] });
  expect(partner).toBe('partner');
  expect(parsed).toMatchObject({ content: '<p>Text</p>', categories: [{ term: 'Sport' }] });
  expect(parsed).not.toHaveProperty('published');
  expect(notes).toHaveLength(2);
});

test.each([
  ['not JSON', '{"id":', /not JSON/],
  ['no object', '[1]', /no.* JSON object/],
  ['no id', '{"text":"x"}', /no "id"/],
  ['nothing to read', '{"id":"a","title":" "}', /neither/],
])('a line that is left out: %s', (_, line, reason) => {
  expect(() => readLine(line, canonicalName)).toThrow(reason);
});

test.each([
  ['a sentence that is broken\ninto lines. Goes on', ['a sentence that is broken\ninto lines. Goes on']],
  [
    'One line, one paragraph.\nThe next one."\nAnd a third',
    ['One line, one paragraph.', 'The next one."', 'And a third'],
  ],
  ['a\r\n \r\n\r\nb', ['a', 'b']],
  [' \n ', []],
])('paragraphs of %j', (text, parts) => {
  expect(paragraphs(text)).toBe(parts.map((part) => `<p>${part}</p>`).join('\n'));
});

test('another name of a thing that the hub knows is that thing', () => {
  const line = {
    id: '1',
    title: 'x',
    tags: [
      { scheme: 'place', name: 'usa' },
      { scheme: 'topic', name: 'usa' },
    ],
  };
  expect(readLine(JSON.stringify(line), canonicalName).labels.tags).toEqual(['place/united-states', 'topic/usa']);
});
