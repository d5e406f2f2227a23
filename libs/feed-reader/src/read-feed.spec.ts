/** What the reader makes of each format, element by element, by the standards' own words. */
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import { type ParsedDocument, parsedDocumentSchema } from '#contracts/parsed-feed.js';

import { readFeed } from './read-feed.js';

const URL = 'https://partner.example/feeds/news.xml';

async function read(text: string | Uint8Array, contentType: string | null = null, url = URL): Promise<ParsedDocument> {
  const document = await readFeed(typeof text === 'string' ? Buffer.from(text) : text, { contentType, url });
  return parsedDocumentSchema.parse(document);
}

const RSS_NAMES =
  'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom" ' +
  'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"';
const rss = (inside: string): string =>
  `<?xml version="1.0"?><rss version="2.0" ${RSS_NAMES}><channel>${inside}</channel></rss>`;
const rssItem = (inside: string, before = ''): string => rss(`${before}<item>${inside}</item>`);
const atom = (inside: string, attributes = ''): string =>
  `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" ${attributes}>${inside}</feed>`;
const entry = (inside: string, attributes = ''): string => atom(`<entry>${inside}</entry>`, attributes);

describe('RSS 2.0', () => {
  it('reads a whole channel', async () => {
    const { feed, items, problems } = await read(
      rss(`<title>Daily &amp; Sunday</title><link>https://partner.example/</link><description>All the &lt;b&gt;news&lt;/b&gt;</description>
        <language>en-gb</language><copyright>© 2024 Partner</copyright><managingEditor>ed@partner.example (Ed Itor)</managingEditor>
        <pubDate>Mon, 06 May 2024 10:00:00 GMT</pubDate><lastBuildDate>Mon, 06 May 2024 11:00:00 GMT</lastBuildDate>
        <category domain="http://www.dmoz.org">News</category><ttl>30</ttl><image><url>/logo.png</url><title>Daily</title><link>https://partner.example/</link></image>
        <skipHours><hour>0</hour><hour>23</hour></skipHours><skipDays><day>Sunday</day></skipDays><sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>
        <atom:link rel="self" type="application/rss+xml" href="https://partner.example/feeds/news.xml"/><atom:link rel="hub" href="https://hub.example/"/>
        <item><title>One</title></item>`),
    );
    expect(feed).toEqual({
      format: 'rss',
      title: 'Daily & Sunday',
      subtitle: 'All the news',
      homeUrl: 'https://partner.example/',
      selfUrl: URL,
      hubs: ['https://hub.example/'],
      image: 'https://partner.example/logo.png',
      language: 'en-gb',
      rights: '© 2024 Partner',
      authors: [{ name: 'Ed Itor', email: 'ed@partner.example' }],
      categories: [{ term: 'News', scheme: 'http://www.dmoz.org' }],
      published: '2024-05-06T10:00:00.000Z',
      updated: '2024-05-06T11:00:00.000Z',
      schedule: { ttlMinutes: 30, updatePeriodMinutes: 360, skipHours: [0, 23], skipDays: ['Sunday'] },
    });
    expect(items).toHaveLength(1);
    expect(problems).toEqual([]);
  });

  it('reads a whole item', async () => {
    const { items } = await read(
      rssItem(`<title>Vote passes</title><link>/2024/vote</link><description>Short &lt;i&gt;text&lt;/i&gt;</description>
        <content:encoded><![CDATA[<p>Long <img src="/a.jpg"> text</p>]]></content:encoded><dc:creator>Jane Doe</dc:creator><dc:creator>John Roe</dc:creator>
        <category>Politics</category><category domain="tags">EU</category><guid isPermaLink="false">story-1</guid><pubDate>Mon, 06 May 2024 10:00:00 +0200</pubDate>
        <enclosure url="http://cdn.example/a.mp3" length="1234" type="audio/mpeg"/><source url="http://other.example/feed.xml">Other</source>
        <comments>https://partner.example/2024/vote#comments</comments><dc:language>en</dc:language><dc:rights>CC BY</dc:rights>`),
    );
    expect(items[0]).toEqual({
      id: 'story-1',
      url: 'https://partner.example/2024/vote',
      title: 'Vote passes',
      summary: 'Short <i>text</i>',
      content: '<p>Long <img src="https://partner.example/a.jpg"> text</p>',
      authors: [{ name: 'Jane Doe' }, { name: 'John Roe' }],
      published: '2024-05-06T08:00:00.000Z',
      categories: [{ term: 'Politics' }, { term: 'EU', scheme: 'tags' }],
      media: [{ url: 'http://cdn.example/a.mp3', length: 1234, type: 'audio/mpeg', medium: 'audio', enclosure: true }],
      language: 'en',
      rights: 'CC BY',
      source: { title: 'Other', url: 'http://other.example/feed.xml', feedUrl: 'http://other.example/feed.xml' },
      comments: 'https://partner.example/2024/vote#comments',
    });
  });

  it.each([
    ['a guid that is a link', '<guid>https://partner.example/1</guid>', 'https://partner.example/1'],
    ['a guid that says it is none', '<guid isPermaLink="false">https://partner.example/1</guid>', undefined],
    ['a guid that is no address', '<guid>1234</guid>', undefined],
    [
      'a link before a guid',
      '<guid>https://partner.example/1</guid><link>https://partner.example/2</link>',
      'https://partner.example/2',
    ],
    ['an empty link', '<link/><guid>https://partner.example/1</guid>', 'https://partner.example/1'],
    ['an Atom link', '<atom:link href="https://partner.example/3"/>', 'https://partner.example/3'],
    ['a link in an attribute', '<link href="https://partner.example/4"/>', 'https://partner.example/4'],
    [
      'the link behind FeedBurner',
      '<link>http://feedproxy.example/~r/1</link><feedburner:origLink>https://partner.example/5</feedburner:origLink>',
      'https://partner.example/5',
    ],
    [
      'ampersands escaped twice',
      '<link>https://partner.example/?a=1&amp;amp;b=2</link>',
      'https://partner.example/?a=1&b=2',
    ],
    ['a bare ampersand', '<link>https://partner.example/?a=1&b=2</link>', 'https://partner.example/?a=1&b=2'],
    [
      'a link in CDATA with line ends',
      '<link><![CDATA[\n https://partner.example/6\n]]></link>',
      'https://partner.example/6',
    ],
    ['a link without its scheme', '<link>www.partner.example/7</link>', 'http://www.partner.example/7'],
    ['a link with a space', '<link>https://partner.example/a b</link>', 'https://partner.example/a%20b'],
    ['a script for a link', '<link>javascript:alert(1)</link>', undefined],
  ])('takes %s', async (_name, inside, url) => {
    expect((await read(rssItem(inside))).items[0]?.url).toBe(url);
  });

  it.each([
    ['Fish &amp; chips', 'Fish & chips'],
    ['Fish &amp;amp; chips', 'Fish & chips'],
    ['It&amp;#8217;s', 'It’s'],
    ['<![CDATA[Fish &amp; chips]]>', 'Fish & chips'],
    ['<![CDATA[A <em>big</em> day]]>', 'A big day'],
    ['A &lt;b&gt;big&lt;/b&gt; day', 'A big day'],
    ['1 &lt; 2 and 3 > 2', '1 < 2 and 3 > 2'],
    ['Use of Vec&lt;T&gt; in &lt;iostream&gt;', 'Use of Vec<T> in <iostream>'],
    ['  Two\n   lines ', 'Two lines'],
    ['A <i>naked</i> one', 'A naked one'],
    ['Caf&eacute; &mdash; open', 'Café — open'],
    ['One<br/>two', 'One two'],
    ['AT&T', 'AT&T'],
  ])('reads the title %s', async (raw, title) => {
    expect((await read(rssItem(`<title>${raw}</title>`))).items[0]?.title).toBe(title);
  });

  it.each([
    ['jane@x.example (Jane Doe)', { name: 'Jane Doe', email: 'jane@x.example' }],
    ['Jane Doe &lt;jane@x.example&gt;', { name: 'Jane Doe', email: 'jane@x.example' }],
    ['Jane Doe (jane@x.example)', { name: 'Jane Doe', email: 'jane@x.example' }],
    ['mailto:jane@x.example', { email: 'jane@x.example' }],
    ['jane@x.example (Jane Doe (BBC))', { name: 'Jane Doe (BBC)', email: 'jane@x.example' }],
    ['Jane Doe (BBC)', { name: 'Jane Doe (BBC)' }],
    ['Jane, John &amp;amp; Jim', { name: 'Jane, John & Jim' }],
    ['https://partner.example/jane', { url: 'https://partner.example/jane' }],
  ])('reads the author %s', async (raw, author) => {
    expect((await read(rssItem(`<author>${raw}</author>`))).items[0]?.authors).toEqual([author]);
  });

  it('takes podcast and media details', async () => {
    const { feed, items } = await read(
      rss(`<itunes:author>The Pod</itunes:author><itunes:image href="https://cdn.example/cover.jpg"/><itunes:category text="News"><itunes:category text="Politics"/></itunes:category>
        <item><title>E1</title><itunes:duration>1:02:03</itunes:duration><itunes:author>Host</itunes:author><itunes:summary>About</itunes:summary>
        <enclosure url="http://cdn.example/e1.mp3" length="99" type="audio/mpeg"/><itunes:image href="http://cdn.example/e1.jpg"/></item>
        <item><media:group><media:title>Clip</media:title><media:description>Words</media:description><media:thumbnail url="http://cdn.example/t.jpg" width="10" height="20"/>
        <media:content url="http://cdn.example/v.mp4" type="video/mp4" fileSize="5" duration="12" width="640" height="360"><media:credit role="author">Cam</media:credit></media:content></media:group></item>`),
    );
    expect(feed).toMatchObject({
      image: 'https://cdn.example/cover.jpg',
      authors: [{ name: 'The Pod' }],
      categories: [{ term: 'News' }, { term: 'Politics' }],
    });
    expect(items[0]).toMatchObject({
      authors: [{ name: 'Host' }],
      summary: 'About',
      media: [
        { url: 'http://cdn.example/e1.mp3', length: 99, type: 'audio/mpeg', medium: 'audio', duration: 3723 },
        { url: 'http://cdn.example/e1.jpg', medium: 'image' },
      ],
    });
    expect(items[1]).toMatchObject({
      title: 'Clip',
      summary: 'Words',
      media: [
        {
          url: 'http://cdn.example/v.mp4',
          type: 'video/mp4',
          medium: 'video',
          length: 5,
          duration: 12,
          width: 640,
          height: 360,
          title: 'Clip',
          caption: 'Words',
          credit: 'Cam',
        },
        { url: 'http://cdn.example/t.jpg', medium: 'image', width: 10, height: 20 },
      ],
    });
  });
});

