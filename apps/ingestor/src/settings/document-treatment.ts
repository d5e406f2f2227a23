/** From a document as it was read to the items that are stored: identity, news or backlog, and the feed's own settings. */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ParsedDocument, ParsedItem, ParseProblem } from '#contracts/parsed-feed.js';
import { Metrics } from '#observability/metrics.js';
import type { FeedInHand } from '#storage/feed-in-hand.repository.js';
import { type FetchedItem, FetchedDocumentRepository } from '#storage/fetched-document.repository.js';
import type { SettledPartner } from '#storage/partner-home.repository.js';
import type { BlockedItems } from '#storage/schema.js';
import { identifyItems } from '../fetching/item-identity.js';
import { backlogReason, publishedAt } from '../fetching/storable.js';
import type { FeedManner } from './feed-manner.js';
import { FullTextReader, type PageReading } from './full-text-reader.js';
import { PartnerFinder } from './partner-finder.js';
import { SettingsError } from './settings-error.js';
import { TreatmentError, TreatmentThreads } from './treatment-threads.js';

/** What must be known of the feed of a document. */
export type TreatedFeed = Pick<FeedInHand, 'id' | 'url' | 'partnerId' | 'newsSince' | 'isFirst'>;

/** What a document's items come to. */
export interface TreatedItems {
  items: FetchedItem[];
  problems: ParseProblem[];
  blocked: BlockedItems[];
}

/** What a feed's document comes to. */
export interface TreatedDocument extends TreatedItems {
  partner: SettledPartner;
}

const MAX_NOTED_PAGES = 10;
/** Of the problems with items' identity: a feed whose guids are bad has one for each of thousands, and again with each document. */
const MAX_NOTED_ITEMS = 100;

@Injectable()
export class DocumentTreatment {
  private readonly blocked;

  constructor(
    private readonly threads: TreatmentThreads,
    private readonly pages: FullTextReader,
    private readonly documents: FetchedDocumentRepository,
    private readonly partners: PartnerFinder,
    metrics: Metrics,
  ) {
    this.blocked = metrics.counter('dateline_fetching_items_blocked_total', 'Items that rules of their feed refused');
  }

  /** `reading` null: no page is read now, and new items wait for the next fetch. As `items`, and the partner that the feed belongs to by its home page. */
  async treat(
    feed: TreatedFeed,
    manner: FeedManner,
    parsed: ParsedDocument,
    reading: PageReading | null,
    signal?: AbortSignal,
  ): Promise<TreatedDocument> {
    const treated = await this.items(feed, manner, parsed, reading, signal);
    return { ...treated, partner: await this.partners.partnerOf(feed, parsed.feed.homeUrl) };
  }

  /** `parsed` must be storable. @throws {SettingsError} when the rules cannot be kept. */
  async items(
    feed: Pick<TreatedFeed, 'id' | 'newsSince' | 'isFirst'>,
    manner: FeedManner,
    parsed: ParsedDocument,
    reading: PageReading | null,
    signal?: AbortSignal,
  ): Promise<TreatedItems> {
    const { items, refusals } = await this.pastRules(parsed.items, manner, signal);
    const identified = identifyItems(items);
    const fetched = identified.items.map(({ key, rule, contentHash, item }): FetchedItem => {
      const published = publishedAt(item);
      const blockedReason = refusals.get(item) ?? null;
      return {
        identityKey: key,
        identityRule: rule,
        // Another verdict of the rules makes another version: a document that is read again brings an item back.
        contentHash: blockedReason === null ? contentHash : marked(contentHash, blockedReason),
        parsed: item,
        publishedAt: published,
        quietReason: backlogReason(published, feed.newsSince, feed.isFirst),
        blockedReason,
      };
    });
    const problems = [...parsed.problems, ...firstOf(identified.problems), ...manner.problems];
    const blocked = counted(fetched);
    this.blocked.inc(blocked.reduce((sum, { items: count }) => sum + count, 0));
    if (!manner.fullText) return { items: fetched, problems, blocked };
    const complete = await this.withPages(feed.id, fetched, manner, reading);
    return { items: complete.items, problems: [...problems, ...complete.problems], blocked };
  }

