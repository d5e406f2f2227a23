/** Tidemarks, the blog: its own short pieces, one every minute and a half. JSON Feed 1.1. */
import { blog } from '../texts/blog.js';
import { tellStory } from '../texts/tell-story.js';
import { type Article, type Partner } from './article.js';
import { readKey } from './agency.js';
import { HEIGHT, WIDTH } from './illustration.js';
import { renderJsonFeed } from './json-feed.js';
import { type Edition, newest, publishedAt } from './timeline.js';

const FEED_LENGTH = 20;
const BACKLOG = 6;
const INTERVAL_MS = 90_000;
const NAME = 'Tidemarks';

/** `site` is the demo's origin, without a slash at the end. */
export function blogger(site: string, of: Edition): Partner {
  const home = `${site}/blog`;
  const partner: Partner = {
    slug: 'tidemarks',
    name: NAME,
    tagline: 'Notes from the edge of the water. A demo partner: every word is invented.',
    feedPath: '/blog/feed.json',
    feedType: 'application/feed+json; charset=utf-8',
    articles: (now) => newest(of, now, FEED_LENGTH, BACKLOG, INTERVAL_MS).map((number) => post(home, of, number)),
    article: (key) => {
      const address = readKey(key);
      return address && post(home, address.of, address.number);
    },
    render: (articles) =>
      renderJsonFeed(
        { name: NAME, home: `${home}/`, self: site + '/blog/feed.json', tagline: partner.tagline },
        articles,
      ),
  };
  return partner;
}

function post(home: string, of: Edition, number: number): Article {
  const story = tellStory(blog, of.code, number);
  const at = publishedAt(of, number, BACKLOG, INTERVAL_MS);
  const key = `${of.code}-${number}`;
  const article: Article = {
    id: `tidemarks-${key}`,
    url: `${home}/posts/${key}`,
    title: story.title,
    language: 'en',
    paragraphs: story.paragraphs,
    footer: '',
    author: 'Wilhelmina Quay',
    categories: story.categories.slice(1),
    publishedAt: at,
    updatedAt: at,
  };
  if (number % 2 === 0) {
    const url = `${home}/images/${key}.png`;
    article.image = { url, width: WIDTH, height: HEIGHT, credit: 'Drawing: Wilhelmina Quay', caption: story.place };
  }
  return article;
}
