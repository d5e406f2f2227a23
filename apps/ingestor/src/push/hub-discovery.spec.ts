/** Who pushes a feed: headers before the document, and only addresses that can be asked. */
import fc from 'fast-check';
import { expectCpuBelow } from '../../../../test/support/cpu-time.js';
import { discoverHub } from './hub-discovery.js';
import { linksOfHeader } from './link-header.js';

const URL_ = 'https://partner.example/feed.xml?x=1#top';
const HUB = 'https://hub.example/';
const none = { hubs: [] };

test('the Link header comes before the document, for each of the two', () => {
  const feed = { hubs: ['https://other.example/'], selfUrl: 'https://partner.example/other' };
  const both = `<${HUB}>; rel="hub", <https://partner.example/self>; rel=self`;
  expect(discoverHub({ link: both }, URL_, feed)).toEqual({ hub: HUB, topic: 'https://partner.example/self' });
  expect(discoverHub({ link: `<${HUB}>; rel=hub` }, URL_, feed)).toEqual({ hub: HUB, topic: feed.selfUrl });
  expect(discoverHub({}, URL_, feed)).toEqual({ hub: feed.hubs[0], topic: feed.selfUrl });
});

test('without a self the topic is the address that answered', () => {
  expect(discoverHub({}, URL_, { hubs: [HUB] })).toEqual({ hub: HUB, topic: 'https://partner.example/feed.xml?x=1' });
});

test('a feed without a usable hub is not pushed', () => {
  expect(discoverHub({}, URL_, none)).toBeNull();
  expect(discoverHub({ link: `<${HUB}>; rel="next"` }, URL_, none)).toBeNull();
  expect(
    discoverHub({}, URL_, {
      hubs: ['ftp://hub.example/', 'javascript:alert(1)', `https://x.example/${'a'.repeat(1_000)}`],
    }),
  ).toBeNull();
  expect(discoverHub({}, URL_, { hubs: ['mailto:x@y.example', HUB], selfUrl: 'urn:feed:1' })).toEqual({
    hub: HUB,
    topic: 'https://partner.example/feed.xml?x=1',
  });
});

test.each([
  ['<https://a.example/>; rel="self hub"', [{ relations: ['self', 'hub'], url: 'https://a.example/' }]],
  ['</hub>;REL=Hub', [{ relations: ['hub'], url: 'https://partner.example/hub' }]],
  [
    '<https://a.example/?a=1,2;b>; title="x, y; rel=next"; rel=hub',
    [{ relations: ['hub'], url: 'https://a.example/?a=1,2;b' }],
  ],
  [
    '<https://a.example/>; title="\\", <https://b.example/>; rel=hub"; rel=self',
    [{ relations: ['self'], url: 'https://a.example/' }],
  ],
  ['<https://a.example/>; rel=hub; rel=self', [{ relations: ['hub'], url: 'https://a.example/' }]],
  ['<https://a.example/>; rel=hub; anchor="#part"', []],
  ['<https://a.example/>', []],
  ['https://a.example/; rel=hub', []],
  ['<https://a.example/; rel=hub', []],
  ['<http://[>; rel=hub, <https://b.example/>; rel=hub', [{ relations: ['hub'], url: 'https://b.example/' }]],
])('reads the header %s', (header, links) => {
  expect(linksOfHeader(header, URL_)).toEqual(links);
});

test('any header is read, fast', async () => {
  const pieces = fc.constantFrom('<', '>', ';', ',', '"', '\\', 'rel=hub', 'rel="', 'https://a.example/', ' ', 'x');
  fc.assert(fc.property(fc.array(pieces, { maxLength: 60 }), (all) => void linksOfHeader(all.join(''), URL_)));
  await expectCpuBelow(1_000, () => {
    for (const bad of [
      '<x>;' + 'a'.repeat(1e6),
      '<x>; a="' + '\\'.repeat(1e6),
      ';'.repeat(1e6),
      '<x>' + '; a='.repeat(1e5),
    ])
      linksOfHeader(bad, URL_);
  });
});