describe('RDF (RSS 0.90 and 1.0)', () => {
  it('reads items beside the channel, Dublin Core and rdf:about', async () => {
    const { feed, items } =
      await read(`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:d="http://purl.org/dc/elements/1.1/">
      <channel rdf:about="https://partner.example/"><title>RDF</title><link>https://partner.example/</link><items><rdf:Seq><rdf:li rdf:resource="https://partner.example/1"/></rdf:Seq></items></channel>
      <image rdf:about="x"><title>i</title><url>https://partner.example/i.png</url></image>
      <item rdf:about="https://partner.example/1"><title>One</title><link>https://partner.example/1</link><d:date>2024-05-06T10:00:00+02:00</d:date><d:creator>Jane</d:creator><d:subject>EU</d:subject></item>
      <textinput><title>no</title></textinput></rdf:RDF>`);
    expect(feed).toMatchObject({
      format: 'rdf',
      title: 'RDF',
      homeUrl: 'https://partner.example/',
      image: 'https://partner.example/i.png',
    });
    expect(items).toEqual([
      {
        id: 'https://partner.example/1',
        url: 'https://partner.example/1',
        title: 'One',
        authors: [{ name: 'Jane' }],
        published: '2024-05-06T08:00:00.000Z',
        updated: '2024-05-06T08:00:00.000Z',
        categories: [{ term: 'EU' }],
        media: [],
      },
    ]);
  });
});

