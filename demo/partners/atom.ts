/** Atom 1.0 as the Daily writes it: a language an entry, a link back to the agency's original. */
import { type Article, bodyHtml, escape, lastChange } from './article.js';
import { type FeedHead } from './rss.js';

const rfc3339 = (time: number): string => new Date(time).toISOString();

export function renderAtom(head: FeedHead, articles: Article[]): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<id>${escape(head.home)}</id>
<title>${escape(head.name)}</title>
<subtitle>${escape(head.tagline)}</subtitle>
<updated>${rfc3339(lastChange(articles))}</updated>
<link rel="self" type="application/atom+xml" href="${escape(head.self)}"/>
<link rel="alternate" type="text/html" href="${escape(head.home)}"/>
<author><name>${escape(head.name)}</name></author>
${articles.map(entry).join('\n')}
</feed>
`;
}

function entry(article: Article): string {
  return [
    `<entry xml:lang="${article.language}">`,
    `<id>${escape(article.id)}</id>`,
    `<title>${escape(article.title)}</title>`,
    `<link rel="alternate" type="text/html" href="${escape(article.url)}"/>`,
    ...(article.via ? [`<link rel="via" type="text/html" href="${escape(article.via)}"/>`] : []),
    `<published>${rfc3339(article.publishedAt)}</published>`,
    `<updated>${rfc3339(article.updatedAt)}</updated>`,
    `<author><name>${escape(article.author)}</name></author>`,
    ...article.categories.map((category) => `<category term="${escape(category)}"/>`),
    `<content type="html">${escape(bodyHtml(article))}</content>`,
    '</entry>',
  ].join('\n');
}
