/** Documents made to hang, swell or crash a reader: each is read or refused within two seconds of CPU. */
import { setFlagsFromString } from 'node:v8';
import { gzipSync } from 'node:zlib';

import { expectCpuBelow } from '../../../test/support/cpu-time.js';
import { LIMITS } from './limits.js';
import { readFeed } from './read-feed.js';

// What V8 does in a process that has run for long: beyond 16 MB of code it compiles expressions that hold a place of the
// stack for each character of a run, and a run of millions overflows it.
beforeAll(() => {
  setFlagsFromString('--no-regexp-optimization');
});
afterAll(() => {
  setFlagsFromString('--regexp-optimization');
});

const rss = (inside: string): string =>
  `<rss version="2.0"><channel><title>T</title><item><title>a</title>${inside}</item></channel></rss>`;
const numbered = (amount: number, write: (at: number) => string): string =>
  Array.from({ length: amount }, (_each, at) => write(at)).join('');
const LAUGHS = numbered(10, (at) => `<!ENTITY lol${at + 1} "${`&lol${at};`.repeat(10)}">`);

const DOCUMENTS: Record<string, () => string | Buffer> = {
  '100,000 nested elements': () => `<rss><channel>${'<a>'.repeat(1e5)}`,
  '100,000 nested items': () => `<rss><channel>${'<item>'.repeat(1e5)}`,
  '100,000 nested authors': () => rss('<author>'.repeat(1e5)),
  '100,000 nested divs in a description': () =>
    rss(`<description>${'<div>'.repeat(1e5)}${'</div>'.repeat(1e5)}</description>`),
  '300,000 attributes': () => rss(`<enclosure ${numbered(3e5, (at) => `a${at}="x" `)}/>`),
  '300,000 namespaces': () =>
    `<rss ${numbered(3e5, (at) => `xmlns:a${at}="x" `)}><channel><title>T</title></channel></rss>`,
  '50 MB of text': () => rss(`<description>${'x'.repeat(50e6)}</description>`),
  '19 MB of text': () => rss(`<description>${'x '.repeat(9.5e6)}</description>`),
  '18 MB of markup in CDATA': () => rss(`<description><![CDATA[${'<b>x</b> '.repeat(2e6)}]]></description>`),
  '13 MB of inline markup': () =>
    `<feed><entry><content type="xhtml">${'<i>x</i> '.repeat(1.5e6)}</content></entry></feed>`,
  '200,000 items': () =>
    `<rss><channel>${'<item><title>x</title><link>http://a/b</link></item>'.repeat(2e5)}</channel></rss>`,
  '200,000 unreadable dates': () => rss('<pubDate>1 frobnicate 2004 10:10:10</pubDate>'.repeat(2e5)),
  '500,000 categories': () => rss('<category>x</category>'.repeat(5e5)),
  '300,000 enclosures': () => rss(numbered(3e5, (at) => `<enclosure url="http://a/${at}"/>`)),
  '1 MB of &lt; in a description': () => rss(`<description>${'&lt;'.repeat(250_000)}</description>`),
  '4 MB of &lt; in a title': () => rss(`<title>${'&lt;'.repeat(1e6)}</title>`),
  '5 MB of <': () => '<'.repeat(5e6),
  '10 MB of ampersands': () => rss(`<description>${'&'.repeat(10e6)}</description>`),
  'unended comments': () => '<!--'.repeat(3e6),
  'unended CDATA': () => '<rss><![CDATA['.repeat(1e6),
  'unended instructions': () => '<?'.repeat(5e6),
  'unended declarations': () => '<!a'.repeat(5e6),
  'unended quotes': () => '<rss a="<b c="'.repeat(1e6),
  'an unended attribute': () => `<rss a="${'<1 '.repeat(4e6)}`,
  'a name of 15 MB': () => `<${'a'.repeat(15e6)}>`,
  'an attribute name of 19 MB': () => `<rss ${'a'.repeat(19e6)}="x"><channel/>`,
  'a bare attribute of 19 MB': () => `<rss a=${'a'.repeat(19e6)}><channel/>`,
  'a namespace of 19 MB of slashes': () => `<rss xmlns:a="${'/'.repeat(19e6)}"><channel/>`,
  'a tag of 15 MB of spaces': () => `<rss a${' '.repeat(15e6)}><channel/>`,
  'billion laughs': () => `<!DOCTYPE l [<!ENTITY lol0 "lol">${LAUGHS}]>${rss('<description>&lol9;</description>')}`,
  'quadratic blow-up': () =>
    `<!DOCTYPE l [<!ENTITY a "${'x'.repeat(250)}">]>${rss(`<description>${'&a;'.repeat(3e5)}</description>`)}`,
  'an unended document type': () => `<!DOCTYPE r [${'<!ENTITY a "'.repeat(1e6)}`,
  'NUL bytes': () => rss('<description>a</description>').replace(/a/g, '\0a\0'),
  '15 MB of NUL bytes': () => '\0'.repeat(15e6),
  'addresses without end': () => rss(`<author>${'a@'.repeat(5e6)}</author><author>${'a'.repeat(5e6)}</author>`),
  '300,000 relative images': () =>
    rss(
      `<link>http://a/</link><description><![CDATA[${'<img src="a" srcset="a 1x, b 2x">'.repeat(3e5)}]]></description>`,
    ),
  'deep JSON': () => `{"items":${'['.repeat(2e6)}${']'.repeat(2e6)}}`,
  'a gzip bomb': () => gzipSync(`<rss>${' '.repeat(100e6)}`),
  'JSON that ends inside 200,000 items': () =>
    `{"items":[${numbered(2e5, (id) => `{"id":${id},"content_html":"x\n"},`)}`,
  '100,000 nested divs in CDATA': () => rss(`<description><![CDATA[${'<div>'.repeat(1e5)}]]></description>`),
  'authors of megabytes that all entries inherit': () =>
    `<feed>${numbered(200, (at) => `<author><name>${at}${'x'.repeat(9_000)}</name></author>`)}${'<entry><title>x</title></entry>'.repeat(5_000)}</feed>`,
  'authors of megabytes that all JSON items inherit': () =>
    JSON.stringify({
      authors: Array.from({ length: 14 }, (_each, at) => ({ email: `${at}${'x'.repeat(1e6)}` })),
      items: Array.from({ length: 5_000 }, (_each, id) => ({ id, title: 'x' })),
    }),
  'a base of 20,000 characters before 5,000 links': () =>
    `<feed xml:base="http://a/${'x'.repeat(20_000)}/">${'<entry><link href="a"/></entry>'.repeat(5_000)}</feed>`,
  'external entities': () => `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>${rss('<title>&x;</title>')}`,
  '200,000 JSON items': () =>
    JSON.stringify({ items: Array.from({ length: 2e5 }, (_each, id) => ({ id, content_html: 'x' })) }),
};

function bytesOf(name: string): Buffer {
  const document = DOCUMENTS[name]?.() ?? '';
  return typeof document === 'string' ? Buffer.from(document) : document;
}

it.each(Object.keys(DOCUMENTS))('%s', async (name) => {
  const bytes = bytesOf(name);
  let read: unknown;
  await expectCpuBelow(2_000, async () => {
    read = await readFeed(bytes, { contentType: null, url: 'http://partner.example/feed' }).catch(
      (error: unknown) => error,
    );
  });
  if (read instanceof Error)
    expect(read).toMatchObject({ name: 'UnreadableFeedError', message: expect.stringMatching(/^The .*\.$/) });
  else {
    expect((read as { items: unknown[] }).items.length).toBeLessThanOrEqual(LIMITS.items);
    // Small bytes may not become a document that whoever goes on with it chokes on.
    expect(JSON.stringify(read).length).toBeLessThan(2 * LIMITS.characters);
  }
});

it('expands nothing of billion laughs', async () => {
  const { items } = await readFeed(bytesOf('billion laughs'), { contentType: null, url: '' });
  expect(items[0]?.summary).toBe('&lol9;');
});