describe('Atom 1.0', () => {
  it('reads feed and entry', async () => {
    const { feed, items } = await read(
      atom(
        `<id>urn:feed</id><title type="html">A &lt;b&gt;B&lt;/b&gt;</title><subtitle>Sub</subtitle><updated>2024-05-06T10:00:00Z</updated>
        <author><name>Feed Author</name><email>f@partner.example</email><uri>/about</uri></author><rights>All</rights><icon>/favicon.ico</icon><logo>/logo.svg</logo>
        <link href="/"/><link rel="self" href="https://partner.example/atom"/><link rel="hub" href="https://hub.example/"/>
        <entry><id>urn:1</id><title>T</title><link rel="enclosure" href="/a.mp3" type="audio/mpeg" length="7"/><link rel="alternate" type="text/html" href="/1"/>
        <link rel="replies" href="/1#c"/><link rel="via" href="https://other.example/x"/><published>2024-05-05T10:00:00Z</published><updated>2024-05-06T10:00:00Z</updated>
        <summary>a &lt; b</summary><content type="html">&lt;p&gt;x&lt;/p&gt;</content><category term="eu" scheme="s" label="EU"/>
        <source><id>urn:src</id><title>Src</title><link href="https://other.example/"/><link rel="self" href="https://other.example/feed"/></source></entry>`,
        'xml:lang="de"',
      ),
    );
    expect(feed).toMatchObject({
      format: 'atom',
      id: 'urn:feed',
      title: 'A B',
      subtitle: 'Sub',
      homeUrl: 'https://partner.example/',
      selfUrl: 'https://partner.example/atom',
      hubs: ['https://hub.example/'],
      icon: 'https://partner.example/favicon.ico',
      image: 'https://partner.example/logo.svg',
      language: 'de',
      authors: [{ name: 'Feed Author', email: 'f@partner.example', url: 'https://partner.example/about' }],
    });
    expect(items[0]).toEqual({
      id: 'urn:1',
      url: 'https://partner.example/1',
      externalUrl: 'https://other.example/x',
      title: 'T',
      summary: 'a &lt; b',
      content: '<p>x</p>',
      authors: [{ name: 'Feed Author', email: 'f@partner.example', url: 'https://partner.example/about' }],
      published: '2024-05-05T10:00:00.000Z',
      updated: '2024-05-06T10:00:00.000Z',
      categories: [{ term: 'eu', scheme: 's', label: 'EU' }],
      media: [
        { url: 'https://partner.example/a.mp3', type: 'audio/mpeg', length: 7, medium: 'audio', enclosure: true },
      ],
      source: { title: 'Src', url: 'https://other.example/', feedUrl: 'https://other.example/feed' },
      comments: 'https://partner.example/1#c',
    });
  });

  it.each([
    [
      'xhtml, less its div',
      '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>a &lt; b<br/></p></div></content>',
      '<p>a &lt; b<br></p>',
    ],
    [
      'prefixed xhtml',
      '<content type="xhtml"><x:div xmlns:x="http://www.w3.org/1999/xhtml"><x:p>a</x:p></x:div></content>',
      '<p>a</p>',
    ],
    ['two divs', '<content type="xhtml"><div>a</div><div>b</div></content>', '<div>a</div><div>b</div>'],
    ['text', '<content type="text">&lt;b&gt; is bold</content>', '&lt;b&gt; is bold'],
    ['html', '<content type="html">&lt;b&gt;bold&lt;/b&gt;</content>', '<b>bold</b>'],
    ['html in CDATA', '<content type="html"><![CDATA[<b>bold</b>]]></content>', '<b>bold</b>'],
    ['a media type', '<content type="text/html">&lt;b&gt;bold&lt;/b&gt;</content>', '<b>bold</b>'],
    ['base64 of text', '<content type="application/octet-stream">PGI+Ym9sZDwvYj4=</content>', '<b>bold</b>'],
    ['base64 of an image', '<content type="image/png">iVBORw0KGgo=</content>', undefined],
    ['untyped markup', '<content>&lt;p&gt;a&lt;/p&gt;</content>', '<p>a</p>'],
    [
      'xml:base',
      '<content type="html" xml:base="http://b.example/d/">&lt;a href="x">l&lt;/a&gt;</content>',
      '<a href="http://b.example/d/x">l</a>',
    ],
    [
      'xml:base relative to another',
      '<content type="xhtml" xml:base="e/"><div><img src="y"/></div></content>',
      '<img src="http://b.example/d/e/y">',
    ],
  ])('reads content: %s', async (name, inside, content) => {
    const base = name.startsWith('xml:base rel') ? 'xml:base="http://b.example/d/"' : '';
    expect((await read(entry(inside, base))).items[0]?.content).toBe(content);
  });

  it('reads Atom under a prefix, with namespaces in any spelling', async () => {
    const { items } = await read(
      '<a:feed xmlns:a="HTTP://www.w3.org/2005/atom/" xmlns:m="http://search.yahoo.com/mrss"><a:entry><a:title>T</a:title><a:link href="http://x.example/1"/><m:thumbnail url="http://x.example/t.png"/></a:entry></a:feed>',
    );
    expect(items[0]).toMatchObject({
      title: 'T',
      url: 'http://x.example/1',
      media: [{ url: 'http://x.example/t.png', medium: 'image' }],
    });
  });

  it('keeps the feed when one date is unreadable', async () => {
    const { items, problems } = await read(
      atom(
        '<entry><id>1</id><updated>soon</updated></entry><entry><id>2</id><updated>2024-05-06T10:00:00Z</updated></entry>',
      ),
    );
    expect(items.map((item) => item.updated)).toEqual([undefined, '2024-05-06T10:00:00.000Z']);
    expect(problems).toEqual([
      { code: 'unreadable-date', message: 'The date "soon" cannot be read; it was left out.', itemIndex: 0 },
    ]);
  });
});

