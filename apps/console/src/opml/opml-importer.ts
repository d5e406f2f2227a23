/** Imports lists of feeds in the background: a batch a transaction, a report a line, safe to repeat. */
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { Metrics } from '#observability/metrics.js';
import { FeedImportRepository, type ImportedLine, type ListedFeed } from '#storage/feed-import.repository.js';
import { ImportRepository } from '#storage/import.repository.js';
import { DemoEnd } from '../api/demo-end.js';
import { readOutline } from './listed-feed.js';
import { OpmlScanner, type Outline, UnreadableOpmlError } from './opml-scanner.js';
import type { UploadSpool } from './upload-spool.js';

/** Feeds of one statement. */
const BATCH = 500;
/** New feeds of a list are first fetched so many a second, in its order. */
const FIRST_FETCHES_PER_SECOND = 20;
const AT_ONCE = 2;

interface Entry {
  position: number;
  line: number;
  reading: NonNullable<ReturnType<typeof readOutline>>;
}

@Injectable()
export class OpmlImporter implements BeforeApplicationShutdown {
  private readonly logger = new Logger(OpmlImporter.name);
  private readonly running = new Set<Promise<void>>();
  private readonly lines;
  private ending = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly imports: ImportRepository,
    private readonly feeds: FeedImportRepository,
    private readonly demoEnd: DemoEnd,
    metrics: Metrics,
  ) {
    this.lines = metrics.counter('dateline_imports_lines_total', 'Lines of imported lists by outcome', ['outcome']);
  }

  /** Whether another import may begin: two at once keep a process busy. */
  get hasRoom(): boolean {
    return this.running.size < AT_ONCE && !this.ending;
  }

  /** Begins to import; `done` resolves when it has ended, however. Takes over `spool` and closes it. */
  async start(spool: UploadSpool): Promise<{ id: string; done: Promise<void> }> {
    const id = await this.imports.start(spool.bytes).catch(async (error: unknown) => {
      await spool.close();
      throw error;
    });
    const done = this.run(id, spool).finally(() => this.running.delete(done));
    this.running.add(done);
    return { id, done };
  }

  /** A batch under way is finished; the rest is left to whoever imports the list again. */
  async beforeApplicationShutdown(): Promise<void> {
    this.ending = true;
    await Promise.all(this.running);
  }

  /** Never throws: how it ended is in the import. */
  private async run(id: string, spool: UploadSpool): Promise<void> {
    try {
      await this.importAll(id, spool);
      await this.imports.end(id, 'done', null);
    } catch (error) {
      const { status, message } = ending(error);
      if (status === 'interrupted') this.logger.warn({ msg: 'an import was interrupted', id, error: String(error) });
      // Without Postgres it cannot be said; the import's silence will say it.
      await this.imports.end(id, status, message).catch(() => undefined);
    } finally {
      await spool.close().catch(() => undefined);
    }
  }

  private async importAll(id: string, spool: UploadSpool): Promise<void> {
    const entries: Entry[] = [];
    let position = 0;
    let unreadable: Error | undefined;
    const take = (outline: Outline): void => {
      const reading = readOutline(outline);
      if (reading !== null) entries.push({ position: ++position, line: outline.line, reading });
    };
    const scanner = new OpmlScanner(take);
    for await (const { text, bytesRead, isLast } of spool.text()) {
      try {
        scanner.push(text);
        if (isLast) scanner.end();
      } catch (error) {
        // What stands before the mistake is imported all the same.
        unreadable = error as Error;
      }
      while (entries.length >= BATCH) await this.write(id, entries.splice(0, BATCH), bytesRead, scanner.title);
      if (unreadable !== undefined) break;
    }
    await this.write(id, entries, spool.bytes, scanner.title);
    if (unreadable !== undefined) throw unreadable;
    if (position === 0) throw new UnreadableOpmlError('The list holds no feed: no outline has an xmlUrl.');
  }

  private async write(id: string, entries: Entry[], bytesRead: number, title: string | null): Promise<void> {
    if (this.ending) throw new Error('the process ends');
    const feeds = new Map<string, ListedFeed>();
    for (const { position, reading } of entries)
      if ('feed' in reading && !feeds.has(reading.feed.url))
        feeds.set(reading.feed.url, { ...reading.feed, dueIn: position / FIRST_FETCHES_PER_SECOND });
    const newsSince = new Date(Date.now() - this.config.newsWindowSeconds * 1_000);
    const batch = { feeds: [...feeds.values()], newsSince, bytesRead, title };
    let reports: ImportedLine[] = [];
    await this.feeds.addBatch(id, batch, (placed) => {
      const reported = new Set<string>();
      reports = entries.map((entry) => report(entry, placed, reported));
      return reports;
    });
    for (const { outcome } of reports) this.lines.inc({ outcome });
    if (feeds.size > 0) await this.demoEnd.begin();
  }
}

function report(
  { position, line, reading }: Entry,
  placed: Parameters<Parameters<FeedImportRepository['addBatch']>[2]>[0],
  reported: Set<string>,
): ImportedLine {
  if ('complaint' in reading) {
    const { complaint, url, title } = reading;
    return { position, line, outcome: 'failed', url, title, feed_id: null, reason: complaint };
  }
  const { url, title } = reading.feed;
  const found = placed.get(url);
  if (found === undefined)
    return { position, line, outcome: 'failed', url, title, feed_id: null, reason: 'no free name for its partner' };
  const isRepeat = reported.has(url);
  reported.add(url);
  const facts = { position, line, url, title, feed_id: found.feedId };
  if (found.added && !isRepeat) return { ...facts, outcome: 'added', reason: null };
  return { ...facts, outcome: 'already-here', reason: whyHere(found.status, found.added) };
}

function whyHere(status: string, addedJustNow: boolean): string | null {
  if (addedJustNow) return 'it stands in the list before';
  return status === 'retired' ? 'it is retired; add it by itself to bring it back' : null;
}

function ending(error: unknown): { status: 'failed' | 'interrupted'; message: string } {
  if (error instanceof UnreadableOpmlError) return { status: 'failed', message: error.message };
  const reason = error instanceof Error ? error.message : String(error);
  return {
    status: 'interrupted',
    message: `${reason}. Import the same list again: what is here already is left alone.`,
  };
}