  /** Nothing leaves this thread where there is nothing to do. */
  private async pastRules(
    items: ParsedItem[],
    { rules, stripTrackers }: FeedManner,
    signal?: AbortSignal,
  ): Promise<{ items: ParsedItem[]; refusals: Map<ParsedItem, string> }> {
    const refusals = new Map<ParsedItem, string>();
    if (rules.length === 0 && !stripTrackers) return { items, refusals };
    try {
      const treated = await this.threads.items({ items, rules, stripTrackers }, signal);
      treated.items.forEach((item, index) => {
        const refusal = treated.refusals[index];
        if (refusal) refusals.set(item, refusal);
      });
      return { items: treated.items, refusals };
    } catch (error) {
      // Items that nobody has judged must not pass: the fetch waits until the operator has simpler rules.
      if (error instanceof TreatmentError && signal?.aborted !== true)
        throw new SettingsError(`the feed's rules could not be applied: ${error.message}`);
      throw error;
    }
  }

  /** New and changed items with the text of their pages. What is known keeps the text that it has. */
  private async withPages(
    feedId: string,
    items: FetchedItem[],
    manner: FeedManner,
    reading: PageReading | null,
  ): Promise<{ items: FetchedItem[]; problems: ParseProblem[] }> {
    const known = await this.documents.knownHashes(
      feedId,
      items.map(({ identityKey }) => identityKey),
    );
    const wanted = items.filter((item) => !item.blockedReason && known.get(item.identityKey) !== item.contentHash);
    const outcomes = reading
      ? await this.pages.read(
          wanted.map(({ parsed }) => parsed),
          manner,
          reading,
        )
      : wanted.map(() => ({ waits: true as const }));
    const changed = new Map<FetchedItem, FetchedItem>();
    const failures: ParseProblem[] = [];
    let waiting = 0;
    wanted.forEach((item, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined || 'waits' in outcome) {
        waiting++;
        changed.set(item, { ...item, contentHash: marked(item.contentHash, 'its page waits') });
      } else if ('item' in outcome) changed.set(item, { ...item, parsed: outcome.item });
      else failures.push(note(`${item.parsed.url ?? item.identityKey}: ${outcome.failure}; the feed's text is kept`));
    });
    const problems = failures.slice(0, MAX_NOTED_PAGES);
    if (failures.length > problems.length) problems.push(note(`and ${failures.length - problems.length} more pages`));
    if (waiting > 0) problems.push(note(`${waiting} pages are left for the next document; the feed's text is kept`));
    return { items: items.map((item) => changed.get(item) ?? item), problems };
  }
}

/** A hash of its own, so that the item differs from itself as the document alone would have it. */
function marked(contentHash: string, mark: string): string {
  return createHash('sha256').update(`${contentHash}\n${mark}`).digest('hex');
}

function firstOf(problems: ParseProblem[]): ParseProblem[] {
  const more = problems.length - MAX_NOTED_ITEMS;
  if (more <= 0) return problems;
  const message = `and ${more} more that are not noted one by one: items without identity, repeated or empty`;
  return [...problems.slice(0, MAX_NOTED_ITEMS), { code: 'more-problems', message }];
}

function note(message: string): ParseProblem {
  return { code: 'full-text', message };
}

function counted(items: readonly FetchedItem[]): BlockedItems[] {
  const byReason = new Map<string, number>();
  for (const { blockedReason } of items)
    if (blockedReason) byReason.set(blockedReason, (byReason.get(blockedReason) ?? 0) + 1);
  return [...byReason].map(([reason, count]) => ({ reason, items: count }));
}