describe('JSON Feed', () => {
  it('reads version 1.1', async () => {
    const { feed, items } = await read(
      JSON.stringify({
        version: 'https://jsonfeed.org/version/1.1',
        title: 'J',
        home_page_url: 'https://partner.example/',
        feed_url: URL,
        description: 'D',
        icon: '/i.png',
        favicon: '/f.ico',
        language: 'en-US',
        authors: [{ name: 'A', url: '/a' }],
        hubs: [{ type: 'WebSub', url: 'https://hub.example/' }],
        items: [
          {
            id: 1,
            url: '/1',
            external_url: 'https://other.example/',
            title: ' T ',
            content_html: '<a href="x">y</a>',
            summary: 'S < T',
            image: '/1.png',
            date_published: '2024-05-06T10:00:00+02:00',
            tags: ['a', 'a', 'b'],
            attachments: [
              { url: 'https://cdn.example/1.mp3', mime_type: 'audio/mpeg', size_in_bytes: 5, duration_in_seconds: 6 },
            ],
          },
          { id: '2', content_text: 'a < b\n\nc\nd' },
        ],
      }),
    );
    expect(feed).toMatchObject({
      format: 'json',
      title: 'J',
      subtitle: 'D',
      homeUrl: 'https://partner.example/',
      selfUrl: URL,
      icon: 'https://partner.example/f.ico',
      image: 'https://partner.example/i.png',
      hubs: ['https://hub.example/'],
    });
    expect(items).toEqual([
      {
        id: '1',
        url: 'https://partner.example/1',
        externalUrl: 'https://other.example/',
        title: 'T',
        summary: 'S &lt; T',
        content: '<a href="https://partner.example/x">y</a>',
        authors: [{ name: 'A', url: 'https://partner.example/a' }],
        published: '2024-05-06T08:00:00.000Z',
        categories: [{ term: 'a' }, { term: 'b' }],
        media: [
          {
            url: 'https://cdn.example/1.mp3',
            type: 'audio/mpeg',
            length: 5,
            duration: 6,
            medium: 'audio',
            enclosure: true,
          },
          { url: 'https://partner.example/1.png', medium: 'image' },
        ],
      },
      {
        id: '2',
        content: '<p>a &lt; b</p>\n<p>c<br>d</p>',
        authors: [{ name: 'A', url: 'https://partner.example/a' }],
        categories: [],
        media: [],
      },
    ]);
  });

  it('reads version 1.0 with a single author and wrong types', async () => {
    const { items } = await read(
      JSON.stringify({
        version: 'https://jsonfeed.org/version/1',
        title: 7,
        author: { name: 'A' },
        items: [{ id: 'x', title: null, tags: 'no', attachments: {}, date_published: 'nonsense' }, 5, null],
      }),
    );
    expect(items).toEqual([{ id: 'x', authors: [{ name: 'A' }], categories: [], media: [] }]);
  });
});

