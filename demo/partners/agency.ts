/** Northwire, the agency: writes every wire story, updates some and corrects some. RSS 2.0. */
import { tellWireStory } from '../texts/languages.js';
import { type Article, escape, type Partner } from './article.js';
import { HEIGHT, WIDTH } from './illustration.js';
import { renderRss } from './rss.js';
import { type Edition, editionOfCode, isCorrected, newest, publishedAt, revision } from './timeline.js';

const FEED_LENGTH = 40;
const NAME = 'Northwire Agency';

/** `site` is the demo's origin, without a slash at the end. */
export function agency(site: string, of: Edition): Partner {
  const home = `${site}/agency`;
  const partner: Partner = {
    slug: 'northwire',
    name: NAME,
    tagline: 'Wire news from a coast that is not on the map. A demo partner: every word is invented.',
    feedPath: '/agency/feed.rss',
    feedType: 'application/rss+xml; charset=utf-8',
    articles: (now) => newest(of, now, FEED_LENGTH).map((number) => wireArticle(home, of, number, now)),
    article: (key, now) => {
      const address = readKey(key);
      return address && wireArticle(home, address.of, address.number, now);
    },
    render: (articles) =>
      renderRss({ name: NAME, home: `${home}/`, self: site + '/agency/feed.rss', tagline: partner.tagline }, articles),
  };
  return partner;
}

/** `EDITION-NUMBER`, the last segment of an article's address: enough to write the article again. */
export function readKey(key: string): { of: Edition; number: number } | undefined {
  const match = /^([0-9a-z]{6,7})-(\d{1,9})$/.exec(key);
  const of = match && editionOfCode(match[1] as string);
  return of ? { of, number: Number(match[2]) } : undefined;
}

function wireArticle(home: string, of: Edition, number: number, now: number): Article {
  const change = revision(of, number, now);
  const story = tellWireStory(of.code, number, isCorrected(number) && !change.corrected);
  const key = `${of.code}-${number}`;
  const article: Article = {
    id: `northwire:${of.code}:${number}`,
    url: `${home}/stories/${key}`,
    title: change.corrected ? story.correctedTitle : story.title,
    language: story.language,
    paragraphs: [...story.paragraphs, ...(change.updated ? [story.updateNote] : [])],
    footer: change.corrected ? `\n<p><em>${escape(story.correctionNote)}</em></p>` : '',
    author: story.author,
    categories: story.categories,
    publishedAt: publishedAt(of, number),
    updatedAt: change.at,
  };
  if (number % 3 === 0) {
    const url = `${home}/images/${key}.png`;
    article.image = { url, width: WIDTH, height: HEIGHT, credit: 'Illustration: Northwire', caption: story.place };
  }
  return article;
}
