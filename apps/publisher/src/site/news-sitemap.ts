/** The news sitemap: the last two days' stories for Google News, which takes at most 1,000. */
import type { StoryCard } from '#storage/published-story.repository.js';
import { escapeMarkup, languageTag, plainLine } from '../feeds/clean-value.js';
import { storyPath } from './links.js';

/** The protocol wants a language for every entry: where a story's is not known, the site's. */
export function newsSitemap(
  stories: StoryCard[],
  site: { siteName: string; publicUrl: string; siteLanguage: string },
): string {
  const name = escapeMarkup(plainLine(site.siteName));
  const urls = stories.map((story) => {
    const language = languageTag(story.language) ?? site.siteLanguage;
    return (
      `<url><loc>${escapeMarkup(new URL(site.publicUrl + storyPath(story)).href)}</loc><news:news>` +
      `<news:publication><news:name>${name}</news:name><news:language>${language}</news:language></news:publication>` +
      `<news:publication_date>${story.sortAt.toISOString()}</news:publication_date>` +
      `<news:title>${escapeMarkup(plainLine(story.title))}</news:title></news:news></url>\n`
    );
  });
  return (
    '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"' +
    ` xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n${urls.join('')}</urlset>\n`
  );
}
