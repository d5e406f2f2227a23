/** Where feeds are found that no page names: by the rule of a site that we know, or by custom. */
import { parseUrl } from '#domain/parse-url.js';

/** Below the page's own folder and at the site's root, the commonest first. */
const CUSTOMARY = ['feed', 'rss', 'atom.xml', 'feed.xml', 'rss.xml', 'index.xml', 'feed.json'];

/** Addresses to try when a page names none, at most `most`. */
export function customaryAddresses(pageUrl: string, most: number): string[] {
  const url = parseUrl(pageUrl);
  if (url === null) return [];
  const folder = new URL('.', url).href;
  const root = new URL('/', url).href;
  const page = url.pathname === '/' || url.pathname.endsWith('/') ? url.href : `${url.origin}${url.pathname}/`;
  // A page such as /blog is a folder to people; /news/today.html is not.
  const places = new Set(/\.\w{2,5}\/$/.test(page) ? [folder, root] : [new URL('.', page).href, root]);
  return [...places].flatMap((place) => CUSTOMARY.map((name) => new URL(name, place).href)).slice(0, most);
}

/** The feed of a page by its site's own rule, or null: channels and playlists of YouTube. */
export function knownSiteFeed(pageUrl: string): string | null {
  const url = parseUrl(pageUrl);
  if (url === null || !/^(www\.|m\.)?youtube\.com$/.test(url.hostname)) return null;
  const channel = /^\/channel\/(UC[\w-]{22})(\/|$)/.exec(url.pathname)?.[1];
  const playlist = url.searchParams.get('list');
  const query = channel
    ? `channel_id=${channel}`
    : playlist && /^[\w-]{10,64}$/.test(playlist)
      ? `playlist_id=${playlist}`
      : null;
  return query === null ? null : `https://www.youtube.com/feeds/videos.xml?${query}`;
}
