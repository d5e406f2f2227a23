/** Atom 1.0 by the `feed` package, with what it cannot say put in: source, via link, authors, tags, languages, media. */
import { randomBytes } from 'node:crypto';
import { Feed } from 'feed';
import { escapeMarkup } from './clean-value.js';
import { distinctUpdates } from './distinct-updates.js';
import { type FeedDocument, GENERATOR } from './feed-document.js';
import type { FeedEntry } from './feed-entry.js';
import { headMarkup, HISTORY_NAMESPACE, sourceMarkup, TOMBSTONE_NAMESPACE, tombstones } from './feed-head.js';
import { element, optional } from './xml-element.js';

/**
 * The package drops Atom extensions. So each entry's rights, which it writes last, hold a mark that no partner can know,
 * and what is missing takes the mark's place.
 */
const MARK = `dateline-${randomBytes(12).toString('hex')}`;
const MARKED_RIGHTS = `<rights>${MARK}</rights>`;

export function writeAtom(document: FeedDocument): string {
  const feed = new Feed({
    id: document.selfUrl,
    title: elementText(document.title),
    description: elementText(document.description),
    link: document.homeUrl,
    ...(document.imageUrl === undefined ? {} : { image: elementText(document.imageUrl) }),
    feed: document.selfUrl,
    updated: document.updated,
    generator: GENERATOR,
    author: { name: elementText(document.siteName), link: document.homeUrl },
  });
  const updates = distinctUpdates(document.entries);
  for (const entry of document.entries) {
    feed.addItem({
      // Atom titles are written as HTML.
      title: escapeMarkup(entry.title),
      id: entry.url,
      link: entry.url,
      date: updates.get(entry.storyId) ?? entry.updated,
      published: entry.published,
      description: escapeMarkup(entry.summary),
      content: entry.content,
      copyright: MARK,
    });
  }
  return complete(feed.atom1(), document);
}

/** Between two marks stands exactly one entry, and its own tag is the first `<entry>` there. */
function complete(xml: string, document: FeedDocument): string {
  const root = `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" ${HISTORY_NAMESPACE} ${TOMBSTONE_NAMESPACE}${languageAttribute(document.language)}>`;
  const head = root + headMarkup(document, '');
  const parts = xml.replace(/<feed [^>]*>/, () => head).split(MARKED_RIGHTS);
  return document.entries
    .map((entry, index) => {
      const opened = (parts[index] ?? '').replace('<entry>', `<entry${languageAttribute(entry.language)}>`);
      return opened + additions(entry);
    })
    .concat((parts.at(-1) ?? '').replace(/<\/feed>\s*$/, () => `${tombstones(document)}</feed>`))
    .join('');
}

function additions(entry: FeedEntry): string {
  const authors = entry.authors.length > 0 ? entry.authors : [{ name: entry.source.name, url: entry.source.url }];
  return [
    ...authors.map(({ name, url }) =>
      element('author', {}, element('name', {}, escapeMarkup(name)) + optional('uri', url)),
    ),
    ...entry.tags.map((tag) => element('category', { term: tag.term, scheme: tag.scheme, label: tag.name })),
    entry.originalUrl === undefined ? '' : element('link', { rel: 'via', href: entry.originalUrl }),
    ...entry.media
      .filter((media) => media.type !== undefined)
      .map((media) =>
        element('link', { rel: 'enclosure', href: media.url, type: media.type, length: media.length?.toString() }),
      ),
    ...entry.media.map((media) =>
      element(
        'media:content',
        {
          url: media.url,
          type: media.type,
          medium: media.medium,
          width: media.width?.toString(),
          height: media.height?.toString(),
        },
        optional('media:description', media.caption) + optional('media:credit', media.credit),
      ),
    ),
    optional('rights', entry.rights),
    sourceMarkup(entry.source, entry.originalUrl, entry.updated),
  ].join('');
}

function languageAttribute(language: string | undefined): string {
  return language === undefined ? '' : ` xml:lang="${escapeMarkup(language)}"`;
}

/** The writer takes `&amp;` in a text for an escaped `&`: escaping it first makes the text come back as it was. */
function elementText(text: string): string {
  return text.replaceAll('&', '&amp;');
}
