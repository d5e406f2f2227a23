/** The rules that feed validators hold feeds against (W3C feed validator, RFC 4287, JSON Feed 1.1), one by one. */
import type { FullStory } from '#storage/published-story.repository.js';
import { fullStory } from '../../../../test/support/full-story.js';
import { all, only, parseXml, type XmlElement } from '../../../../test/support/xml-tree.js';
import type { FeedDocument } from './feed-document.js';
import { feedEntry } from './feed-entry.js';
import { writeAtom } from './write-atom.js';
import { writeJson } from './write-json.js';
import { writeRss } from './write-rss.js';

const STORY = fullStory({
  authors: [{ name: 'Ines Almeida' }, { name: 'Jonas Berg', url: 'https://berg.example/' }],
  tags: [{ scheme: 'topic', slug: 'politics', name: 'Politics' }],
  image: { url: 'https://img.example/wall.jpg', credit: 'T. Okafor', caption: 'The wall', width: 1200, height: 800 },
  media: [{ url: 'https://img.example/talk.mp3', type: 'audio/mpeg', length: 4_000_000 }],
  content: '<p>See <a href="/more">more</a> and <img src="../pic.png" alt=""></p>',
});
const SECOND = fullStory({ id: '01900000-0000-7000-8000-000000000002', slug: 'ferry', title: 'Ferry strike ends' });

function documentOf(stories: FullStory[], format: 'rss' | 'atom' | 'json'): FeedDocument {
  return {
    title: 'Test Wire',
    description: 'Every story',
    homeUrl: 'https://news.test/',
    selfUrl: `https://news.test/feeds/all.${format}`,
    siteName: 'Test Wire',
    language: 'en',
    updated: new Date('2026-11-20T10:05:00Z'),
    entries: stories.map((story) => feedEntry(story, 'https://news.test')),
    hubs: [],
    gone: [],
    previousUrl: undefined,
    currentUrl: undefined,
  };
}

function link(element: XmlElement, rel: string): XmlElement[] {
  return all(element, 'link').filter(({ attributes }) => (attributes['rel'] ?? 'alternate') === rel);
}

describe('RSS 2.0', () => {
  const channel = only(parseXml(writeRss(documentOf([STORY, SECOND], 'rss'))), 'channel');
  const [item, second] = all(channel, 'item') as [XmlElement, XmlElement];

  it('links to itself where it is (MissingAtomSelfLink, SelfDoesntMatchLocation)', () => {
    const self = only(channel, 'atom:link').attributes;
    expect(self).toMatchObject({ rel: 'self', href: 'https://news.test/feeds/all.rss', type: 'application/rss+xml' });
    expect(only(channel, 'link').text).toBe('https://news.test/');
  });

  it('gives each item a guid that is its permalink (MissingGuid, DuplicateEntries)', () => {
    expect(only(item, 'guid').attributes['isPermaLink']).toBe('true');
    expect(only(item, 'guid').text).toBe(`https://news.test/stories/${STORY.id}/sea-wall`);
    expect(only(item, 'link').text).toBe(only(item, 'guid').text);
    expect(only(second, 'guid').text).not.toBe(only(item, 'guid').text);
  });

  it('writes RFC 822 dates with four-digit years (ProblematicalRFC822Date)', () => {
    const form =
      /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/;
    expect(only(item, 'pubDate').text).toMatch(form);
    expect(only(channel, 'lastBuildDate').text).toBe('Fri, 20 Nov 2026 10:05:00 GMT');
  });

  it('names the source by its feed, and the authors as creators', () => {
    const source = only(item, 'source');
    expect(source.attributes['url']).toBe('https://harbour.example/feed');
    expect(source.text).toBe('Harbour Daily');
    expect(all(item, 'dc:creator').map(({ text }) => text)).toEqual(['Ines Almeida', 'Jonas Berg']);
    expect(all(item, 'author')).toEqual([]);
  });

  it('puts the description before the content (NeedDescriptionBeforeContent)', () => {
    const names = item.children.map(({ name }) => name);
    expect(names.indexOf('description')).toBeLessThan(names.indexOf('content:encoded'));
  });

  it('has absolute addresses only (ContainsRelRef)', () => {
    const content = only(item, 'content:encoded').text;
    expect(content).toContain('href="https://harbour.example/more"');
    expect(content).toContain('src="https://harbour.example/pic.png"');
  });

  it('has one enclosure with type and length, and all media as media:content', () => {
    expect(only(item, 'enclosure').attributes).toEqual({
      url: 'https://img.example/talk.mp3',
      type: 'audio/mpeg',
      length: '4000000',
    });
    expect(all(item, 'media:content').map(({ attributes }) => attributes['medium'])).toEqual(['image', 'audio']);
    expect(only(all(item, 'media:content')[0] as XmlElement, 'media:credit').text).toBe('T. Okafor');
  });

  it('writes categories with the scheme as their domain', () => {
    const category = only(item, 'category');
    expect(category.text).toBe('Politics');
    expect(category.attributes['domain']).toBe('https://news.test/tags/topic');
  });

  it('is well-formed without any story', () => {
    expect(all(only(parseXml(writeRss(documentOf([], 'rss'))), 'channel'), 'item')).toEqual([]);
  });
});

