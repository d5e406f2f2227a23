/** The bench's news: RSS items with distinct texts of a real story's length. */
import { renderRss } from '../../demo/partners/rss.js';
import { type Article } from '../../demo/partners/article.js';
import { tellWireStory } from '../../demo/texts/languages.js';

/** Item `number` of a feed that is reached at `site`. Every number is another text; `mark` makes its URL and guid. */
export function benchArticle(site: string, mark: string, number: number, publishedAt: number): Article {
  const story = tellWireStory('bench', number);
  return {
    id: `bench:${mark}`,
    url: `${site}/articles/${mark}`,
    title: story.title,
    language: story.language,
    // Plots come round again: the last paragraph keeps any two texts apart.
    paragraphs: [...story.paragraphs, `Reference ${mark}.`],
    footer: '',
    author: story.author,
    categories: story.categories,
    publishedAt,
    updatedAt: publishedAt,
  };
}

export function benchFeed(site: string, path: string, articles: Article[]): string {
  const head = { name: `Bench ${path}`, home: `${site}/`, self: site + path, tagline: 'News for the bench.' };
  return renderRss(head, articles);
}
