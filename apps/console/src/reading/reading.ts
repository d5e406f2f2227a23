/** What `dateline read` prints of a document: the reader's result under the names that docs/reading.md explains. */
import type { ParsedDocument, ParsedFeed, ParsedItem, ParsedMedia, ParseProblem } from '#contracts/parsed-feed.js';

/** A feed as it was read. Addresses are absolute, texts plain, dates ISO 8601 in UTC; what is not known is left out. */
export type FeedReading = Omit<ParsedFeed, 'homeUrl' | 'schedule'> & {
  homePage?: string;
  /** Minutes (RSS ttl). */
  ttl?: number;
  /** The other hints on when to poll: minutes between changes (sy:*), hours of the day (UTC) and weekdays to spare. */
  schedule: Pick<ParsedFeed['schedule'], 'skipHours' | 'skipDays'> & { updatePeriod?: number };
};

/** An item as it was read; `summary` and `content` are HTML. `media` has everything, `enclosures` what the item encloses. */
export type ItemReading = Omit<ParsedItem, 'source' | 'comments' | 'media'> & {
  media: Omit<ParsedMedia, 'enclosure'>[];
  enclosures: Omit<ParsedMedia, 'enclosure'>[];
  originalSource?: ParsedItem['source'];
  commentsUrl?: string;
};

/** A document as it was read. */
export interface Reading {
  feed: FeedReading;
  items: ItemReading[];
  problems: ParseProblem[];
}

export function readingOf({ feed, items, problems }: ParsedDocument): Reading {
  return { feed: feedReading(feed), items: items.map(itemReading), problems };
}

function feedReading({ homeUrl, schedule, ...feed }: ParsedFeed): FeedReading {
  const { ttlMinutes, updatePeriodMinutes, ...skips } = schedule;
  return {
    ...feed,
    ...(homeUrl !== undefined && { homePage: homeUrl }),
    ...(ttlMinutes !== undefined && { ttl: ttlMinutes }),
    schedule: { ...(updatePeriodMinutes !== undefined && { updatePeriod: updatePeriodMinutes }), ...skips },
  };
}

function itemReading({ media, source, comments, ...item }: ParsedItem): ItemReading {
  const bare = media.map(({ enclosure: _, ...each }) => each);
  return {
    ...item,
    media: bare,
    enclosures: bare.filter((_, index) => media[index]?.enclosure === true),
    ...(source !== undefined && { originalSource: source }),
    ...(comments !== undefined && { commentsUrl: comments }),
  };
}
