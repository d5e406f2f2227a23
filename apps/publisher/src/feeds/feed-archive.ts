/** The months of a feed that are over: closed when they are first asked for, the same ever after (RFC 5005, ADR 19). */
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { copyStanding, shownContent } from '#domain/story-rights.js';
import { FeedArchiveRepository, type ClosedPart } from '#storage/feed-archive.repository.js';
import { PublishedStoryRepository } from '#storage/published-story.repository.js';
import type { StorySelection } from '#storage/story-selection.js';
import type { ArchivePeriod } from './feed-address.js';
import { plainLine } from './clean-value.js';
import { type FeedEntry, feedEntry } from './feed-entry.js';

/** `previous` is the next one of the chain of archives. `closedAt` is undefined where rights took something away since. */
export interface ArchivedPart {
  entries: FeedEntry[];
  closedAt: Date | undefined;
  previous: ArchivePeriod | undefined;
}

type ClosedWords = Pick<FeedEntry, 'storyId'> & Partial<Pick<FeedEntry, 'itemId'>>;

/** Stories in one archive document: a long month has several. */
const STORIES_IN_A_PART = 250;
/** How long after its end a month is left open: stories that come late still get into it. */
const LEFT_OPEN_MS = 48 * 3_600_000;
const BEFORE_ALL = new Date(0);

@Injectable()
export class FeedArchive {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly stories: PublishedStoryRepository,
    private readonly archives: FeedArchiveRepository,
  ) {}

  /** The newest closed month with a story, at `now`; undefined when there is none, and for searches. */
  async newest(selection: StorySelection, now: Date): Promise<ArchivePeriod | undefined> {
    if (selection.kind === 'search') return undefined;
    return this.monthBefore(selection, monthStart(new Date(now.getTime() - LEFT_OPEN_MS)));
  }

  /** Undefined when the part is not over yet, does not exist, or comes before the part that leads to it was read. */
  async part(selection: StorySelection, period: ArchivePeriod, now: Date): Promise<ArchivedPart | undefined> {
    if (selection.kind === 'search' || isOpen(period, now)) return undefined;
    const topic = selection.kind === 'all' ? 'all' : `${selection.kind}:${'id' in selection ? selection.id : ''}`;
    const key = [topic, `${period.month}-01`, period.part] as const;
    const closed = (await this.archives.part(...key)) ?? (await this.close(selection, key));
    return closed && this.shown(closed, period, now);
  }

  private async close(
    selection: StorySelection,
    [topic, month, part]: readonly [string, string, number],
  ): Promise<ClosedPart | undefined> {
    const from = new Date(month);
    const until = monthEnd(from);
    const before = part === 1 ? undefined : (await this.archives.part(topic, month, part - 1))?.nextStory;
    if (before === null || (part > 1 && before === undefined)) return undefined;
    const within = { kind: 'within', selection: byAge(selection), from, until } as const;
    const { stories, next } = await this.stories.full(within, { limit: STORIES_IN_A_PART, before });
    const earlier = next === undefined ? await this.monthBefore(selection, from) : undefined;
    const entries = stories.map((story) => feedEntry(story, this.config.publicUrl));
    const previousMonth = earlier === undefined ? null : `${earlier.month}-01`;
    const closing = { topic, month, part, entries, nextStory: next ?? null, previousMonth };
    // A month that lost all its stories after it was linked still leads on; it is not worth a row that anybody could ask for.
    if (entries.length === 0) return earlier === undefined && part === 1 ? undefined : closing;
    return this.archives.close(closing);
  }

  /** As it was closed, without what may not be shown at `now` any more, by the rights of those whose words it has. */
  private async shown(closed: ClosedPart, period: ArchivePeriod, now: Date): Promise<ArchivedPart> {
    const frozen = (closed.entries as FeedEntry[]).map((entry) => ({
      ...entry,
      published: new Date(entry.published),
      updated: new Date(entry.updated),
    }));
    // Parts that were closed by an earlier version do not say whose words they have.
    const copies = frozen.map(({ storyId, itemId }: ClosedWords) => ({ storyId, itemId: itemId ?? null }));
    const standing = await this.archives.standing(copies);
    const entries = frozen.flatMap((entry) => {
      const copy = standing.get(entry.storyId);
      if (copy === undefined || copyStanding(copy.rights, copy, now).shows === 'nothing') return [];
      const { rights } = copy;
      return [
        {
          ...entry,
          content: shownContent(rights, entry.content),
          rights: plainLine(rights.attribution ?? '') || entry.rights,
        },
      ];
    });
    const untouched =
      entries.length === frozen.length &&
      entries.every(
        ({ content, rights }, index) => content === frozen[index]?.content && rights === frozen[index].rights,
      );
    const closedAt = untouched ? monthEnd(new Date(closed.month)) : undefined;
    return { entries, closedAt, previous: previousOf(closed, period) };
  }

  private async monthBefore(selection: StorySelection, until: Date): Promise<ArchivePeriod | undefined> {
    const within = { kind: 'within', selection: byAge(selection), from: BEFORE_ALL, until } as const;
    const at = await this.stories.newestAt(within);
    return at && { month: at.toISOString().slice(0, 7), part: 1 };
  }
}

function previousOf(
  { nextStory, previousMonth }: ClosedPart,
  { month, part }: ArchivePeriod,
): ArchivedPart['previous'] {
  if (nextStory !== null) return { month, part: part + 1 };
  return previousMonth === null ? undefined : { month: previousMonth.slice(0, 7), part: 1 };
}

/** Months go by when stories were published, however the feed itself is ordered. */
function byAge(selection: StorySelection): StorySelection {
  return selection.kind === 'channel' ? { kind: 'channel', id: selection.id } : selection;
}

function isOpen({ month }: ArchivePeriod, now: Date): boolean {
  return monthEnd(new Date(`${month}-01`)).getTime() + LEFT_OPEN_MS > now.getTime();
}

function monthStart(date: Date): Date {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth()));
}

function monthEnd(date: Date): Date {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1));
}
