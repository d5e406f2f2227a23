/** Reads partners' documents in worker threads, so that no document can stop, swell or crash the process. */
import type { OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';

import { type ParsedDocument } from '#contracts/parsed-feed.js';

import { type ParseAnswer, type ParseTask } from './parse.thread.js';
import { PARSE_THREAD_FILE } from './parse-thread-file.js';
import { type DocumentOrigin, refuseTooLarge } from './read-feed.js';
import { UnreadableFeedError } from './unreadable-feed-error.js';

const THREADS = 2;
/** Time that one document may take, once a thread has it. */
const DEADLINE_MS = 2_000;
/** A thread that has just been started loads its modules first, at worst on a busy machine. */
const COLD_START_MS = 5_000;
const MAX_WAITING = 1_000;
const MEMORY_MB = 256;

/** A document to parse, and the signal that says nobody wants it any more. */
export interface ParseInput extends DocumentOrigin {
  bytes: Uint8Array;
  /** Whether `summary` and `content` come back sanitised; by default they come as the partner wrote them. */
  sanitise?: boolean;
  signal?: AbortSignal | undefined;
}

export class DocumentParser implements OnApplicationShutdown {
  private pool: Piscina<ParseTask, ParseAnswer> | undefined;
  private free = THREADS;
  private readonly waiting: (() => void)[] = [];
  private stopped = false;
  /** Documents read since the last thread was started: until each thread has read one, it may be cold. */
  private readSinceStart = 0;

  /**
   * The document as a feed. Throws UnreadableFeedError with a sentence for the partner: no feed, too large, too slow
   * (more than 2 s), too much memory (256 MB); or with code `busy`, `stopped` or `aborted`, which are not the partner's fault.
   */
  async parse(input: ParseInput): Promise<ParsedDocument> {
    await this.takeThread();
    try {
      if (this.stopped)
        throw new UnreadableFeedError('stopped', 'The reader was shut down before the document was read.');
      return await this.run(input);
    } finally {
      this.leaveThread();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    for (const next of this.waiting.splice(0)) next();
    await this.pool?.destroy();
    this.pool = undefined;
  }

  /** Waits for a thread here and not in the pool's queue, where the deadline would already run. */
  private async takeThread(): Promise<void> {
    if (this.free > 0) this.free--;
    else if (this.waiting.length < MAX_WAITING) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else throw new UnreadableFeedError('busy', 'Too many documents wait to be read; this one is read later.');
  }

  /** To the next in line, so that nobody who comes meanwhile takes it too: the one too many would spend its time in the pool. */
  private leaveThread(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free++;
  }

  private async run({ bytes, sanitise = false, signal, ...origin }: ParseInput): Promise<ParsedDocument> {
    if (signal?.aborted) throw new UnreadableFeedError('aborted', 'The document is not wanted any more.');
    refuseTooLarge(bytes);
    // A copy of its own can be handed over; the caller keeps its bytes.
    const own = Uint8Array.from(bytes);
    const cold = this.readSinceStart < THREADS;
    const deadline = AbortSignal.timeout(DEADLINE_MS + (cold ? COLD_START_MS : 0));
    const stop = signal ? AbortSignal.any([signal, deadline]) : deadline;
    let answer: ParseAnswer;
    try {
      answer = await this.startedPool().run(
        { bytes: own, origin, sanitise },
        { signal: stop, transferList: [own.buffer] },
      );
      this.readSinceStart++;
    } catch (error) {
      this.readSinceStart = 0;
      throw this.explain(error, deadline.aborted, signal?.aborted ?? false);
    }
    if ('document' in answer) return answer.document;
    throw new UnreadableFeedError(answer.error.code, answer.error.message);
  }

  private startedPool(): Piscina<ParseTask, ParseAnswer> {
    if (this.pool) return this.pool;
    this.pool = new Piscina<ParseTask, ParseAnswer>({
      filename: PARSE_THREAD_FILE,
      minThreads: 1,
      maxThreads: THREADS,
      idleTimeout: 60_000,
      // Waking an idle thread by its event loop instead of Atomics.wait lets it collect garbage and be terminated.
      atomics: 'disabled',
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB, stackSizeMb: 8 },
    });
    // A thread that dies without a task reports here; the next document starts a new one.
    this.pool.on('error', () => undefined);
    return this.pool;
  }

  /** The pool's own errors (a thread ended by deadline, by memory or by us), in our words. */
  private explain(error: unknown, late: boolean, unwanted: boolean): UnreadableFeedError {
    if (this.stopped)
      return new UnreadableFeedError('stopped', 'The reader was shut down before the document was read.');
    if (unwanted) return new UnreadableFeedError('aborted', 'The document is not wanted any more.');
    if (late)
      return new UnreadableFeedError('too-slow', `Reading the document took more than ${DEADLINE_MS / 1000} seconds.`);
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
      return new UnreadableFeedError(
        'too-much-memory',
        `Reading the document needs more than ${MEMORY_MB} MB of memory.`,
      );
    }
    const reason = error instanceof Error ? error.message : String(error);
    return new UnreadableFeedError('reader-failed', `The document could not be read: ${reason}.`);
  }
}
