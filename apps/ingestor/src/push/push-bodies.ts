/** Takes in what hubs send: each body within a limit and a deadline, all of them together within a memory budget. */
import type { Readable } from 'node:stream';
import { type ByteAccount, ByteBudget } from '#http-client/byte-budget.js';
import { BytePieces } from '#http-client/byte-pieces.js';

export type BodyTrouble = 'too-large' | 'late' | 'busy' | 'cut';

/** Why a body was not taken in. */
export class BodyRefused extends Error {
  constructor(readonly trouble: BodyTrouble) {
    super(`the pushed document was not taken in: ${trouble}`);
  }
}

export interface BodyLimits {
  maxBytes: number;
  deadlineMs: number;
}

/** A body that is still coming in. */
interface Arrival {
  since: number;
  giveUp: () => void;
}

export class PushBodies {
  private readonly budget;
  /** The oldest first. */
  private readonly arrivals = new Set<Arrival>();

  /** `bytes` of all bodies, and what is made of them, until their takers are done. */
  constructor(bytes: number) {
    this.budget = new ByteBudget(bytes);
  }

  /**
   * Hands the whole body to `use`, and holds its bytes against the budget until that is done; what else `use` takes into the
   * memory for it is to be counted in `memory`. @throws {BodyRefused}
   */
  async withBody<T>(
    stream: Readable,
    limits: BodyLimits,
    use: (body: Buffer, memory: ByteAccount) => Promise<T>,
  ): Promise<T> {
    const memory = this.budget.open();
    try {
      return await use(await this.read(stream, limits, memory), memory);
    } finally {
      memory.close();
    }
  }

  /** Refuses the body that has been coming in the longest as busy, if that is longer than `graceMs`. Answers whether there was one. */
  giveWay(graceMs: number): boolean {
    const [oldest] = this.arrivals;
    if (oldest === undefined || performance.now() - oldest.since < graceMs) return false;
    oldest.giveUp();
    return true;
  }

  private read(stream: Readable, { maxBytes, deadlineMs }: BodyLimits, memory: ByteAccount): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const pieces = new BytePieces();
      const end = (settle: () => void) => {
        this.arrivals.delete(arrival);
        clearTimeout(timer);
        stream.off('data', onData).off('end', onEnd).off('close', onCut).off('error', onCut);
        // Whatever it still says, nobody listens.
        stream.on('error', () => undefined);
        settle();
      };
      const refuse = (trouble: BodyTrouble) => end(() => reject(new BodyRefused(trouble)));
      const onData = (chunk: Buffer) => {
        if (pieces.length + chunk.length > maxBytes) return refuse('too-large');
        // A hub sends it again: that is easier than to wait, with its connection open.
        if (!memory.take(chunk.length)) return refuse('busy');
        pieces.add(chunk);
      };
      const onEnd = () => end(() => resolve(pieces.bytes()));
      const onCut = () => refuse('cut');
      const arrival: Arrival = { since: performance.now(), giveUp: () => refuse('busy') };
      const timer = setTimeout(() => refuse('late'), deadlineMs);
      // The sender may have left before it was listened to: nothing more would be said of it.
      if (stream.destroyed) return refuse('cut');
      this.arrivals.add(arrival);
      stream.on('data', onData).on('end', onEnd).on('close', onCut).on('error', onCut);
    });
  }
}
