/** Lists of feeds as people's programs write them, in any pieces, and what outlines mean. */
import { expectCpuBelow } from '../../../../test/support/cpu-time.js';
import fc from 'fast-check';
import { readOutline } from './listed-feed.js';
import { type Outline, OpmlScanner, UnreadableOpmlError } from './opml-scanner.js';

function scan(...chunks: string[]): { outlines: Outline[]; title: string | null } {
  const outlines: Outline[] = [];
  const scanner = new OpmlScanner((outline) => outlines.push(outline));
  for (const chunk of chunks) scanner.push(chunk);
  scanner.end();
  return { outlines, title: scanner.title };
}

const readings = (body: string) => scan(`<opml version="1.1"><body>${body}</body></opml>`).outlines.map(readOutline);

const LIST = `\ufeff<?xml version="1.0"?>
<!-- <outline xmlUrl="https://hidden.example/"/> -->
<!DOCTYPE opml>
<OPML version="2.0"><head><title>Mine &amp; yours</title></head><body>
<outline text="News > World"><outline
   text='Gazette "daily"' type="rss" XMLURL="https://gazette.example/feed?a=1&b=2&amp;c=3" htmlUrl=https://gazette.example/ />
<outline text="Unclosed" xmlUrl="https://b.example/feed">
<outline text="Caf&eacute; &#x2603;" xmlurl="https://c.example/feed"/></outline>
<![CDATA[<outline xmlUrl="https://cdata.example/"/>]]>
</body></OPML>`;

it('reads outlines with their lines, tolerating what browsers tolerate', () => {
  const { outlines, title } = scan(LIST);
  expect(title).toBe('Mine & yours');
  expect(outlines.map(({ line, attributes }) => [line, attributes.get('text'), attributes.get('xmlurl')])).toEqual([
    [5, 'News > World', undefined],
    [5, 'Gazette "daily"', 'https://gazette.example/feed?a=1&b=2&c=3'],
    [7, 'Unclosed', 'https://b.example/feed'],
    [8, 'Café ☃', 'https://c.example/feed'],
  ]);
});

it('reads the same whatever pieces it comes in', () => {
  const whole = scan(LIST);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: LIST.length - 1 }), { maxLength: 30 }), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), LIST.length];
      expect(scan(...at.slice(1).map((to, index) => LIST.slice(at[index], to)))).toEqual(whole);
    }),
  );
});

it('never throws anything but its own error, whatever it is given', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '<opml>',
      '<outline ',
      'xmlUrl="',
      '"',
      "'",
      '>',
      '/>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '&',
      '</opml>',
      '\n',
      '=',
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      try {
        for (const outline of scan(...pieces).outlines) readOutline(outline);
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableOpmlError);
      }
    }),
    { numRuns: 2_000 },
  );
});

it.each([
  ['', 'is empty'],
  ['  \n', 'is empty'],
  ['{"feeds": []}', 'is no XML'],
  ['x'.repeat(300_000), 'is no XML'],
  ['<html><body>', 'a web page'],
  ['<?xml version="1.0"?>\n<rss version="2.0">', 'a feed: add its address'],
  ['<opml><body><outline xmlUrl="https://a.example/"/>', 'ends in the middle'],
  ['<opml><!-- never', 'ends in the middle'],
  [`<opml><outline text="${'x'.repeat(400_000)}"/></opml>`, 'more than 256 KB'],
])('refuses %.40s', (text, why) => {
  expect(() => scan(...(text.match(/[^]{1,65536}/g) ?? []))).toThrow(why);
});

it('reads a million nested outlines in a fixed memory and in time', async () => {
  let count = 0;
  await expectCpuBelow(20_000, () => {
    count = 0;
    const scanner = new OpmlScanner(() => count++);
    scanner.push('<opml><body>');
    for (let chunk = 0; chunk < 1_000; chunk++) scanner.push('<outline text="x">\n'.repeat(1_000));
    scanner.push(`<!--${' <!-- '.repeat(10_000)}--></body></opml>`);
    scanner.end();
  });
  expect(count).toBe(1_000_000);
});

it('takes an outline with an address for a feed, with the partner of its home page', () => {
  expect(
    readings(`<outline text="Folder"/>
      <outline type="rss" text="A" title=" A  title " xmlUrl=" https://a.example/feed#x " htmlUrl="https://www.a.example/blog/"/>
      <outline xmlUrl="feed://b.example/rss"/>
      <outline type="atom" url="https://c.example/atom" htmlUrl="about:blank"/>
      <outline xmlUrl="https://medium.com/feed/@mole" htmlUrl="https://medium.com/@Mole"/>
      <outline xmlUrl="https://evil.example/feed" htmlUrl="https://a.example/"/>`),
  ).toEqual([
    null,
    {
      feed: {
        url: 'https://a.example/feed',
        title: 'A title',
        homeUrl: 'https://www.a.example/blog/',
        site: 'a.example',
        siteUrl: 'https://www.a.example',
        proven: true,
      },
    },
    { feed: expect.objectContaining({ url: 'http://b.example/rss', title: null, homeUrl: null, site: 'b.example' }) },
    { feed: expect.objectContaining({ url: 'https://c.example/atom', homeUrl: null, site: 'c.example' }) },
    { feed: expect.objectContaining({ site: 'medium.com/@mole', siteUrl: 'https://medium.com/@Mole', proven: false }) },
    { feed: expect.objectContaining({ site: 'a.example', proven: false }) },
  ]);
});

it('says of each outline what is wrong with it', () => {
  const complaints = readings(`<outline type="rss" text="none"/><outline xmlUrl=""/><outline xmlUrl="/feed.xml"/>
    <outline xmlUrl="a.example/feed"/><outline xmlUrl="ftp://a.example/feed"/><outline xmlUrl="javascript:alert(1)"/>
    <outline xmlUrl="https://me:secret@a.example/feed"/><outline xmlUrl="https://a.example/${'x'.repeat(3_000)}"/>
    <outline type="include" url="https://a.example/more.opml"/>`).map((reading) =>
    reading !== null && 'complaint' in reading ? reading.complaint : reading,
  );
  expect(complaints).toEqual([
    'it has no xmlUrl',
    'xmlUrl is not a URL',
    'xmlUrl is not a URL',
    'xmlUrl must begin with http:// or https://; did you mean https://a.example/feed?',
    'xmlUrl must begin with http:// or https://',
    'xmlUrl must begin with http:// or https://',
    expect.stringContaining('must not carry a user name or password'),
    'xmlUrl the address is too long',
    'lists inside a list are not followed: import that one too',
  ]);
});
