/** Whether a feed is here already, under this address or another: the question before adding one. */
import { Injectable } from '@nestjs/common';
import type { FeedPreviewReply } from '#contracts/feed-preview.js';
import type { ParsedItem } from '#contracts/parsed-feed.js';
import { canonicalUrl, isLandingPage } from '#domain/canonical-url.js';
import { addressSpellings } from '#domain/feed-address.js';
import { type KnownFeed, PageFeedRepository } from '#storage/page-feed.repository.js';

/** `how` says by what it was recognised, `reason` in a sentence. */
export interface LikeFeed extends KnownFeed {
  how: 'url' | 'redirect' | 'self-url' | 'spelling' | 'items';
  reason: string;
}

/** As many of the newest items must be a known feed's, and two at least. */
const SHARE_OF_ITEMS = 0.5;

@Injectable()
export class KnownFeeds {
  constructor(private readonly pages: PageFeedRepository) {}

  /** Feeds that are the same as the one previewed at `url`, the surest first; each once. */
  async alike(url: string, preview: FeedPreviewReply): Promise<LikeFeed[]> {
    const found = new Map<string, LikeFeed>();
    for (const like of [...(await this.byAddress(url, preview)), ...(await this.byItems(preview))])
      if (!found.has(like.id)) found.set(like.id, like);
    return [...found.values()];
  }

  private async byAddress(url: string, preview: FeedPreviewReply): Promise<LikeFeed[]> {
    const ways: [string | undefined, LikeFeed['how'], string][] = [
      [plain(url), 'url', 'It has this address.'],
      [preview.url, 'redirect', 'This address leads to it.'],
      ...(preview.ok ? preview.redirects : []).map((way): [string, LikeFeed['how'], string] => [
        plain(way),
        'redirect',
        'It is on the way that this address leads.',
      ]),
      ...(preview.ok ? [preview.feed.selfUrl, preview.feed.id] : []).map(
        (self): [string | undefined, LikeFeed['how'], string] => [
          self === undefined ? undefined : addressSpellings(self)[0],
          'self-url',
          'The feed names it as its own address.',
        ],
      ),
    ];
    const certain = ways.flatMap(([address, how, reason]) => (address === undefined ? [] : [{ address, how, reason }]));
    const spellings = certain.flatMap(({ address }) =>
      addressSpellings(address).map((spelling) => ({
        address: spelling,
        how: 'spelling' as const,
        reason: 'It differs by http or https, www. or a final slash only.',
      })),
    );
    const known = await this.pages.byUrls([...new Set([...certain, ...spellings].map(({ address }) => address))]);
    return [...certain, ...spellings].flatMap(({ address, how, reason }) =>
      known.filter((feed) => feed.url === address).map((feed) => ({ ...feed, how, reason })),
    );
  }

  private async byItems(preview: FeedPreviewReply): Promise<LikeFeed[]> {
    if (!preview.ok || preview.items.length === 0) return [];
    const { length } = preview.items;
    const known = await this.pages.byItemKeys(preview.items.flatMap(itemKeys));
    return known
      .filter(({ shared }) => shared >= Math.max(2, length * SHARE_OF_ITEMS))
      .map(({ shared, ...feed }) => ({
        ...feed,
        how: 'items',
        reason: `It has ${Math.min(shared, length)} of the ${length} newest items.`,
      }));
  }
}

/** One key an item, as the processor keeps them: its page, else its guid where that is an address or unique by itself. */
function itemKeys({ id, url }: ParsedItem): { kind: 'guid' | 'url'; key: string }[] {
  const page = url === undefined ? null : canonicalUrl(url);
  if (page !== null && !isLandingPage(page)) return [{ kind: 'url', key: page }];
  const guid = id?.trim() ?? '';
  return guid === '' || guid.length > 400 ? [] : [{ kind: 'guid', key: canonicalUrl(guid) ?? guid }];
}

function plain(address: string): string {
  return addressSpellings(address)[0] ?? address;
}
