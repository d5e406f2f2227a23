/** How a feed is asked and read, worked out from its settings. Pure. */
import type { ItemRule, SecretFeedSettings, FeedCredentials } from '#contracts/feed-settings.js';
import type { ParseProblem } from '#contracts/parsed-feed.js';
import { credentialsAreFor } from '#domain/changed-feed-settings.js';
import type { OutboundRequest } from '#http-client/http-client.js';
import type { StoredFeedSettings } from '#storage/feed-settings.repository.js';

/** What a request takes from the settings; `headers` has the user agent where the feed has one of its own. */
export type RequestManner = Pick<OutboundRequest, 'credentials' | 'wayOut'> & { headers: Record<string, string> };

export interface FeedManner {
  /** For the feed itself and for pages that it links: credentials go to their own origin only. */
  requestTo: (url: string) => RequestManner;
  rules: ItemRule[];
  stripTrackers: boolean;
  fullText: boolean;
  /** What of the settings could not be done, to be noted with the fetch. */
  problems: ParseProblem[];
}

const NOTHING: RequestManner = { headers: {} };

/** Of a feed without settings. */
export const ORDINARY: FeedManner = {
  requestTo: () => NOTHING,
  rules: [],
  stripTrackers: false,
  fullText: false,
  problems: [],
};

export function feedManner(feedUrl: string, stored: StoredFeedSettings, secret: SecretFeedSettings): FeedManner {
  const { open } = stored;
  const problems: ParseProblem[] = [];
  const origin = open.credentials?.origin;
  if (origin !== undefined && !credentialsAreFor(origin, feedUrl))
    problems.push({
      code: 'credentials-not-sent',
      message: `the credentials are for ${origin}, where the feed is no longer; set them again`,
    });
  if (open.fullText && stored.excerptOnly)
    problems.push({ code: 'full-text', message: 'no full text is fetched: the partner allows excerpts only' });
  return {
    requestTo: (url) => {
      const mayHave = secret.credentials && origin !== undefined && credentialsAreFor(origin, url);
      const wayOut = wayTo(url, feedUrl, stored, secret);
      return {
        headers: open.userAgent === undefined ? {} : { 'user-agent': open.userAgent },
        ...(mayHave && secret.credentials ? { credentials: credentialHeader(secret.credentials) } : {}),
        ...(wayOut === undefined ? {} : { wayOut }),
      };
    },
    rules: open.rules ?? [],
    stripTrackers: open.stripTrackers === true,
    fullText: open.fullText === true && !stored.excerptOnly,
    problems,
  };
}

function credentialHeader(credentials: FeedCredentials): Record<string, string> {
  switch (credentials.kind) {
    case 'basic': {
      // RFC 7617 with UTF-8, as every browser sends it.
      const pair = Buffer.from(`${credentials.username}:${credentials.password}`, 'utf8').toString('base64');
      return { authorization: `Basic ${pair}` };
    }
    case 'bearer':
      return { authorization: `Bearer ${credentials.token}` };
    case 'header':
      return { [credentials.name.toLowerCase()]: credentials.value };
    case 'cookie':
      return { cookie: credentials.value };
  }
}

/** A bad certificate is put up with on the feed's own host alone. */
function wayTo(
  url: string,
  feedUrl: string,
  { open: { proxy, allowInvalidCertificate, ca } }: StoredFeedSettings,
  { proxyUser }: SecretFeedSettings,
): OutboundRequest['wayOut'] {
  const lax = allowInvalidCertificate === true && new URL(url).host === new URL(feedUrl).host;
  if (proxy === undefined && !lax && ca === undefined) return undefined;
  return {
    ...(proxy === undefined ? {} : { proxy: { url: proxy.url, ...proxyUser } }),
    ...(lax ? { allowInvalidCertificate: true } : {}),
    ...(ca === undefined ? {} : { ca }),
  };
}
