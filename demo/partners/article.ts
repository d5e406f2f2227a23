/** An article as a partner publishes it: what the three feed formats and the article pages are rendered from. */

export interface Article {
  /** The guid in this partner's feed. */
  id: string;
  url: string;
  title: string;
  language: string;
  /** Plain text, one string a paragraph. */
  paragraphs: string[];
  /** HTML under the text: notes, or the partner's own footer. */
  footer: string;
  author: string;
  categories: string[];
  /** Unix milliseconds. */
  publishedAt: number;
  updatedAt: number;
  image?: { url: string; width: number; height: number; credit: string; caption: string };
  /** The agency's original, where this is a copy of it. */
  via?: string;
}

/** A partner's site: its words about itself, its feed's place and its articles. */
export interface Partner {
  slug: string;
  name: string;
  tagline: string;
  feedPath: string;
  feedType: string;
  /** Published by `now` (ms), newest first. */
  articles(now: number): Article[];
  /** One article by the last segment of its address, as it is at `now`. */
  article(key: string, now: number): Article | undefined;
  /** The feed document of these articles. */
  render(articles: Article[]): string;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for XML and HTML, in elements and in attributes. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] as string);
}

/** The article's text as HTML. */
export function bodyHtml(article: Article): string {
  return article.paragraphs.map((text) => `<p>${escape(text)}</p>`).join('\n') + article.footer;
}

/** The time of the newest change (ms), for feeds that say when they were updated. */
export function lastChange(articles: Article[]): number {
  return Math.max(...articles.map((article) => article.updatedAt));
}