describe('Atom 1.0', () => {
  const feed = parseXml(writeAtom(documentOf([STORY, SECOND], 'atom')));
  const [entry, second] = all(feed, 'entry') as [XmlElement, XmlElement];

  it('has an id, a title, a date, an author and its own address', () => {
    expect(only(feed, 'id').text).toBe('https://news.test/feeds/all.atom');
    expect(only(feed, 'updated').text).toBe('2026-11-20T10:05:00.000Z');
    expect(only(only(feed, 'author'), 'name').text).toBe('Test Wire');
    expect(link(feed, 'self')[0]?.attributes['href']).toBe('https://news.test/feeds/all.atom');
    expect(link(feed, 'alternate')[0]?.attributes['href']).toBe('https://news.test/');
    expect(feed.attributes['xml:lang']).toBe('en');
  });

  it('gives entries that changed together distinct, stable times (DuplicateUpdated)', () => {
    const times = [entry, second].map((element) => only(element, 'updated').text);
    expect(new Set(times).size).toBe(2);
    for (const time of times) {
      expect(time).toMatch(/^2026-11-20T10:05:00\.000\d{6}Z$/);
      expect(Date.parse(time)).toBe(STORY.updatedAt.getTime());
    }
    const alone = only(parseXml(writeAtom(documentOf([SECOND], 'atom'))), 'entry');
    expect(only(alone, 'updated').text).toBe(times[1]);
  });

  it('links to its page and, via, to the original', () => {
    expect(link(entry, 'alternate')[0]?.attributes['href']).toBe(`https://news.test/stories/${STORY.id}/sea-wall`);
    expect(link(entry, 'via')[0]?.attributes['href']).toBe('https://harbour.example/wall');
    expect(link(entry, 'enclosure').map(({ attributes }) => attributes['type'])).toEqual(['image/jpeg', 'audio/mpeg']);
  });

  it('names its source with id, title and date (MissingSourceElement)', () => {
    const source = only(entry, 'source');
    expect(only(source, 'id').text).toBe('https://harbour.example/feed');
    expect(only(source, 'title').text).toBe('Harbour Daily');
    expect(only(source, 'updated').text).toBe('2026-11-20T10:05:00.000Z');
  });

  it('has every author, category and language', () => {
    expect(all(entry, 'author').map((author) => only(author, 'name').text)).toEqual(['Ines Almeida', 'Jonas Berg']);
    expect(only(entry, 'category').attributes).toEqual({
      term: 'politics',
      scheme: 'https://news.test/tags/topic',
      label: 'Politics',
    });
    expect(entry.attributes['xml:lang']).toBe('en');
    expect(only(only(second, 'author'), 'name').text).toBe('Harbour Daily');
  });
});

describe('JSON Feed 1.1', () => {
  const feed = JSON.parse(writeJson(documentOf([STORY], 'json'))) as Record<string, unknown> & {
    items: Record<string, unknown>[];
  };

  it('has what the specification asks of the feed', () => {
    expect(feed).toMatchObject({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'Test Wire',
      home_page_url: 'https://news.test/',
      feed_url: 'https://news.test/feeds/all.json',
      language: 'en',
      authors: [{ name: 'Test Wire', url: 'https://news.test/' }],
    });
    expect(feed).not.toHaveProperty('author');
  });

  it('has what readers want of an item', () => {
    expect(feed.items[0]).toMatchObject({
      id: `https://news.test/stories/${STORY.id}/sea-wall`,
      url: `https://news.test/stories/${STORY.id}/sea-wall`,
      external_url: 'https://harbour.example/wall',
      date_published: '2026-11-20T10:00:00.000Z',
      date_modified: '2026-11-20T10:05:00.000Z',
      authors: [{ name: 'Ines Almeida' }, { name: 'Jonas Berg', url: 'https://berg.example/' }],
      tags: ['Politics'],
      image: 'https://img.example/wall.jpg',
      attachments: [{ url: 'https://img.example/talk.mp3', mime_type: 'audio/mpeg', size_in_bytes: 4_000_000 }],
      _source: { title: 'Harbour Daily', feed_url: 'https://harbour.example/feed' },
    });
  });
});

