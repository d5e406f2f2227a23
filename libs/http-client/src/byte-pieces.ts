/** Keeps bytes as they come: a sender of one byte at a time must not cost us an object, and the buffer it was read into, for each. */

const EMPTY = Buffer.alloc(0);
/** So many pieces are joined into one: the bytes are copied out of the buffers that they were read into. */
const JOIN_AT = 256;

export class BytePieces {
  length = 0;
  private readonly joined: Buffer[] = [];
  private pieces: Buffer[] = [];

  /** What holds the bytes (tests). */
  get held(): readonly Buffer[] {
    return [...this.joined, ...this.pieces];
  }

  add(piece: Buffer): void {
    this.length += piece.length;
    if (this.pieces.push(piece) < JOIN_AT) return;
    this.joined.push(Buffer.concat(this.pieces));
    this.pieces = [];
  }

  /** All of it. */
  bytes(): Buffer {
    return this.length === 0 ? EMPTY : Buffer.concat(this.held, this.length);
  }
}
