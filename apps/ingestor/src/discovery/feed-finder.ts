/** Finds the feeds of a page: what it names is read to make sure, within a number of requests and one deadline for everything. */
import { Injectable } from '@nestjs/common';
import type { PageFeeds } from '#contracts/feed-preview.js';
import type { OutboundResponse } from '#http-client/http-client.js';
import { Metrics } from '#observability/metrics.js';
import { AddressReader, mayStillBeRead } from './address-reader.js';
import { chooseFeed, type FoundFeed, type NamedFeed } from './choose-feed.js';
import { customaryAddresses, knownSiteFeed } from './customary-addresses.js';
import { PageReader } from './page-reader.js';

/** `mayBeFeed`: it was not found out what it is. */
interface Unreadable extends NamedFeed {
  error: string;
  mayBeFeed: boolean;
}

/** Addresses of a page that are read at most, declared ones first, and customary ones when it names none. */
const MOST_READ = 10;
const AT_ONCE = 4;

@Injectable()
export class FeedFinder {
  private readonly searched;

  constructor(
    private readonly pages: PageReader,
    private readonly addresses: AddressReader,
    metrics: Metrics,
  ) {
    this.searched = metrics.counter('dateline_discovery_pages_total', 'Pages searched for feeds by outcome', [
      'outcome',
    ]);
  }

  /** The feeds of a page that was fetched. What is not read when `signal` aborts is unreadable. Never throws. */
  async find(page: OutboundResponse, signal: AbortSignal): Promise<PageFeeds> {
    const unreadable: Unreadable[] = [];
    let found = await this.readAll(await this.named(page, signal), signal, unreadable);
    if (found.length === 0 && !signal.aborted) {
      const customary = customaryAddresses(page.url, MOST_READ).map((url): NamedFeed => ({
        url,
        foundBy: 'well-known',
      }));
      // That nothing is there says nothing: nobody claimed it.
      found = await this.readAll(customary, signal, []);
    }
    const unread = unreadable.filter(({ mayBeFeed }) => mayBeFeed);
    const chosen = chooseFeed(found, page.url, unread);
    this.searched.inc({ outcome: chosen.best !== null ? 'found' : found.length > 0 ? 'several' : 'none' });
    return { ...chosen, unreadable: unreadable.map(({ url, error }) => ({ url, error })) };
  }

  private async named(page: OutboundResponse, signal: AbortSignal): Promise<NamedFeed[]> {
    const ruled = knownSiteFeed(page.url);
    const known: NamedFeed[] = ruled === null ? [] : [{ url: ruled, foundBy: 'known-site' }];
    const contentType = page.headers['content-type'] ?? null;
    const read = this.pages.links({ bytes: page.body, contentType, url: page.url }, signal);
    const { links } = await read.catch(() => ({ links: [] }));
    return [...known, ...links.filter(({ url }) => url !== page.url)].slice(0, MOST_READ);
  }

  /** In the order of `leads`, so that the page's order counts and not the servers' speed. */
  private async readAll(leads: NamedFeed[], signal: AbortSignal, unreadable: Unreadable[]): Promise<FoundFeed[]> {
    const found: (FoundFeed | undefined)[] = leads.map(() => undefined);
    const waiting = [...leads.entries()];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [place, lead] = next;
        const feed = await this.read(lead, signal);
        if ('error' in feed) unreadable.push(feed);
        else found[place] = feed;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return found.filter((feed) => feed !== undefined);
  }

  private async read(lead: NamedFeed, signal: AbortSignal): Promise<FoundFeed | Unreadable> {
    if (signal.aborted) return { ...lead, error: 'there was no time left to read it', mayBeFeed: true };
    try {
      const { response, parsed } = await this.addresses.read(lead.url, signal);
      if (parsed === null) return { ...lead, error: 'it is a page, not a feed', mayBeFeed: false };
      return { ...lead, url: response.url, asked: lead.url, document: parsed };
    } catch (error) {
      if (signal.aborted) return { ...lead, error: 'it did not answer in time', mayBeFeed: true };
      const message = error instanceof Error ? error.message : String(error);
      return { ...lead, error: message, mayBeFeed: mayStillBeRead(error) };
    }
  }
}