describe('dates and rights', () => {
  it('never lie in the future: the time we saw the story stands in', () => {
    const entry = feedEntry(
      fullStory({ sortAt: new Date('2031-01-01'), updatedAt: new Date('2026-11-20T10:05:00Z') }),
      'https://news.test',
    );
    expect(entry.published).toEqual(new Date('2026-11-20T10:05:00Z'));
  });

  it('leave out the text where a partner allows an excerpt only', () => {
    const story = fullStory({ partnerRights: { excerptOnly: true, attribution: '© Harbour Daily' } });
    const document = documentOf([story], 'rss');
    const item = only(only(parseXml(writeRss(document)), 'channel'), 'item');
    expect(all(item, 'content:encoded')).toEqual([]);
    expect(only(item, 'description').text).toBe('The council voted on Monday.');
    expect(only(item, 'dc:rights').text).toBe('© Harbour Daily');
  });
});

describe('hubs, archives and tombstones', () => {
  const gone = {
    ref: 'https://news.test/stories/gone/ferry',
    when: new Date('2026-11-20T11:00:00Z'),
    comment: 'This story was withdrawn.',
    source: { name: 'Harbour ]]> Daily', url: 'https://harbour.example/', feedUrl: 'https://harbour.example/feed' },
  };
  const hubs = ['https://news.test/websub', 'https://hub.example/?a=1&b=2'];
  const previousUrl = 'https://news.test/feeds/archive/2026-10/all.atom';
  const currentUrl = 'https://news.test/feeds/all.atom';

  it('name every hub in each format, and the newest archive, without mixing in another chain', () => {
    const document = { ...documentOf([STORY], 'atom'), hubs, previousUrl };
    const atom = parseXml(writeAtom(document));
    expect(link(atom, 'hub').map(({ attributes }) => attributes['href'])).toEqual(hubs);
    expect(link(atom, 'prev-archive')[0]?.attributes).toMatchObject({
      href: previousUrl,
      type: 'application/atom+xml',
    });
    expect([...link(atom, 'next'), ...link(atom, 'current'), ...all(atom, 'fh:archive')]).toEqual([]);
    const rss = only(parseXml(writeRss(document)), 'channel');
    const rels = all(rss, 'atom:link').map(({ attributes }) => attributes['rel']);
    expect(rels.sort()).toEqual(['hub', 'hub', 'prev-archive', 'self']);
    const json = JSON.parse(writeJson(document)) as Record<string, unknown>;
    expect(json['hubs']).toEqual(hubs.map((url) => ({ type: 'WebSub', url })));
    expect(json['next_url']).toBe(previousUrl);
  });

  it('mark an archive and name its current feed (MissingCurrentInArchive)', () => {
    const document = { ...documentOf([STORY], 'atom'), currentUrl };
    const atom = parseXml(writeAtom(document));
    only(atom, 'fh:archive');
    expect(link(atom, 'current')[0]?.attributes['href']).toBe(currentUrl);
    const rss = only(parseXml(writeRss(document)), 'channel');
    only(rss, 'fh:archive');
    expect(all(rss, 'atom:link').map(({ attributes }) => attributes['rel'])).toContain('current');
  });

  it('say in Atom what is gone, when, and whose it was (RFC 6721)', () => {
    const atom = parseXml(writeAtom({ ...documentOf([STORY], 'atom'), gone: [gone] }));
    const tombstone = only(atom, 'at:deleted-entry');
    expect(tombstone.attributes).toEqual({ ref: gone.ref, when: '2026-11-20T11:00:00.000Z' });
    expect(only(only(tombstone, 'source'), 'id').text).toBe('https://harbour.example/feed');
    expect(only(only(tombstone, 'source'), 'title').text).toBe('Harbour ]]> Daily');
    expect(all(atom, 'entry')).toHaveLength(1);
  });

  it('say it also where no entry is left', () => {
    only(parseXml(writeAtom({ ...documentOf([], 'atom'), gone: [gone] })), 'at:deleted-entry');
  });
});
