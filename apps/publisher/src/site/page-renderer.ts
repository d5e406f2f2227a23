/** Renders pages: a template, the site's frame around it, and the headers that keep it safe. */
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { CONTENT_TYPES, FEED_FORMATS, feedPath, type FeedTopic } from '../feeds/feed-address.js';
import type { Rendering } from '../serving/rendered-document.js';
import { surrogateKeys } from '../serving/surrogate-keys.js';
import { type Edition, Editions } from './editions.js';
import { channelPath } from './links.js';
import type { Messages } from './messages/en.js';
import { PageTemplates } from './page-templates.js';
import { SECURITY_HEADERS } from './security-headers.js';
import { SiteAssets } from './site-assets.js';
import type { SiteFacts } from './site-facts.js';

/** One page. `path` is its path in the site's own language; `feed` what its feeds are of; `data` what its template prints. */
export interface Page {
  template: string;
  title: string;
  description?: string | undefined;
  path: string;
  status?: number;
  feed?: FeedTopic | undefined;
  /** False keeps search engines from listing it (they still follow its links). */
  indexed?: boolean;
  /** The address that search engines are to take for it, where it is another one than its own. */
  canonical?: string | undefined;
  /** Marks the navigation's entry. */
  section?: string;
  changedAt?: Date | undefined;
  openGraph?: Record<string, string | undefined>;
  /** Already escaped for a script element. */
  jsonLd?: string | undefined;
  /** What a CDN can purge it by, besides `pages`. */
  keys?: string[];
  data: Record<string, unknown>;
}

/** An error or an end that has words of its own: `gone` says what, `goneHint` what to do. */
export type Notice = 'notFound' | 'gone' | 'goneForRights' | 'badRequest' | 'serverError' | 'searchesBusy';

/** What surrounds a page: the language it is read in, and the site's channels. */
export interface Frame {
  edition: Edition;
  facts: SiteFacts;
}

const CACHE_CONTROL = 'public, max-age=10, stale-while-revalidate=60, stale-if-error=86400';
const ERROR_CACHE_CONTROL = 'no-cache';
const FORMAT_NAMES = { rss: 'RSS', atom: 'Atom', json: 'JSON Feed' } as const;

@Injectable()
export class PageRenderer {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly assets: SiteAssets,
    private readonly templates: PageTemplates,
    private readonly editions: Editions,
  ) {}

  render(page: Page, frame: Frame): Rendering {
    const { publicUrl, siteName } = this.config;
    const { edition } = frame;
    const status = page.status ?? 200;
    // The site's own language is the one that search engines and shared links lead to.
    const address = new URL(publicUrl + page.path).href;
    const body = this.templates.render(page.template, {
      t: edition.t,
      link: edition.link,
      site: this.site(page, frame),
      page: {
        ...page,
        language: edition.code,
        heading: page.title,
        title: page.title === siteName ? siteName : `${page.title} · ${siteName}`,
        indexed: page.indexed ?? status === 200,
        canonical: page.canonical ?? address,
        address,
        feeds: this.feeds(page),
        hub: page.feed && { hub: `${publicUrl}/websub`, topic: new URL(publicUrl + feedPath(page.feed, 'atom')).href },
      },
      ...page.data,
    });
    return {
      status,
      contentType: 'text/html; charset=utf-8',
      cacheControl: status < 400 || status === 410 ? CACHE_CONTROL : ERROR_CACHE_CONTROL,
      body,
      changedAt: page.changedAt,
      headers: { ...SECURITY_HEADERS, ...surrogateKeys(['pages', ...(page.keys ?? [])]) },
    };
  }

  notice(status: number, notice: Notice, frame: Frame): Rendering {
    const { t } = frame.edition;
    const [message, hint] = noticeWords(t, notice);
    return this.render(
      { template: 'notice', status, title: message, path: '/', data: { status, message, hint } },
      frame,
    );
  }

  /** Leads to another path of ours, for good. */
  redirect(path: string): Rendering {
    return {
      status: 301,
      contentType: 'text/plain; charset=utf-8',
      cacheControl: CACHE_CONTROL,
      body: `Moved to ${path}\n`,
      headers: { location: path },
    };
  }

  private site(page: Page, { edition, facts }: Frame): Record<string, unknown> {
    return {
      name: this.config.siteName,
      logo: this.assets.logo,
      stylesheet: this.assets.path('site.css'),
      script: this.assets.path('site.js'),
      icon: this.assets.path('favicon.svg'),
      demonstration: facts.demonstration,
      languages: this.editions.all.map((other) => ({
        code: other.code,
        name: other.t.languageName,
        direction: other.t.direction,
        path: other.link(page.path),
        current: other === edition,
      })),
      navigation: facts.channels
        .filter((channel) => channel.slug !== 'all')
        .map((channel) => ({
          title: channel.title,
          path: channelPath(channel),
          current: page.section === channel.slug,
        })),
    };
  }

  /** Titles tell feeds of one page from those of another: readers offer them by it. */
  private feeds({ feed, title }: Page): { title: string; name: string; path: string; type: string }[] {
    const topic: FeedTopic = feed ?? { kind: 'channel', slug: 'all' };
    return FEED_FORMATS.map((format) => ({
      title: `${feed === undefined ? this.config.siteName : title} (${FORMAT_NAMES[format]})`,
      name: format === 'json' ? 'JSON' : FORMAT_NAMES[format],
      path: feedPath(topic, format),
      type: CONTENT_TYPES[format].replace(/;.*/, ''),
    }));
  }
}

function noticeWords(t: Messages, notice: Notice): [message: string, hint: string] {
  return [t[notice], t[`${notice}Hint`]];
}
