/** A story as schema.org's NewsArticle, for search engines: what it is, when, by whom, and from where. */
import { attributionLine } from '#domain/story-rights.js';
import type { FullStory } from '#storage/published-story.repository.js';
import { absoluteUrl, plainLine } from '../feeds/clean-value.js';

/** schema.org advises a headline of at most this length. */
const HEADLINE_LENGTH = 110;

/** JSON that may stand in a script element: nothing in it can end the element or start another. */
export function jsonLd(story: FullStory, site: { url: string; siteName: string; publicUrl: string }): string {
  const image = absoluteUrl(story.image?.url);
  const sourceUrl = absoluteUrl(story.sourceUrl);
  const originalUrl = absoluteUrl(story.itemUrl);
  const authors = story.authors.map((author) => plainLine(author.name ?? '')).filter((name) => name !== '');
  const attribution = plainLine(attributionLine(story.partnerRights, story.rights));
  const organisation = { '@type': 'Organization', name: story.sourceName, ...(sourceUrl && { url: sourceUrl }) };
  return asScriptData({
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    headline: plainLine(story.title).slice(0, HEADLINE_LENGTH),
    description: plainLine(story.summary),
    datePublished: story.sortAt.toISOString(),
    dateModified: (story.updatedAt < story.sortAt ? story.sortAt : story.updatedAt).toISOString(),
    mainEntityOfPage: site.url,
    url: site.url,
    ...(story.language !== null && { inLanguage: story.language }),
    ...(image && { image: [image] }),
    author: authors.length > 0 ? authors.map((name) => ({ '@type': 'Person', name })) : [organisation],
    sourceOrganization: organisation,
    ...(attribution !== '' && { creditText: attribution, copyrightNotice: attribution }),
    ...(originalUrl && { isBasedOn: originalUrl }),
    publisher: { '@type': 'Organization', name: site.siteName, url: site.publicUrl },
    keywords: story.tags.map((tag) => tag.name),
  });
}

/** `JSON.stringify` escapes half surrogates itself; markup and the separators that scripts trip over are escaped here. */
function asScriptData(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
