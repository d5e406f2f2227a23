/** Whose site a feed belongs to, as far as its addresses prove it. */
import { parseUrl } from './parse-url.js';

/** Longer names are nobody's (RFC 1035, 2.3.4: a host has 255 characters at most), and would not fit into an index. */
const MAX_LENGTH = 500;
/** Hosts that lend their address to many publishers: there the first part of the path is the publisher. */
const SHARED_HOSTS = new Set(
  (
    'medium.com youtube.com github.com gitlab.com codeberg.org reddit.com old.reddit.com sites.google.com facebook.com ' +
    'twitter.com x.com instagram.com tiktok.com soundcloud.com vimeo.com dailymotion.com mastodon.social bsky.app dev.to ' +
    'hashnode.com anchor.fm spreaker.com buzzsprout.com podcasts.apple.com open.spotify.com patreon.com flickr.com ' +
    'linkedin.com telegra.ph t.me groups.google.com news.google.com feedburner.com feeds.feedburner.com'
  ).split(' '),
);
/** Sub-domains that a site keeps for itself; others may be a tenant's. */
const OWN_SUBDOMAIN = /^(feeds?|rss|atom|xml|api|static|content|media|cdn|newsfeed)\./;

/**
 * The name of the site behind a home page: its host without `www.`, and the first part of the path on hosts that many
 * publishers share. Null for what is no web address, and for the root of a shared host, which is nobody's home.
 */
export function homeKey(homeUrl: string): string | null {
  const url = webUrl(homeUrl);
  if (url === null) return null;
  const host = plainHost(url);
  if (!SHARED_HOSTS.has(host)) return host.length <= MAX_LENGTH ? host : null;
  const segment = url.pathname.split('/').find((part) => part !== '');
  return segment === undefined || segment.length > MAX_LENGTH ? null : `${host}/${segment.toLowerCase()}`;
}

/**
 * Whether a feed at `feedUrl` may say that `homeUrl` is its home: it lies on the same site, on a sub-domain that sites keep
 * for themselves (`feeds.`), or on the domain above. A feed from elsewhere could claim anybody's home.
 */
export function speaksFor(feedUrl: string, homeUrl: string): boolean {
  const [feed, home] = [webUrl(feedUrl), webUrl(homeUrl)];
  if (feed === null || home === null) return false;
  const [feedHost, homeHost] = [plainHost(feed), plainHost(home)];
  if (SHARED_HOSTS.has(homeHost)) return homeKey(feedUrl) === homeKey(homeUrl);
  return (
    feedHost === homeHost ||
    feedHost.replace(OWN_SUBDOMAIN, '') === homeHost ||
    // Whoever has a domain has what is below it.
    (feedHost.includes('.') && homeHost.endsWith(`.${feedHost}`))
  );
}

function webUrl(text: string): URL | null {
  const url = parseUrl(text);
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : null;
}

/** With the port, if it has one: two ports of a machine may be two sites. */
function plainHost(url: URL): string {
  const host = url.hostname.replace(/\.+$/, '').replace(/^www\d?\.(?=[^.]+\.)/, '');
  return url.port === '' ? host : `${host}:${url.port}`;
}