describe('repairs', () => {
  it.each([
    ['junk before the prolog', `PHP Warning: x\n${rssItem('<title>T</title>')}`, 'junk-before-xml'],
    ['HTML entities', rssItem('<title>T</title><description>a&nbsp;b</description>'), 'html-entity'],
    ['control characters', rssItem('<title>T\u0008</title>'), 'illegal-characters'],
    ['a missing end tag', rss('<item><title>T</item>'), 'unclosed-element'],
    ['a text that was not closed', rssItem('<title>T<link>https://partner.example/1</link>'), 'unclosed-element'],
    ['an item that was not closed', rss('<item><title>T</title><item><title>U</title></item>'), undefined],
    ['a missing version', '<rss><channel><item><title>T</title></item></channel></rss>', undefined],
    ['uppercase tags', '<RSS><CHANNEL><ITEM><TITLE>T</TITLE></ITEM></CHANNEL></RSS>', undefined],
    ['items outside the channel', '<rss><item><title>T</title></item></rss>', undefined],
    ['a wrapper', '<xml><rss><channel><item><title>T</title></item></channel></rss></xml>', 'junk-before-xml'],
    ['a wrapper of items', '<rss><channel><items><item><title>T</title></item></items></channel></rss>', undefined],
    ['a warning in HTML', `<html><body>Oops</body></html>${rssItem('<title>T</title>')}`, 'junk-before-xml'],
    [
      'a root in a foreign namespace',
      '<rss xmlns="http://www.w3.org/1999/xhtml"><channel><item xmlns="x:y"><title xmlns="">T</title></item></channel></rss>',
      undefined,
    ],
    ['a second document', `${rssItem('<title>T</title>')}${atom('<title>U</title>')}`, undefined],
    ['no root but items', '<item><title>T</title></item>', undefined],
    [
      'the unfinished last item',
      `${rss('<item><title>T</title></item>').replace('</channel></rss>', '')}<item><title>Cut`,
      'truncated',
    ],
    ['undeclared prefixes', '<rss><channel><item><dc:title>T</dc:title></item></channel></rss>', undefined],
  ])('%s', async (_name, text, code) => {
    const { items, problems } = await read(text);
    expect(items[0]?.title).toBe('T');
    expect(problems.map((problem) => problem.code)).toEqual(code === undefined ? [] : [code]);
  });

  it('lets no stray declaration swallow a content', async () => {
    const { items } = await read(rssItem("<description>&lt;!' &lt;b&gt;x&lt;/b&gt;</description>"));
    expect(items[0]?.summary).toBe("&lt;!' <b>x</b>");
  });

  it('keeps unclosed line breaks and what follows them', async () => {
    const { items } = await read(rssItem('<description>one<br>two<p>three</description><title>T</title>'));
    expect(items[0]).toMatchObject({ title: 'T', summary: 'one<br>two<p>three' });
  });

  it('expands plain entities of the document type and no others', async () => {
    const { items, problems } = await read(
      `<!DOCTYPE rss [<!ENTITY who "Jane"><!ENTITY a "&who;&who;"><!ENTITY f SYSTEM "file:///etc/passwd">]>${rssItem('<title>&who; &a; &f;</title>').replace('<?xml version="1.0"?>', '')}`,
    );
    expect(items[0]?.title).toBe('Jane &a; &f;');
    expect(problems.map((problem) => problem.code)).toEqual(['entity-dropped', 'external-entity']);
  });
});

