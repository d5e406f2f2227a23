/** RSS 2.0 as the agency writes it: guids, authors by Dublin Core, full text in content:encoded, images by Media RSS. */
import { type Article, bodyHtml, escape, lastChange } from './article.js';

/** A feed's own facts; `self` is its address. */
export interface FeedHead {
  name: string;
  home: string;
  self: string;
  tagline: string;
}

const NAMESPACES = [
  'xmlns:atom="http://www.w3.org/2005/Atom"',
  'xmlns:content="http://purl.org/rss/1.0/modules/content/"',
  'xmlns:dc="http://purl.org/dc/elements/1.1/"',
  'xmlns:media="http://search.yahoo.com/mrss/"',
].join(' ');

const rfc822 = (time: number): string => new Date(time).toUTCString();

export function renderRss(head: FeedHead, articles: Article[]): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" ${NAMESPACES}>
<channel>
<title>${escape(head.name)}</title>
<link>${escape(head.home)}</link>
<description>${escape(head.tagline)}</description>
<language>en</language>
<lastBuildDate>${rfc822(lastChange(articles))}</lastBuildDate>
<atom:link rel="self" type="application/rss+xml" href="${escape(head.self)}"/>
${articles.map(item).join('\n')}
</channel>
</rss>
`;
}

function item(article: Article): string {
  const image = article.image;
  return [
    '<item>',
    `<title>${escape(article.title)}</title>`,
    `<link>${escape(article.url)}</link>`,
    `<guid isPermaLink="false">${escape(article.id)}</guid>`,
    `<pubDate>${rfc822(article.publishedAt)}</pubDate>`,
    `<atom:updated>${new Date(article.updatedAt).toISOString()}</atom:updated>`,
    `<dc:creator>${escape(article.author)}</dc:creator>`,
    `<dc:language>${article.language}</dc:language>`,
    ...article.categories.map((category) => `<category>${escape(category)}</category>`),
    `<description>${escape(article.paragraphs[0] ?? '')}</description>`,
    `<content:encoded>${escape(bodyHtml(article))}</content:encoded>`,
    ...(image
      ? [
          `<media:content url="${escape(image.url)}" type="image/png" medium="image" width="${image.width}" height="${image.height}">`,
          `<media:credit>${escape(image.credit)}</media:credit>`,
          `<media:description type="plain">${escape(image.caption)}</media:description>`,
          '</media:content>',
        ]
      : []),
    '</item>',
  ].join('\n');
}
