/** One bound for the bytes of many bodies that are in hand at once: who finds no room pauses, and the first in line always gets on. */

/** About as much as a socket hands over at once: what whoever goes on takes before it may have to pause again. */
const READ = 65_536;
/** Of the limit, what is kept for small accounts where there are such. */
const FOR_SMALL_ONES = 0.25;

/**
 * Bytes are counted as they come, so what has arrived is always counted. Whoever goes beyond the limit pauses; only one account
 * at a time goes on all the same, until it is closed: half-read bodies that wait for each other would wait for ever. So the
 * bound is the limit, what one account takes, and a read of each that paused. A part of it is for accounts that hold no more than
 * `small`, if that is given: a few large bodies that come slowly do not keep the many small ones waiting.
 */
export class ByteBudget {
  private sum = 0;
  private paused = 0;
  private first: ByteAccount | undefined;
  /** Who waits for room, in the order of coming. */
  private readonly line = new Set<ByteAccount>();

  constructor(
    readonly limit: number,
    private readonly small = 0,
  ) {}

  /** Bytes in hand. */
  get held(): number {
    return this.sum;
  }

  /** How often somebody had to pause, since the start. */
  get pauses(): number {
    return this.paused;
  }

  /** For one document and what belongs to it; to be closed when it is out of hand. */
  open(): ByteAccount {
    return new ByteAccount({
      add: (account, bytes) => {
        this.sum += bytes;
        const hasRoom = this.sum <= this.limitOf(account);
        if (!hasRoom) this.first ??= account;
        return hasRoom || this.first === account;
      },
      wait: (account) => {
        this.paused++;
        this.line.add(account);
        this.proceed();
      },
      leave: (account) => void this.line.delete(account),
      give: (account, bytes, isClosed) => {
        this.sum -= bytes;
        if (isClosed && this.first === account) this.first = undefined;
        this.proceed();
      },
    });
  }

  private proceed(): void {
    let { sum } = this;
    for (const account of this.line) {
      const hasRoom = sum + READ <= this.limitOf(account);
      // Those behind it may be small.
      if (!hasRoom && (this.first ?? account) !== account) continue;
      if (!hasRoom) this.first = account;
      sum += READ;
      this.line.delete(account);
      // Not within the call of whoever made room: going on reads from a socket at once.
      queueMicrotask(() => account.goOn());
    }
  }

  private limitOf({ bytes }: ByteAccount): number {
    return this.small === 0 || bytes <= this.small ? this.limit : this.limit * (1 - FOR_SMALL_ONES);
  }
}

interface Book {
  add: (account: ByteAccount, bytes: number) => boolean;
  wait: (account: ByteAccount) => void;
  leave: (account: ByteAccount) => void;
  give: (account: ByteAccount, bytes: number, isClosed: boolean) => void;
}

/** What one document holds of a budget. */
export class ByteAccount {
  private held = 0;
  private waited = 0;
  private waitsSince = 0;
  private go: (() => void) | undefined;
  private isClosed = false;

  constructor(private readonly book: Book) {}

  get bytes(): number {
    return this.held;
  }

  get isWaiting(): boolean {
    return this.go !== undefined;
  }

  /** How long it has waited for room, all together. */
  get waitedMs(): number {
    return this.waited + (this.isWaiting ? performance.now() - this.waitsSince : 0);
  }

  /** Counts bytes that have come. False: there is no room for more; `whenRoom` tells when there is. */
  take(bytes: number): boolean {
    if (this.isClosed) return true;
    this.held += bytes;
    return this.book.add(this, bytes);
  }

  /** Calls `go`, once and not at once, when more may be taken; never after `stopWaiting` or `close`. */
  whenRoom(go: () => void): void {
    if (this.isClosed) return;
    this.stopWaiting();
    this.waitsSince = performance.now();
    this.go = go;
    this.book.wait(this);
  }

  /** Its turn has come; it may have left the line since it was called. */
  goOn(): void {
    const { go } = this;
    this.stopWaiting();
    go?.();
  }

  stopWaiting(): void {
    this.waited = this.waitedMs;
    this.go = undefined;
    this.book.leave(this);
  }

  /** Of what it holds, these bytes are out of hand. */
  giveBack(bytes: number): void {
    if (this.isClosed) return;
    this.held -= bytes;
    this.book.give(this, bytes, false);
  }

  /** Everything is out of hand. Whatever still comes is not counted. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.stopWaiting();
    this.book.give(this, this.held, true);
    this.held = 0;
  }
}
