/** RSS 2.0 by the `feed` package, with what it cannot say put in: attribution, creators, media, tag domains, true permalinks. */
import { Feed } from 'feed';
import { escapeMarkup } from './clean-value.js';
import { type FeedDocument, GENERATOR } from './feed-document.js';
import type { FeedEntry, FeedMedia } from './feed-entry.js';
import { headMarkup, HISTORY_NAMESPACE } from './feed-head.js';

const ROOT =
  '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"' +
  ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" ' +
  `${HISTORY_NAMESPACE}>`;

export function writeRss(document: FeedDocument): string {
  const feed = new Feed({
    title: elementText(document.title),
    description: elementText(document.description),
    link: document.homeUrl,
    ...(document.imageUrl === undefined ? {} : { image: elementText(document.imageUrl) }),
    feed: document.selfUrl,
    updated: document.updated,
    generator: GENERATOR,
    ...(document.language === undefined ? {} : { language: document.language }),
  });
  for (const entry of document.entries) {
    feed.addItem({
      title: entry.title,
      // Without id and guid the package makes the link the guid, as a permalink: which ours is.
      link: entry.url,
      date: entry.updated,
      published: entry.published,
      description: escapeMarkup(entry.summary),
      content: entry.content,
      category: entry.tags.map((tag) => ({ name: elementText(tag.name), domain: escapeMarkup(tag.scheme) })),
      ...enclosure(entry),
      extensions: extensions(entry),
    });
  }
  // The package declares only the namespaces that it thinks of; the root element is the first thing after the declaration.
  return feed
    .rss2()
    .replace(/<rss [^>]*>/, ROOT)
    .replace('<channel>', () => `<channel>${headMarkup(document, 'atom:')}`);
}

/** The writer takes `&amp;` in a text for an escaped `&`: escaping it first makes the text come back as it was. */
function elementText(text: string): string {
  return text.replaceAll('&', '&amp;');
}

/** An extension of the name of an element replaces it: so the title is written as text, whatever closes CDATA in it. */
function extensions(entry: FeedEntry): { name: string; objects: Record<string, unknown> }[] {
  const { source } = entry;
  const sourceUrl = source.feedUrl ?? source.url;
  const named: [string, unknown][] = [
    ['title', { _text: elementText(entry.title) }],
    ['dc:creator', entry.authors.map((author) => ({ _text: elementText(author.name) }))],
    ['dc:language', entry.language === undefined ? undefined : { _text: entry.language }],
    ['dc:rights', entry.rights === undefined ? undefined : { _text: elementText(entry.rights) }],
    ['source', sourceUrl && { _attributes: { url: escapeMarkup(sourceUrl) }, _text: elementText(source.name) }],
    // RSS has no word for the original of an aggregated item; Atom's does (RFC 4287, 4.2.7.2).
    ['atom:link', entry.originalUrl && { _attributes: { rel: 'via', href: escapeMarkup(entry.originalUrl) } }],
    ['media:content', entry.media.map(mediaContent)],
  ];
  return named
    .filter(([, objects]) => objects !== undefined && (!Array.isArray(objects) || objects.length > 0))
    .map(([name, objects]) => ({ name, objects: objects as Record<string, unknown> }));
}

function mediaContent(media: FeedMedia): Record<string, unknown> {
  return {
    _attributes: {
      url: escapeMarkup(media.url),
      type: media.type,
      medium: media.medium,
      fileSize: media.length,
      width: media.width,
      height: media.height,
    },
    ...(media.caption === undefined
      ? {}
      : { 'media:description': { _attributes: { type: 'plain' }, _text: elementText(media.caption) } }),
    ...(media.credit === undefined ? {} : { 'media:credit': { _text: elementText(media.credit) } }),
  };
}

/** One an item is all that RSS readers take: what can be listened to or watched, else the lead image. */
function enclosure(entry: FeedEntry): { enclosure?: { url: string; type: string; length: number } } {
  const typed = entry.media.filter((media) => media.type !== undefined);
  const chosen = typed.find((media) => media.medium === 'audio' || media.medium === 'video') ?? typed[0];
  return chosen?.type === undefined
    ? {}
    : { enclosure: { url: chosen.url, type: chosen.type, length: chosen.length ?? 0 } };
}