describe('what few feeds have and some readers miss', () => {
  it('takes the page of a link blog for its item, and the link for what it is about', async () => {
    const { items } = await read(
      atom(`<link rel="alternate" href="https://partner.example/"/>
        <entry><link rel="alternate" href="https://other.example/story"/><link rel="related" href="https://partner.example/linked/1"/></entry>
        <entry><link rel="alternate" href="https://partner.example/2"/><link rel="via" href="https://other.example/2"/></entry>`),
    );
    expect(items).toMatchObject([
      { url: 'https://other.example/story', externalUrl: 'https://other.example/story' },
      { url: 'https://partner.example/2', externalUrl: 'https://other.example/2' },
    ]);
  });

  it.each([
    ['<cc:license xmlns:cc="http://web.resource.org/cc/" rdf:resource="https://l.example/by"/>'],
    [
      '<creativeCommons:license xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule">https://l.example/by</creativeCommons:license>',
    ],
    ['<atom:link rel="license" href="https://l.example/by"/>'],
  ])('takes a licence for rights: %s', async (element) => {
    const { feed, items } = await read(rssItem(element, element));
    expect([feed.rights, items[0]?.rights]).toEqual(['https://l.example/by', 'https://l.example/by']);
    expect((await read(rssItem(`<dc:rights>Ours</dc:rights>${element}`))).items[0]?.rights).toBe('Ours');
  });

  it('makes an Atom id whole that is only a path, and leaves all others', async () => {
    const { feed, items } = await read(atom('<id>/f</id><entry><id>/1</id></entry><entry><id>t3_1</id></entry>'));
    expect([feed.id, ...items.map((item) => item.id)]).toEqual([
      'https://partner.example/f',
      'https://partner.example/1',
      't3_1',
    ]);
    expect((await read(rssItem('<guid>/1</guid>'))).items[0]?.id).toBe('/1');
  });

  it('resolves against a Content-Location of the same site', async () => {
    const text = rssItem('<link>1</link>');
    const at = async (location: string, url: string): Promise<string | undefined> =>
      (await readFeed(Buffer.from(text), { contentType: null, url, headers: { 'content-location': location } }))
        .items[0]?.url;
    expect(await at('https://partner.example/a/', '')).toBe('https://partner.example/a/1');
    expect(await at('/b/feed', 'https://partner.example/feed')).toBe('https://partner.example/b/1');
    expect(await at('https://evil.example/', 'https://partner.example/feed')).toBe('https://partner.example/1');
  });

  it.each([
    [
      'an RSS 1.1 list',
      '<Channel xmlns="http://purl.org/net/rss1.1#"><title>F</title><items><item><title>T</title></item></items></Channel>',
    ],
    [
      'Atom under a prefix',
      '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>F</a:title><a:entry><a:title>T</a:title></a:entry></a:feed>',
    ],
    [
      'a root under a prefix that stands for nothing',
      '<x:rss xmlns:x="urn:x"><x:channel><x:title>F</x:title><x:item><x:title>T</x:title></x:item></x:channel></x:rss>',
    ],
    [
      'Atom behind a page',
      '<html><body>Oops</body></html><feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><title>T</title></entry></feed>',
    ],
    ['CDF', '<CHANNEL><TITLE>F</TITLE><ITEM><TITLE>T</TITLE></ITEM></CHANNEL>'],
    [
      'textInput inside an item',
      '<rss><channel><title>F</title><item><title>T</title><textInput><title>No</title><link>x</link></textInput></item></channel></rss>',
    ],
    [
      'a module with names of the core',
      '<rss xmlns:m="urn:m"><channel><title>F</title><item><m:title>No</m:title><title>T</title><m:description>No</m:description></item></channel></rss>',
    ],
    ['a broken root tag', '<rss version="2.0" <channel><title>F</title><item><title>T</title></item></channel></rss>'],
    ['a gzip file', gzipSync('<rss><channel><title>F</title><item><title>T</title></item></channel></rss>')],
    [
      'a cut gzip file',
      gzipSync(
        `<rss><channel><title>F</title><item><title>T</title></item><item><title>${randomBytes(9_000).toString('hex')}`,
      ).subarray(0, -3_000),
    ],
  ])('reads %s', async (_name, text) => {
    const { feed, items } = await read(text);
    expect([feed.title, items[0]]).toMatchObject(['F', { title: 'T' }]);
    expect(items).toHaveLength(1);
    expect(items[0]?.summary).toBeUndefined();
  });

  it('joins the address of author and the name of dc:creator, which are one person', async () => {
    const authors = async (inside: string): Promise<unknown> => (await read(rssItem(inside))).items[0]?.authors;
    expect(await authors('<author>j@x.example</author><dc:creator>Jane</dc:creator>')).toEqual([
      { email: 'j@x.example', name: 'Jane' },
    ]);
    expect(
      await authors('<author>j@x.example</author><dc:creator>Jane</dc:creator><dc:creator>John</dc:creator>'),
    ).toHaveLength(3);
  });

  it('takes the webmaster for the author where nobody else is named', async () => {
    expect((await read(rss('<webMaster>w@partner.example (Web)</webMaster>'))).feed.authors).toEqual([
      { name: 'Web', email: 'w@partner.example' },
    ]);
    const both = '<webMaster>w@partner.example</webMaster><managingEditor>Ed</managingEditor>';
    expect((await read(rss(both))).feed.authors).toEqual([{ name: 'Ed' }]);
  });

  it('reads addresses that stand in the text of media elements', async () => {
    const { items } = await read(
      rssItem(
        '<enclosure>https://cdn.example/a.mp3</enclosure><media:thumbnail>https://cdn.example/t.jpg</media:thumbnail>',
      ),
    );
    expect(items[0]?.media).toEqual([
      { url: 'https://cdn.example/a.mp3', enclosure: true },
      { url: 'https://cdn.example/t.jpg', medium: 'image' },
    ]);
  });

  it('reads what only iTunes says of an item', async () => {
    const { items } = await read(
      rssItem(`<itunes:category text="Technology"><itunes:category text="Gadgets"/></itunes:category>
        <itunes:link rel="image" type="image/jpeg" href="https://cdn.example/p.jpg"/>`),
    );
    expect(items[0]).toMatchObject({
      categories: [{ term: 'Technology' }, { term: 'Gadgets' }],
      media: [{ url: 'https://cdn.example/p.jpg', medium: 'image' }],
    });
  });

  it('prefers the address that an image of RSS 1.0 names itself', async () => {
    const { feed } = await read(
      '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><channel><image rdf:resource="https://a.example/1"/></channel><image rdf:about="https://a.example/1"><url>https://a.example/2.png</url></image></rdf:RDF>',
    );
    expect(feed.image).toBe('https://a.example/2.png');
  });

  it('reads characters outside Unicode as unknown ones, and no script in a title', async () => {
    const { items } = await read(rssItem('<title>a&#1114112;b&#xD800; &lt;script&gt;x()&lt;/script&gt;c</title>'));
    expect(items[0]?.title).toBe('a\uFFFDb\uFFFD c');
  });

  it('reads a JSON Feed that was cut off, and says so', async () => {
    const { items, problems } = await read('{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1"},{"id":');
    expect(items).toMatchObject([{ id: '1' }]);
    expect(problems).toMatchObject([{ code: 'broken-json' }]);
  });

  it.each([
    ['the nearest xml:lang', '<rss xml:lang="fr"><channel xml:lang="de"><title>T</title></channel></rss>', 'de'],
    ['language before xml:lang', '<rss xml:lang="fr"><channel><language>es</language></channel></rss>', 'es'],
    ['the header where the document is silent', '<rss><channel/></rss>', 'nl'],
  ])('takes %s for its language', async (_name, text, language) => {
    const headers = { 'content-language': 'nl, en' };
    expect((await readFeed(Buffer.from(text), { contentType: null, url: URL, headers })).feed.language).toBe(language);
  });
});

