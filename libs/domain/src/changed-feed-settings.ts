/** What a feed's settings are after a change: the open ones and the secret ones, kept apart. Pure. */
import type { FeedSettingsPatch, OpenFeedSettings, SecretFeedSettings } from '#contracts/feed-settings.js';

export interface FeedSettings {
  open: OpenFeedSettings;
  secret: SecretFeedSettings;
}

/** Where the feed is, and when it is: credentials are remembered with both. */
export interface ChangeMoment {
  feedUrl: string;
  now: Date;
}

/** `before` with `patch` applied; settings that have their default are left out. */
export function changedFeedSettings(
  before: FeedSettings,
  patch: FeedSettingsPatch,
  { feedUrl, now }: ChangeMoment,
): FeedSettings {
  const open = { ...before.open };
  const secret = { ...before.secret };
  set(open, 'userAgent', patch.userAgent);
  set(open, 'ca', patch.ca);
  set(open, 'allowInvalidCertificate', onlyTrue(patch.allowInvalidCertificate));
  set(open, 'stripTrackers', onlyTrue(patch.stripTrackers));
  set(open, 'fullText', onlyTrue(patch.fullText));
  set(open, 'rules', patch.rules?.length === 0 ? null : patch.rules);
  const { credentials, proxy } = patch;
  if (credentials !== undefined) {
    set(secret, 'credentials', credentials);
    const shown = credentials && {
      kind: credentials.kind,
      setAt: now.toISOString(),
      origin: new URL(feedUrl).origin,
    };
    set(open, 'credentials', shown);
  }
  if (proxy !== undefined) {
    const user = proxy?.username === undefined ? null : { username: proxy.username, password: proxy.password ?? '' };
    set(secret, 'proxyUser', user);
    set(open, 'proxy', proxy && { url: proxy.url, authenticated: user !== null });
  }
  return { open, secret };
}

/**
 * Whether credentials that were given for a feed at `origin` may be sent to it at `feedUrl`: the same origin, or the same
 * host with TLS where there was none. A feed that moves elsewhere must not take them along.
 */
export function credentialsAreFor(origin: string, feedUrl: string): boolean {
  const [given, now] = [new URL(origin), new URL(feedUrl)];
  if (given.origin === now.origin) return true;
  return given.protocol === 'http:' && now.protocol === 'https:' && given.host === now.host && now.port === '';
}

/** Undefined changes nothing, null removes. */
function set<T extends object, K extends keyof T>(target: T, key: K, value: T[K] | null | undefined): void {
  if (value === undefined) return;
  if (value === null) delete target[key];
  else target[key] = value;
}

function onlyTrue(value: boolean | null | undefined): true | null | undefined {
  return value === undefined ? undefined : value === true ? true : null;
}
