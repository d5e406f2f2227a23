/** Real-looking feeds, broken at random: whatever a partner's server does to a document, reading it ends well and soon. */
import fc from 'fast-check';

import { parsedDocumentSchema } from '#contracts/parsed-feed.js';

import { expectCpuBelow } from '../../../test/support/cpu-time.js';
import { readFeed } from './read-feed.js';
import { UnreadableFeedError } from './unreadable-feed-error.js';

/** Rounds of the run; set DATELINE_MUTATIONS for more. */
const ROUNDS = Number(process.env['DATELINE_MUTATIONS'] ?? 10_000);

const RSS = `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE rss [<!ENTITY x "y">]>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>Daily &amp; Sunday</title><link>https://partner.example/</link><description>News &x;</description><ttl>30</ttl>
<item><title>Vote passes</title><link>https://partner.example/1</link><guid isPermaLink="false">1</guid><pubDate>Mon, 06 May 2024 10:00:00 GMT</pubDate>
<dc:creator>Jané Doe</dc:creator><category domain="d">EU</category><description><![CDATA[<p>Short <b>text</b></p>]]></description>
<content:encoded>&lt;p&gt;Long&nbsp;text &lt;img src="/a.jpg"&gt;&lt;/p&gt;</content:encoded>
<media:group><media:content url="https://cdn.example/a.jpg" type="image/jpeg" width="10"><media:credit>Cam</media:credit></media:content></media:group>
<enclosure url="https://cdn.example/a.mp3" length="7" type="audio/mpeg"/></item><!-- second --><item><title>Two</title><author>a@b.example (A)</author></item></channel></rss>`;
const ATOM = `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://partner.example/x/"><id>urn:f</id><title type="html">A &lt;b&gt;B&lt;/b&gt;</title>
<link rel="self" href="feed"/><link href="/"/><updated>2024-05-06T10:00:00Z</updated><author><name>Jane</name><email>j@b.example</email></author>
<entry><id>urn:1</id><title>One</title><link rel="alternate" href="1"/><updated>2024-05-06T10:00:00+02:00</updated><summary>a &lt; b</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hello <a href="y">y</a><br/></p></div></content><category term="t"/></entry></feed>`;
const RDF = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="u"><title>R</title><items><rdf:Seq><rdf:li rdf:resource="1"/></rdf:Seq></items></channel><item rdf:about="1"><title>One</title><link>http://a.example/1</link></item></rdf:RDF>`;
const JSON_FEED = `{"version":"https://jsonfeed.org/version/1.1","title":"J","items":[{"id":"1","url":"https://partner.example/1","content_html":"<p>x</p>","tags":["a"],"attachments":[{"url":"https://cdn.example/a.mp3","mime_type":"audio/mpeg"}]}]}`;

/** Pieces that break parsers when they turn up where nobody expects them. */
const SHARDS = [
  '<',
  '>',
  '"',
  "'",
  '&',
  ';',
  '/',
  '=',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '<?',
  '?>',
  '<!DOCTYPE x [',
  ']',
  '</item>',
  '<item>',
  '</channel>',
  '<entry>',
  '</',
  '\0',
  '\uFFFE',
  '&#x0;',
  '&#55555;',
  '&lt;',
  '<br>',
  '<a href="',
  ' xmlns="x"',
  'xml:base="%%"',
  '\uE0000',
  '{',
  '}',
  '[',
  ',',
  ':',
  'é',
  '\ud800',
  '__proto__',
  'constructor',
];

type Mutation = { at: number; length: number; put: string | number[] };

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, fc.nat(200)),
  put: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...SHARDS) },
    fc.array(fc.nat(255), { maxLength: 4 }),
    fc.constant(''),
  ),
});

function mutate(bytes: Buffer, { at, length, put }: Mutation): Buffer {
  const from = Math.floor(at * bytes.length);
  return Buffer.concat([bytes.subarray(0, from), Buffer.from(put as string), bytes.subarray(from + length)]);
}

it('leaves a link of Atom out that has text and an empty address', async () => {
  const feed =
    '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:1</id><link href="">x</link><link>y</link></entry></feed>';
  const { items } = await readFeed(Buffer.from(feed), { contentType: 'text/xml', url: 'https://partner.example/feed' });
  expect(items).toMatchObject([{ url: 'https://partner.example/y' }]);
});

it(`survives ${ROUNDS} mutations`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(RSS, ATOM, RDF, JSON_FEED),
      fc.array(mutation, { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      async (feed, mutations, cut) => {
        const broken = mutations.reduce(mutate, Buffer.from(feed));
        const bytes = cut ? broken.subarray(0, Math.floor(broken.length * (mutations[0]?.at ?? 1))) : broken;
        await expectCpuBelow(1_000, async () => {
          try {
            parsedDocumentSchema.parse(
              await readFeed(bytes, { contentType: 'text/xml', url: 'https://partner.example/feed' }),
            );
          } catch (error) {
            if (!(error instanceof UnreadableFeedError)) throw error;
          }
        });
      },
    ),
    { numRuns: ROUNDS },
  );
});