describe('no feed', () => {
  it.each([
    ['', 'empty', 'empty document'],
    ['  \n', 'empty', 'empty document'],
    ['<!DOCTYPE html><html><head><title>x</title></head><body><p>Hi</body></html>', 'html-page', 'HTML page'],
    ['<opml version="2.0"><body/></opml>', 'not-a-feed', 'OPML'],
    ['<urlset/>', 'not-a-feed', 'sitemap'],
    ['hello', 'not-a-feed', 'neither XML nor JSON'],
    ['{"a":1}', 'not-a-feed', 'not a JSON Feed'],
    ['{"items":[}', 'bad-json', 'broken'],
  ])('%j', async (text, code, words) => {
    await expect(read(text)).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  });
});

describe('tombstones (RFC 6721)', () => {
  const AT = 'xmlns:at="http://purl.org/atompub/tombstones/1.0"';
  const grave = (ref: string, when = '2026-11-20T10:00:00Z') => `<at:deleted-entry ref="${ref}" when="${when}"/>`;
  const living = (updated: string) =>
    entry(`<id>tag:a.example,2026:1</id><title>T</title><updated>${updated}</updated>`, AT);

  it('name the items that the feed took back', async () => {
    const { items, deleted } = await read(
      atom(`${grave('tag:a.example,2026:1')}<entry><id>tag:a.example,2026:2</id><title>T</title></entry>`, AT),
    );
    expect(items).toHaveLength(1);
    expect(deleted).toEqual([{ ref: 'tag:a.example,2026:1', when: '2026-11-20T10:00:00.000Z' }]);
  });

  it.each([
    ['older than its tombstone is gone', '2026-11-20T09:00:00Z', 1],
    ['newer than its tombstone is alive', '2026-11-20T11:00:00Z', 0],
  ])('an entry that is %s', async (_, updated, count) => {
    const text = living(updated).replace('<entry', `${grave('tag:a.example,2026:1')}<entry`);
    expect((await read(text)).deleted ?? []).toHaveLength(count);
  });

  it.each(['12345', 'news/12345', '/news/12345', 'tag:a.example,2026:1', 'https://partner.example/1'])(
    'name an item by the id that it has: %s',
    async (id) => {
      const one = `<id>${id}</id><title>T</title>`;
      const was = await read(entry(one));
      const { deleted } = await read(atom(grave(id), AT));
      expect(deleted?.map(({ ref }) => ref)).toEqual([was.items[0]?.id]);
      const inRss = await read(rss(`<at:deleted-entry ${AT} ref="${id}" when="2026-11-20T10:00:00Z"/>`));
      expect(inRss.deleted?.map(({ ref }) => ref)).toEqual([
        (await read(rssItem(`<title>T</title><guid isPermaLink="false">${id}</guid>`))).items[0]?.id,
      ]);
    },
  );

  it('without a reference say nothing', async () => {
    expect((await read(atom('<at:deleted-entry when="2026-11-20T10:00:00Z"/>', AT))).deleted).toBeUndefined();
  });
});
