/** Renders pages: a template, the site's frame around it, and the headers that keep it safe. */
import { Inject, Injectable } from '@nestjs/common';
import { Eta } from 'eta';
import { CONFIG, type Config } from '#config/config.js';
import { projectFile } from '#config/project-file.js';
import { CONTENT_TYPES, FEED_FORMATS, feedPath, type FeedTopic } from '../feeds/feed-address.js';
import type { Rendering } from '../serving/rendered-document.js';
import { SiteAssets } from './site-assets.js';
import { dateFormats } from './format-date.js';
import { channelPath } from './links.js';
import { en } from './messages/en.js';
import { SECURITY_HEADERS } from './security-headers.js';
import type { SiteFacts } from './site-facts.js';

/** One page. `path` is its canonical path; `feed` what its feeds are of; `data` what its template prints. */
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
  data: Record<string, unknown>;
}

const CACHE_CONTROL = 'public, max-age=10, stale-while-revalidate=60, stale-if-error=86400';
const ERROR_CACHE_CONTROL = 'no-cache';

@Injectable()
export class PageRenderer {
  readonly dates = dateFormats(en.locale);
  private readonly eta = new Eta({ views: projectFile('apps/publisher/templates'), autoEscape: true, cache: true });

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly assets: SiteAssets,
  ) {}

  render(page: Page, facts: SiteFacts): Rendering {
    const { publicUrl, siteName } = this.config;
    const status = page.status ?? 200;
    const body = this.eta.render(`./${page.template}`, {
      t: en,
      site: {
        name: siteName,
        stylesheet: this.assets.path('site.css'),
        icon: this.assets.path('favicon.svg'),
        demonstration: facts.demonstration,
        navigation: facts.channels
          .filter((channel) => channel.slug !== 'all')
          .map((channel) => ({
            title: channel.title,
            path: channelPath(channel),
            current: page.section === channel.slug,
          })),
      },
      page: {
        ...page,
        heading: page.title,
        title: page.title === siteName ? siteName : `${page.title} · ${siteName}`,
        indexed: page.indexed ?? status === 200,
        canonical: page.canonical ?? new URL(publicUrl + page.path).href,
        address: new URL(publicUrl + page.path).href,
        feeds: this.feeds(page),
      },
      ...page.data,
    });
    return {
      status,
      contentType: 'text/html; charset=utf-8',
      cacheControl: status < 400 || status === 410 ? CACHE_CONTROL : ERROR_CACHE_CONTROL,
      body,
      changedAt: page.changedAt,
      headers: SECURITY_HEADERS,
    };
  }

  /** An error or an end, in words: `message` says what, `hint` what to do. */
  notice(status: number, message: string, hint: string, facts: SiteFacts): Rendering {
    return this.render(
      { template: 'notice', status, title: message, path: '/', data: { status, message, hint } },
      facts,
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

  /** Titles tell feeds of one page from those of another: readers offer them by it. */
  private feeds({ feed, title }: Page): { title: string; path: string; type: string }[] {
    const topic: FeedTopic = feed ?? { kind: 'channel', slug: 'all' };
    return FEED_FORMATS.map((format) => ({
      title: `${feed === undefined ? this.config.siteName : title} (${format === 'rss' ? 'RSS' : format === 'atom' ? 'Atom' : 'JSON Feed'})`,
      name: format === 'rss' ? 'RSS' : format === 'atom' ? 'Atom' : 'JSON',
      path: feedPath(topic, format),
      type: CONTENT_TYPES[format].replace(/;.*/, ''),
    }));
  }
}
