/** JSON Feed 1.1 by the `feed` package, which writes version 1: the newer fields go in as extensions of their names. */
import { Feed } from 'feed';
import { type FeedDocument } from './feed-document.js';
import type { FeedEntry } from './feed-entry.js';
import { escapeMarkup } from './clean-value.js';

type Extension = { name: string; objects: Record<string, unknown> };

export function writeJson(document: FeedDocument): string {
  const feed = new Feed({
    title: document.title,
    description: document.description,
    link: document.homeUrl,
    ...(document.imageUrl === undefined ? {} : { image: document.imageUrl }),
    feedLinks: { json: document.selfUrl },
  });
  feed.addExtension(field('version', 'https://jsonfeed.org/version/1.1'));
  feed.addExtension(field('authors', [{ name: document.siteName, url: document.homeUrl }]));
  if (document.language !== undefined) feed.addExtension(field('language', document.language));
  // JSON Feed has no word for an archive: older items are on the next page.
  if (document.previousUrl !== undefined) feed.addExtension(field('next_url', document.previousUrl));
  if (document.hubs.length > 0) {
    feed.addExtension(
      field(
        'hubs',
        document.hubs.map((url) => ({ type: 'WebSub', url })),
      ),
    );
  }
  for (const entry of document.entries) {
    feed.addItem({
      id: entry.url,
      title: entry.title,
      link: entry.url,
      date: entry.updated,
      published: entry.published,
      content: entry.content === '' ? escapeMarkup(entry.summary) : entry.content,
      extensions: extensions(entry),
    });
  }
  return feed.json1();
}

function extensions(entry: FeedEntry): Extension[] {
  const image = entry.media.find((media) => media.medium === 'image');
  const attachments = entry.media
    .filter((media) => media.type !== undefined && media.medium !== 'image')
    .map((media) => ({ url: media.url, mime_type: media.type, size_in_bytes: media.length, title: media.caption }));
  const authors = entry.authors.length > 0 ? entry.authors : [{ name: entry.source.name, url: entry.source.url }];
  return [
    ...(entry.originalUrl === undefined ? [] : [field('external_url', entry.originalUrl)]),
    ...(entry.summary === '' ? [] : [field('summary', entry.summary)]),
    ...(image === undefined ? [] : [field('image', image.url)]),
    field('authors', authors),
    field(
      'tags',
      entry.tags.map((tag) => tag.name),
    ),
    ...(entry.language === undefined ? [] : [field('language', entry.language)]),
    ...(attachments.length === 0 ? [] : [field('attachments', attachments)]),
    field('_source', {
      title: entry.source.name,
      url: entry.source.url,
      feed_url: entry.source.feedUrl,
      rights: entry.rights,
    }),
  ];
}

/** The package writes an extension's value as it is, whatever its type says. */
function field(name: string, value: unknown): Extension {
  return { name, objects: value as Record<string, unknown> };
}
