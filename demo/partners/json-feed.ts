/** JSON Feed 1.1 as the blog writes it. */
import { type Article, bodyHtml } from './article.js';
import { type FeedHead } from './rss.js';

const rfc3339 = (time: number): string => new Date(time).toISOString();

export function renderJsonFeed(head: FeedHead, articles: Article[]): string {
  return JSON.stringify(
    {
      version: 'https://jsonfeed.org/version/1.1',
      title: head.name,
      description: head.tagline,
      home_page_url: head.home,
      feed_url: head.self,
      language: 'en',
      items: articles.map((article) => ({
        id: article.id,
        url: article.url,
        title: article.title,
        content_html: bodyHtml(article),
        summary: article.paragraphs[0],
        date_published: rfc3339(article.publishedAt),
        date_modified: rfc3339(article.updatedAt),
        authors: [{ name: article.author }],
        tags: article.categories,
        language: article.language,
        ...(article.image ? { image: article.image.url } : {}),
      })),
    },
    null,
    2,
  );
}
