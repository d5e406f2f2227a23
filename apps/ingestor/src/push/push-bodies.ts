/** Takes in what hubs send: each body within a limit and a deadline, all of them together within a memory budget. */
import type { Readable } from 'node:stream';
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

export class PushBodies {
  private held = 0;

  /** `budget`: bytes of all bodies that have been taken in and not given up by their taker. */
  constructor(private readonly budget: number) {}

  /** Hands the whole body to `use`, and holds its bytes against the budget until that is done. @throws {BodyRefused} */
  async withBody<T>(stream: Readable, limits: BodyLimits, use: (body: Buffer) => Promise<T>): Promise<T> {
    const account = { bytes: 0 };
    try {
      return await use(await this.read(stream, limits, account));
    } finally {
      this.held -= account.bytes;
    }
  }

  private read(stream: Readable, { maxBytes, deadlineMs }: BodyLimits, account: { bytes: number }): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const pieces = new BytePieces();
      const end = (settle: () => void) => {
        clearTimeout(timer);
        stream.off('data', onData).off('end', onEnd).off('close', onCut).off('error', onCut);
        // Whatever it still says, nobody listens.
        stream.on('error', () => undefined);
        settle();
      };
      const refuse = (trouble: BodyTrouble) => end(() => reject(new BodyRefused(trouble)));
      const onData = (chunk: Buffer) => {
        if (account.bytes + chunk.length > maxBytes) return refuse('too-large');
        if (this.held + chunk.length > this.budget) return refuse('busy');
        pieces.add(chunk);
        account.bytes += chunk.length;
        this.held += chunk.length;
      };
      const onEnd = () => end(() => resolve(pieces.bytes()));
      const onCut = () => refuse('cut');
      const timer = setTimeout(() => refuse('late'), deadlineMs);
      stream.on('data', onData).on('end', onEnd).on('close', onCut).on('error', onCut);
    });
  }
}
